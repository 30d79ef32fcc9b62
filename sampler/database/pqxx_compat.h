// Where libpqxx 6.4 (Debian 12) and 7.10 (Debian 13) differ, and nothing else.
//
// We connect by libpq ourselves, since neither version keeps a deadline while it connects, and give
// the open connection to libpqxx. libpqxx 6.4 would reconnect in silence where a connection is
// lost, without our settings: here it cannot, it has no options to reconnect with.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <pqxx/pqxx>
#include <string>

namespace tidegauge {

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using UniqueConnection = std::unique_ptr<PGconn, CloseConnection>;

// An open connection in libpqxx's hands. Belongs to one thread at a time.
class PqxxConnection {
 public:
  explicit PqxxConnection(UniqueConnection connection);
  ~PqxxConnection();
  PqxxConnection(const PqxxConnection&) = delete;
  PqxxConnection& operator=(const PqxxConnection&) = delete;

  // One or more statements by the simple protocol, as one message; the last one's result.
  pqxx::result ExecSimple(const std::string& sql);
  // One statement by the extended protocol without a named prepared statement, as one message.
  pqxx::result ExecExtended(const std::string& sql);

  // Valid as long as this object, whatever was thrown.
  const PGconn* raw() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegauge
