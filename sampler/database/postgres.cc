#include "database/postgres.h"

#include <string>
#include <system_error>
#include <utility>

#include "database/connect.h"
#include "database/conninfo.h"
#include "database/postgres_session.h"

namespace tidegauge {
namespace {

class Postgres : public Database {
 public:
  Postgres(const DatabaseConfig& config, std::string directory, Watchdog& watchdog)
      : config_(std::make_shared<const DatabaseConfig>(config)),
        directory_(std::move(directory)),
        watchdog_(watchdog) {}

  const std::string& name() const override { return config_->name; }

  std::unique_ptr<Session> Connect(std::chrono::steady_clock::time_point deadline) override {
    const ConnectOptions options = ReadConnectOptions(*config_, directory_);
    UniqueConnection connection =
        OpenConnection(config_->name, options, deadline, [this] { return registry_->shut_down(); });
    try {
      return std::make_unique<PostgresSession>(config_, registry_, watchdog_, std::move(connection),
                                               deadline);
    } catch (const DatabaseError& error) {
      // Whatever went wrong, there is no session: it counts as a failed connect.
      Failure failure = error.failure();
      if (failure.reason == Reason::kCancelled) throw;
      const bool silent = failure.reason == Reason::kTimeout;
      failure.reason = Reason::kConnect;
      failure.message =
          "database '" + config_->name + "': cannot connect: " +
          (silent ? "connected, but the server then gave no answer in time" : failure.message);
      throw DatabaseError(std::move(failure), true);
    } catch (const std::system_error& error) {
      throw DatabaseError({Reason::kConnect,
                           "database '" + config_->name + "': " + error.what() +
                               "; raise the limit of open files (ulimit -n)",
                           ""},
                          true);
    }
  }

  void Shutdown() override { registry_->Shutdown(); }

 private:
  // Constant after construction; sessions share the first two.
  const std::shared_ptr<const DatabaseConfig> config_;
  const std::shared_ptr<SessionRegistry> registry_ = std::make_shared<SessionRegistry>();
  const std::string directory_;
  Watchdog& watchdog_;
};

}  // namespace

std::unique_ptr<Database> MakePostgres(const DatabaseConfig& config, const std::string& directory,
                                       Watchdog& watchdog) {
  return std::make_unique<Postgres>(config, directory, watchdog);
}

}  // namespace tidegauge
