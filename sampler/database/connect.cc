#include "database/connect.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
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

std::string Text(const char* value) { return value != nullptr ? value : ""; }

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

// One call of libpq's, which goes through all hosts and addresses by itself where they refuse.
class Attempt {
 public:
  Attempt(const std::string& database, const ConnectOptions& options)
      : database_(database), timeout_(options.attempt_timeout) {
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : options.values) {
      keywords.push_back(keyword.c_str());
      values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    connection_.reset(PQconnectStartParams(keywords.data(), values.data(), 0));
    if (connection_ == nullptr) Fail("out of memory");
    PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);
    PQsetNoticeReceiver(
        connection_.get(), [](void*, const PGresult*) {}, nullptr);
  }

  // Whether it ended with an open connection.
  bool Run(Clock::time_point deadline, const std::function<bool()>& given_up) {
    const auto started = Clock::now();
    auto state = PQstatus(connection_.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED
                                                               : PGRES_POLLING_WRITING;
    Clock::time_point end;
    while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
      if (TryingAnother()) {
        end = timeout_.count() > 0 ? Clock::now() + timeout_ : Clock::time_point::max();
      }
      switch (WaitForSocket(PQsocket(connection_.get()), state == PGRES_POLLING_READING, end,
                            deadline, given_up)) {
        case Wait::kReady:
          break;
        case Wait::kAttemptOver:
          // Where this breaks off a TCP handshake, libpq goes on to the next address.
          timed_out_ = true;
          shutdown(PQsocket(connection_.get()), SHUT_RDWR);
          end = Clock::now() + timeout_;
          break;
        case Wait::kDeadline:
          Fail("no connection within " +
               FormatDuration(std::chrono::round<std::chrono::milliseconds>(deadline - started)) +
               "; see that host and port are right and that no firewall drops packets");
        case Wait::kGivenUp:
          throw DatabaseError(ExplainShutdown(), true);
      }
      state = PQconnectPoll(connection_.get());
    }
    return state == PGRES_POLLING_OK;
  }

  [[noreturn]] void FailByLibpq() {
    const char* text = PQerrorMessage(connection_.get());
    const std::optional<ServerError> error = ParseServerError(text, "");
    Fail((timed_out_ ? "no answer within connect_timeout (" + FormatDuration(timeout_) + "); "
                     : std::string()) +
             ConnectErrorText(text, Secrets(connection_.get())),
         error ? error->sqlstate : "");
  }

  bool timed_out() const { return timed_out_; }
  const std::string& host() const { return host_; }
  const std::string& port() const { return port_; }
  UniqueConnection Take() { return std::move(connection_); }

 private:
  [[noreturn]] void Fail(const std::string& why, const std::string& sqlstate = "") {
    throw DatabaseError(
        {Reason::kConnect, "database '" + database_ + "': cannot connect: " + why, sqlstate}, true);
  }

  bool TryingAnother() {
    const std::string host = Text(PQhost(connection_.get()));
    const std::string address = Text(PQhostaddr(connection_.get()));
    const std::string port = Text(PQport(connection_.get()));
    const bool first = !std::exchange(tried_, true);
    if (!first && host == host_ && address == address_ && port == port_) return false;
    host_ = host;
    address_ = address;
    port_ = port;
    return true;
  }

  const std::string& database_;
  const std::chrono::milliseconds timeout_;
  UniqueConnection connection_;
  bool tried_ = false;
  bool timed_out_ = false;  // connect_timeout passed on the way
  std::string host_;        // what libpq is trying
  std::string address_;
  std::string port_;
};

}  // namespace

UniqueConnection OpenConnection(const std::string& database, ConnectOptions options,
                                Clock::time_point deadline, const std::function<bool()>& given_up) {
  while (true) {
    Attempt attempt(database, options);
    if (attempt.Run(deadline, given_up)) return attempt.Take();
    // A host that took the connection and then said nothing ends libpq's own round of the hosts.
    const bool more = attempt.timed_out() && DropHost(options, attempt.host(), attempt.port());
    if (!more) attempt.FailByLibpq();
  }
}

}  // namespace tidegauge
