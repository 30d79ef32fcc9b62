#include "sampling/sample_log.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

using namespace std::chrono_literals;
using Event = SampleLog::Event;

TEST(SampleLogTest, TellsAFailureAtItsStartAtChangesHourlyAndAtItsEnd) {
  struct Step {
    const char* name;
    std::chrono::seconds at;
    std::optional<Reason> failure;
    Event event;
  };
  const Step steps[] = {
      {"all well", 0s, std::nullopt, Event::kSuccess},
      {"it starts", 60s, Reason::kTimeout, Event::kFailure},
      {"it goes on", 120s, Reason::kTimeout, Event::kStillFailing},
      {"its reason changes", 180s, Reason::kSql, Event::kFailure},
      {"it goes on", 240s, Reason::kSql, Event::kStillFailing},
      {"just within the hour", 180s + 3599s, Reason::kSql, Event::kStillFailing},
      {"an hour later", 180s + 3600s, Reason::kSql, Event::kFailure},
      {"and not again at once", 180s + 3660s, Reason::kSql, Event::kStillFailing},
      {"it ends", 180s + 3720s, std::nullopt, Event::kRecovered},
      {"all well again", 180s + 3780s, std::nullopt, Event::kSuccess},
      {"it starts again", 180s + 3840s, Reason::kSql, Event::kFailure},
  };
  SampleLog log;
  for (const Step& step : steps) {
    SCOPED_TRACE(step.name);
    EXPECT_EQ(log.Classify(step.failure, std::chrono::steady_clock::time_point{} + step.at),
              step.event);
  }
}

TEST(SampleLogTest, CorrelationIdsAreSixteenHexDigitsAndDiffer) {
  const std::string first = NewCorrelationId();
  EXPECT_EQ(first.size(), 16U);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(first, NewCorrelationId());
}

}  // namespace
}  // namespace tidegauge
