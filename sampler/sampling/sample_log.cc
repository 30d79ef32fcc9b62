#include "sampling/sample_log.h"

#include <cstdint>
#include <cstdio>
#include <random>

#include "runtime/log.h"

namespace tidegauge {
namespace {

constexpr std::chrono::hours kTellAgain{1};

}  // namespace

std::string NewCorrelationId() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(generator()));
  return text;
}

SampleLog::Event SampleLog::Classify(const std::optional<Reason>& failure,
                                     std::chrono::steady_clock::time_point now) {
  if (!failure) {
    const bool was_failing = failing_.has_value();
    failing_.reset();
    return was_failing ? Event::kRecovered : Event::kSuccess;
  }
  if (failing_ == failure && now - told_ < kTellAgain) return Event::kStillFailing;
  failing_ = failure;
  told_ = now;
  return Event::kFailure;
}

void SampleLog::Write(const Target& target, const Outcome& outcome, std::size_t rows,
                      std::chrono::steady_clock::time_point now) {
  std::optional<Reason> reason;
  if (outcome.failure) reason = outcome.failure->reason;
  const Event event = Classify(reason, now);
  LogLevel level = LogLevel::kDebug;
  if (event == Event::kRecovered) level = LogLevel::kInfo;
  if (event == Event::kFailure) level = LogLevel::kWarn;
  if (!LogEnabled(level)) return;

  std::string message = "sampled";
  if (event == Event::kRecovered) message = "sampled again after a failure";
  if (outcome.failure) message = "sample failed: " + outcome.failure->message;
  const std::size_t series = outcome.reading == nullptr ? 0 : outcome.reading->series;
  Log(level, message,
      {{"query", target.query->name},
       {"database", target.database},
       {"outcome", std::string(outcome.failure ? "failure" : "success")},
       {"reason", std::string(reason ? ReasonName(*reason) : "")},
       {"duration_seconds", outcome.duration.count()},
       {"rows", static_cast<std::int64_t>(rows)},
       {"series", static_cast<std::int64_t>(series)},
       {"correlation_id", NewCorrelationId()}});
}

}  // namespace tidegauge
