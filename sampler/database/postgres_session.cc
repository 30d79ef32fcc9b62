#include "database/postgres_session.h"

#include <charconv>
#include <exception>
#include <utility>

#include "database/begin_message.h"
#include "database/role.h"
#include "database/server_error.h"
#include "database/types.h"

namespace tidegauge {
namespace {

using Clock = std::chrono::steady_clock;

// libpq's own buffer, not copied: freed with this object.
class ResultRows : public Rows {
 public:
  explicit ResultRows(const pqxx::result& result) : result_(result) {}

  std::size_t size() const override { return static_cast<std::size_t>(result_.size()); }

  std::optional<std::string_view> Get(std::size_t row, std::size_t column) const override {
    const pqxx::field field = result_[static_cast<pqxx::result::size_type>(row)]
                                     [static_cast<pqxx::row::size_type>(column)];
    if (field.is_null()) return std::nullopt;
    return std::string_view(field.c_str(), field.size());
  }

  std::uint32_t TypeOid(std::size_t column) const override {
    return result_.column_type(static_cast<pqxx::row::size_type>(column));
  }

 private:
  pqxx::result result_;
};

std::string Text(const pqxx::field& field) { return field.is_null() ? "" : field.c_str(); }

}  // namespace

void SessionRegistry::Shutdown() {
  std::lock_guard lock(mutex_);
  shut_down_ = true;
  for (Watchdog::Guard* guard : guards_) guard->Cut();
}

void SessionRegistry::Add(Watchdog::Guard& guard) {
  std::lock_guard lock(mutex_);
  guards_.insert(&guard);
  if (shut_down_) guard.Cut();
}

void SessionRegistry::Remove(Watchdog::Guard& guard) {
  std::lock_guard lock(mutex_);
  guards_.erase(&guard);
}

PostgresSession::PostgresSession(std::shared_ptr<const DatabaseConfig> config,
                                 std::shared_ptr<SessionRegistry> registry, Watchdog& watchdog,
                                 UniqueConnection connection, Clock::time_point deadline)
    : config_(std::move(config)),
      registry_(std::move(registry)),
      guard_(watchdog, PQsocket(connection.get())),
      connection_(std::move(connection)) {
  registry_->Add(guard_);
  try {
    info_.server_version = PQserverVersion(connection_.raw());
    info_.role = PQuser(connection_.raw());
    connection_check_ = info_.server_version >= 140000;
    LookAtRole(deadline);
  } catch (...) {
    registry_->Remove(guard_);
    throw;
  }
}

PostgresSession::~PostgresSession() { registry_->Remove(guard_); }

void PostgresSession::LookAtRole(Clock::time_point deadline) {
  guard_.Arm(deadline);
  try {
    const pqxx::result result = Call(&PqxxConnection::ExecSimple, RoleMessage());
    if (result.size() == 1) {
      FillRole(Text(result[0][0]), Text(result[0][1]) == "t", Text(result[0][2]), info_);
    }
  } catch (const DatabaseError& error) {
    // What the server refuses or takes too long for is not worth the session.
    if (error.session_lost()) throw;
  }
  Rollback();
}

void PostgresSession::ThrowIfCut() const {
  if (registry_->shut_down()) throw DatabaseError(ExplainShutdown(), true);
  if (guard_.fired()) {
    throw DatabaseError(ExplainLostConnection("it was cut off after the call before"), true);
  }
}

void PostgresSession::Begin(const TransactionOptions& options, Clock::time_point deadline) {
  ThrowIfCut();
  transaction_ = options;
  guard_.Arm(deadline);
  beginning_ = true;
  while (true) {
    try {
      Call(&PqxxConnection::ExecSimple, BeginMessage(*config_, options, connection_check_));
      beginning_ = false;
      return;
    } catch (const DatabaseError& error) {
      beginning_ = false;
      if (error.session_lost()) throw;
      Rollback();
      // The message names the setting in every language. Some platforms refuse to set it.
      const bool refused =
          connection_check_ &&
          error.failure().message.find("client_connection_check_interval") != std::string::npos;
      if (!refused) throw;
      connection_check_ = false;
      guard_.Arm(deadline);
      beginning_ = true;
    }
  }
}

std::vector<Column> PostgresSession::Describe(const std::string& sql) {
  const pqxx::result result = Call(&PqxxConnection::ExecExtended, sql);
  std::vector<Column> columns;
  std::vector<std::uint32_t> unknown;
  for (pqxx::row::size_type i = 0; i < result.columns(); ++i) {
    Column column;
    column.name = result.column_name(i);
    column.type_oid = result.column_type(i);
    if (const KnownType* known = FindKnownType(column.type_oid); known != nullptr) {
      column.type = known->type;
      column.type_name = known->name;
    } else {
      unknown.push_back(column.type_oid);
    }
    columns.push_back(std::move(column));
  }
  if (unknown.empty()) return columns;

  const pqxx::result types = Call(&PqxxConnection::ExecExtended, TypeLookup(unknown));
  for (const pqxx::row type : types) {
    for (Column& column : columns) {
      if (std::to_string(column.type_oid) != type[0].c_str()) continue;
      column.type = ClassifyType(type[1].c_str(), type[2].c_str());
      column.type_name = type[3].c_str();
    }
  }
  return columns;
}

std::unique_ptr<Rows> PostgresSession::Fetch(const std::string& sql) {
  return std::make_unique<ResultRows>(Call(&PqxxConnection::ExecExtended, sql));
}

double PostgresSession::EstimateCost(const std::string& sql) {
  // The first line is the whole plan: "Limit  (cost=0.00..35.50 rows=2550 width=4)".
  const pqxx::result plan = Call(&PqxxConnection::ExecExtended, "EXPLAIN " + sql);
  const std::string top = plan.empty() ? "" : Text(plan[0][0]);
  const std::size_t from = top.find("(cost=");
  const std::size_t dots = from == std::string::npos ? from : top.find("..", from);
  double cost = 0;
  if (dots != std::string::npos) {
    std::from_chars(top.data() + dots + 2, top.data() + top.size(), cost);
  }
  return cost;
}

void PostgresSession::Rollback() {
  if (PQtransactionStatus(connection_.raw()) != PQTRANS_IDLE) {
    Call(&PqxxConnection::ExecSimple, "ROLLBACK");
  }
  guard_.Disarm();
}

void PostgresSession::Probe(Clock::time_point deadline) {
  ThrowIfCut();
  transaction_ = TransactionOptions();
  transaction_.statement_timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  guard_.Arm(deadline);
  Call(&PqxxConnection::ExecSimple, "SELECT 1");
  guard_.Disarm();
}

pqxx::result PostgresSession::Call(Exec exec, const std::string& sql) {
  sent_ = Clock::now();
  std::string text;
  try {
    return (connection_.*exec)(sql);
  } catch (const std::exception& error) {
    text = error.what();
  }
  Fail(text, sql);
}

void PostgresSession::Fail(const std::string& text, const std::string& sql) {
  using std::chrono::milliseconds;
  if (registry_->shut_down()) throw DatabaseError(ExplainShutdown(), true);
  CallContext context;
  context.file = transaction_.file;
  context.database = config_->name;
  context.role = info_.role;
  context.sql = sql;
  context.timeout = transaction_.statement_timeout;
  context.elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - sent_);
  context.beginning = beginning_;
  if (guard_.fired()) throw DatabaseError(ExplainCutOff(context), true);

  const bool open = PQstatus(connection_.raw()) == CONNECTION_OK;
  std::optional<ServerError> error = ParseServerError(text, sql);
  if (!error && !open) {
    // libpqxx may put words of its own in place of the server's last ones.
    const std::string last = PQerrorMessage(connection_.raw());
    error = ParseServerError(last, sql);
    if (!error) throw DatabaseError(ExplainLostConnection(last.empty() ? text : last), true);
  }
  if (!error) throw DatabaseError(ExplainLostConnection(text), true);
  Failure failure = ExplainServerError(*error, context);
  // The last word of a server that closed the session, whatever its code (25P03, say).
  if (!open && failure.reason == Reason::kSql) {
    failure = {Reason::kConnect,
               "the server ended the session: " + error->message + " (" + error->sqlstate + ")",
               error->sqlstate};
  }
  const bool lost = !open || failure.reason == Reason::kConnect;
  throw DatabaseError(std::move(failure), lost);
}

}  // namespace tidegauge
