#include "database/pqxx_compat.h"

#include <utility>

namespace tidegauge {

#if PQXX_VERSION_MAJOR >= 7

struct PqxxConnection::Impl {
  explicit Impl(UniqueConnection handle)
      : raw(handle.get()), connection(pqxx::connection::seize_raw_connection(handle.release())) {}

  pqxx::result ExecExtended(const std::string& sql) { return work.exec(sql, pqxx::params{}); }

  const PGconn* raw;
  pqxx::connection connection;
  pqxx::nontransaction work{connection};
};

#else

namespace {

// Gives the connection out once. It is ours to close: libpqxx must not, so that raw() stays valid.
class AdoptedConnection : public pqxx::connectionpolicy {
 public:
  explicit AdoptedConnection(PGconn* connection)
      : pqxx::connectionpolicy(std::string()), connection_(connection) {}

  handle do_startconnect(handle current) override {
    if (current != nullptr) return current;
    if (connection_ == nullptr) throw pqxx::broken_connection("the connection was lost");
    return std::exchange(connection_, nullptr);
  }
  handle do_completeconnect(handle current) override { return current; }
  handle do_dropconnect(handle) noexcept override { return nullptr; }
  handle do_disconnect(handle) noexcept override { return nullptr; }
  bool is_ready(handle current) const noexcept override { return current != nullptr; }

 private:
  handle connection_;
};

class Connection : public pqxx::connection_base {
 public:
  explicit Connection(PGconn* connection) : connection_base(policy_), policy_(connection) {
    init();
  }
  ~Connection() { close(); }

 private:
  AdoptedConnection policy_;  // connection_base keeps a reference and uses it from init() on
};

}  // namespace

struct PqxxConnection::Impl {
  explicit Impl(UniqueConnection handle)
      : owner(std::move(handle)), raw(owner.get()), connection(raw) {}

  pqxx::result ExecExtended(const std::string& sql) { return work.exec_params(sql); }

  UniqueConnection owner;
  PGconn* raw;
  Connection connection;
  pqxx::nontransaction work{connection};
};

#endif

PqxxConnection::PqxxConnection(UniqueConnection connection)
    : impl_(std::make_unique<Impl>(std::move(connection))) {}

PqxxConnection::~PqxxConnection() = default;

pqxx::result PqxxConnection::ExecSimple(const std::string& sql) { return impl_->work.exec(sql); }

pqxx::result PqxxConnection::ExecExtended(const std::string& sql) {
  return impl_->ExecExtended(sql);
}

const PGconn* PqxxConnection::raw() const { return impl_->raw; }

}  // namespace tidegauge
