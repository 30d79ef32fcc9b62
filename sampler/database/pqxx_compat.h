// Where libpqxx 6.4 (Debian 12) and 7.10 (Debian 13) differ, and nothing else.
//
// We connect by libpq ourselves, since neither version keeps a deadline while it connects. 7.10
// then takes the open connection over. 6.4 cannot, and its own way to run a statement will not do:
// where the connection is lost it reconnects in silence, without our settings, and forgets to free
// a result (2 KB each time, and a server may hang for a weekend). With 6.4 libpq runs the
// statement, and libpqxx' result and exceptions carry what comes of it.
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

// An open connection. Belongs to one thread at a time. A result may outlive it.
class PqxxConnection {
 public:
  explicit PqxxConnection(UniqueConnection connection);
  ~PqxxConnection();
  PqxxConnection(const PqxxConnection&) = delete;
  PqxxConnection& operator=(const PqxxConnection&) = delete;

  // One or more statements by the simple protocol, as one message; the last one's result. Throws
  // libpqxx' exceptions.
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
