#include "exposition/process_metrics.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "exposition/boards.h"

namespace tidegauge {
namespace {

TEST(ProcessMetricsTest, WritesWhatEveryPrometheusClientHas) {
  ProcessMetrics metrics(std::map<std::string, std::string>{{"environment", "dev"}});
  const std::string expected =
      "# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.\n"
      "# TYPE process_cpu_seconds_total counter\n"
      "process_cpu_seconds_total{environment=\"dev\"} 1.25\n"
      "# HELP process_open_fds Number of open file descriptors.\n"
      "# TYPE process_open_fds gauge\n"
      "process_open_fds{environment=\"dev\"} 17\n"
      "# HELP process_max_fds Maximum number of open file descriptors.\n"
      "# TYPE process_max_fds gauge\n"
      "process_max_fds{environment=\"dev\"} 1024\n"
      "# HELP process_virtual_memory_bytes Virtual memory size in bytes.\n"
      "# TYPE process_virtual_memory_bytes gauge\n"
      "process_virtual_memory_bytes{environment=\"dev\"} 123456789\n"
      "# HELP process_resident_memory_bytes Resident memory size in bytes.\n"
      "# TYPE process_resident_memory_bytes gauge\n"
      "process_resident_memory_bytes{environment=\"dev\"} 12345678\n"
      "# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.\n"
      "# TYPE process_start_time_seconds gauge\n"
      "process_start_time_seconds{environment=\"dev\"} 1767300000.5\n"
      "# HELP process_threads Number of OS threads in the process.\n"
      "# TYPE process_threads gauge\n"
      "process_threads{environment=\"dev\"} 9\n";
  EXPECT_EQ(metrics.Serialize(*FixedProcess()), expected);
  EXPECT_EQ(metrics.Serialize(*FixedProcess()), expected) << "the counter is a total, not a sum";
}

TEST(ProcessMetricsTest, ReadsThisProcess) {
  const auto before = ReadProcessStats();
  ASSERT_TRUE(before.has_value());
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_GT(before->start_time, now - 24 * 3600);
  EXPECT_LT(before->start_time, now + 60);
  EXPECT_GT(before->resident_bytes, 500'000U);
  EXPECT_GE(before->virtual_bytes, before->resident_bytes);
  EXPECT_GE(before->threads, 1U);
  EXPECT_GE(before->cpu_seconds, 0.0);
  EXPECT_GE(before->max_fds, before->open_fds);

  const int opened = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(opened, 0);
  EXPECT_EQ(ReadProcessStats()->open_fds, before->open_fds + 1);
  close(opened);
  EXPECT_EQ(ReadProcessStats()->open_fds, before->open_fds);
}

}  // namespace
}  // namespace tidegauge
