#include "database/pqxx_compat.h"

#include <utility>

#if PQXX_VERSION_MAJOR < 7
#include <pqxx/internal/callgate.hxx>
#include <pqxx/internal/gates/result-creation.hxx>
#endif

namespace tidegauge {

#if PQXX_VERSION_MAJOR >= 7

struct PqxxConnection::Impl {
  explicit Impl(UniqueConnection handle)
      : raw(handle.get()), connection(pqxx::connection::seize_raw_connection(handle.release())) {}

  pqxx::result ExecSimple(const std::string& sql) { return work.exec(sql); }
  pqxx::result ExecExtended(const std::string& sql) { return work.exec(sql, pqxx::params{}); }

  const PGconn* raw;
  pqxx::connection connection;
  pqxx::nontransaction work{connection};
};

#else

namespace {

// libpqxx 6.4 wraps a result of libpq's by a function that only its own connections may call. An
// explicit instantiation may name it. 6.4 is the last of its line: this cannot change under us.
using WrapFunction = pqxx::result (*)(PGresult*, const std::string&,
                                      pqxx::internal::encoding_group);
WrapFunction Wrap();
template <WrapFunction kFunction>
struct Open {
  friend WrapFunction Wrap() { return kFunction; }
};
template struct Open<&pqxx::internal::gate::result_creation::create>;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};

}  // namespace

struct PqxxConnection::Impl {
  explicit Impl(UniqueConnection handle) : owner(std::move(handle)), raw(owner.get()) {}

  pqxx::result ExecSimple(const std::string& sql) { return Take(PQexec(raw, sql.c_str()), sql); }
  pqxx::result ExecExtended(const std::string& sql) {
    constexpr int kTextFormat = 0;
    return Take(PQexecParams(raw, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, kTextFormat),
                sql);
  }

  pqxx::result Take(PGresult* handle, const std::string& sql) {
    std::unique_ptr<PGresult, ClearResult> result(handle);
    switch (PQresultStatus(result.get())) {
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK:
      case PGRES_EMPTY_QUERY:
        return Wrap()(result.release(), sql, pqxx::internal::encoding_group::UTF8);
      default:
        break;
    }
    if (result == nullptr) throw pqxx::broken_connection(PQerrorMessage(raw));
    throw pqxx::sql_error(PQresultErrorMessage(result.get()), sql,
                          PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
  }

  UniqueConnection owner;
  PGconn* raw;
};

#endif

PqxxConnection::PqxxConnection(UniqueConnection connection)
    : impl_(std::make_unique<Impl>(std::move(connection))) {}

PqxxConnection::~PqxxConnection() = default;

pqxx::result PqxxConnection::ExecSimple(const std::string& sql) { return impl_->ExecSimple(sql); }

pqxx::result PqxxConnection::ExecExtended(const std::string& sql) {
  return impl_->ExecExtended(sql);
}

const PGconn* PqxxConnection::raw() const { return impl_->raw; }

}  // namespace tidegauge
