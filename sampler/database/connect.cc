#include "database/connect.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "database/database.h"
#include "database/explain.h"
#include "gauge/duration.h"

namespace tidegauge {
namespace {

using Clock = std::chrono::steady_clock;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

// Whatever libpq itself would show as stars, from url, environment, service and password files.
std::vector<std::string> Secrets(PGconn* connection) {
  std::vector<std::string> secrets;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfo(connection));
  for (const PQconninfoOption* option = options.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    const bool hidden = std::strcmp(option->dispchar, "*") == 0;
    if (hidden && option->val != nullptr) secrets.emplace_back(option->val);
  }
  if (const char* password = PQpass(connection); password != nullptr)
    secrets.emplace_back(password);
  return secrets;
}

// Which host and address libpq is trying.
std::string Attempt(PGconn* connection) {
  const auto text = [](const char* value) { return std::string(value != nullptr ? value : ""); };
  return text(PQhost(connection)) + " " + text(PQhostaddr(connection)) + " " +
         text(PQport(connection));
}

enum class Wait { kReady, kAttemptOver, kDeadline, kGivenUp };

Wait WaitForSocket(int socket, bool for_reading, Clock::time_point attempt_end,
                   Clock::time_point deadline, const std::function<bool()>& given_up) {
  while (true) {
    if (given_up()) return Wait::kGivenUp;
    const auto now = Clock::now();
    if (now >= deadline) return Wait::kDeadline;
    if (now >= attempt_end) return Wait::kAttemptOver;
    const auto left = std::min(deadline, attempt_end) - now;
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(
        std::min<Clock::duration>(left, std::chrono::milliseconds(100)));
    pollfd event{socket, static_cast<short>(for_reading ? POLLIN : POLLOUT), 0};
    if (poll(&event, 1, static_cast<int>(milliseconds.count())) > 0) return Wait::kReady;
  }
}

}  // namespace

UniqueConnection OpenConnection(const std::string& database, const ConnectOptions& options,
                                Clock::time_point deadline, const std::function<bool()>& given_up) {
  const auto started = Clock::now();
  const auto fail = [&](const std::string& why, const std::string& sqlstate = "") {
    throw DatabaseError(
        {Reason::kConnect, "database '" + database + "': cannot connect: " + why, sqlstate}, true);
  };
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : options.values) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);

  UniqueConnection connection(PQconnectStartParams(keywords.data(), values.data(), 0));
  if (connection == nullptr) fail("out of memory");
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  PQsetNoticeReceiver(
      connection.get(), [](void*, const PGresult*) {}, nullptr);

  std::string timed_out;  // what connect_timeout cut off on the way
  std::string attempt;
  Clock::time_point attempt_end;
  PostgresPollingStatusType state =
      PQstatus(connection.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
    if (const std::string current = Attempt(connection.get());
        attempt != current || attempt_end == Clock::time_point()) {
      attempt = current;
      attempt_end = options.attempt_timeout.count() > 0 ? Clock::now() + options.attempt_timeout
                                                        : Clock::time_point::max();
    }
    switch (WaitForSocket(PQsocket(connection.get()), state == PGRES_POLLING_READING, attempt_end,
                          deadline, given_up)) {
      case Wait::kReady:
        break;
      case Wait::kAttemptOver:
        // libpq goes on to the next address when this one's socket breaks.
        timed_out =
            "no answer within connect_timeout (" + FormatDuration(options.attempt_timeout) + "); ";
        shutdown(PQsocket(connection.get()), SHUT_RDWR);
        attempt_end = Clock::now() + std::chrono::milliseconds(100);
        break;
      case Wait::kDeadline:
        fail("no connection within " +
             FormatDuration(std::chrono::round<std::chrono::milliseconds>(deadline - started)) +
             "; see that host and port are right and that no firewall drops packets");
        break;
      case Wait::kGivenUp:
        throw DatabaseError(ExplainShutdown(), true);
    }
    state = PQconnectPoll(connection.get());
  }
  if (state != PGRES_POLLING_OK) {
    const char* text = PQerrorMessage(connection.get());
    const std::optional<ServerError> error = ParseServerError(text, "");
    fail(timed_out + ConnectErrorText(text, Secrets(connection.get())),
         error ? error->sqlstate : "");
  }
  return connection;
}

}  // namespace tidegauge
