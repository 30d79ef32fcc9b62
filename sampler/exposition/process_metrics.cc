#include "exposition/process_metrics.h"

#include <dirent.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <string_view>
#include <vector>

namespace tidegauge {
namespace {

// When the system was started, in seconds since 1970 (btime of /proc/stat).
std::optional<double> BootTime() {
  std::ifstream file("/proc/stat");
  std::string word;
  while (file >> word) {
    double seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

std::optional<std::uint64_t> CountOpenFds() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return std::nullopt;
  std::uint64_t count = 0;
  while (const dirent* entry = readdir(directory)) count += entry->d_name[0] != '.';
  closedir(directory);
  return count - 1;  // without the one that was open to count
}

}  // namespace

std::optional<ProcessStats> ReadProcessStats() {
  static const std::optional<double> boot_time = BootTime();
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!boot_time || !std::getline(file, line)) return std::nullopt;
  // The second field is the program's name in parentheses and may hold anything.
  const std::size_t end_of_name = line.rfind(')');
  if (end_of_name == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(end_of_name + 1));
  std::vector<std::string> fields = {"pid", "name"};  // so that indices are proc(5)'s, less one
  for (std::string field; fields.size() < 24 && rest >> field;) fields.push_back(field);
  const std::optional<std::uint64_t> open_fds = CountOpenFds();
  rlimit limit{};
  if (fields.size() < 24 || !open_fds || getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return std::nullopt;
  }
  const auto number = [&](std::size_t field) { return std::stoull(fields[field - 1]); };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  ProcessStats stats;
  stats.cpu_seconds = static_cast<double>(number(14) + number(15)) / ticks;
  stats.threads = number(20);
  stats.start_time = *boot_time + static_cast<double>(number(22)) / ticks;
  stats.virtual_bytes = number(23);
  stats.resident_bytes = number(24) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  stats.open_fds = *open_fds;
  stats.max_fds = limit.rlim_cur;
  return stats;
}

struct ProcessMetrics::Impl {
  explicit Impl(const prometheus::Labels& labels)
      : cpu_seconds(prometheus::BuildCounter()
                        .Name("process_cpu_seconds_total")
                        .Help("Total user and system CPU time spent in seconds.")
                        .Labels(labels)
                        .Register(registry)
                        .Add({})),
        open_fds(AddGauge("process_open_fds", "Number of open file descriptors.", labels)),
        max_fds(AddGauge("process_max_fds", "Maximum number of open file descriptors.", labels)),
        virtual_bytes(
            AddGauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", labels)),
        resident_bytes(
            AddGauge("process_resident_memory_bytes", "Resident memory size in bytes.", labels)),
        start_time(AddGauge("process_start_time_seconds",
                            "Start time of the process since unix epoch in seconds.", labels)),
        threads(AddGauge("process_threads", "Number of OS threads in the process.", labels)) {}

  prometheus::Gauge& AddGauge(const char* name, const char* help,
                              const prometheus::Labels& labels) {
    return prometheus::BuildGauge().Name(name).Help(help).Labels(labels).Register(registry).Add({});
  }

  prometheus::Registry registry;  // first: the metrics are its own
  prometheus::Counter& cpu_seconds;
  prometheus::Gauge& open_fds;
  prometheus::Gauge& max_fds;
  prometheus::Gauge& virtual_bytes;
  prometheus::Gauge& resident_bytes;
  prometheus::Gauge& start_time;
  prometheus::Gauge& threads;
};

ProcessMetrics::ProcessMetrics(const std::map<std::string, std::string>& labels)
    : impl_(std::make_unique<Impl>(labels)) {}

ProcessMetrics::~ProcessMetrics() = default;

std::string ProcessMetrics::Serialize(const ProcessStats& stats) {
  impl_->cpu_seconds.Increment(stats.cpu_seconds - impl_->cpu_seconds.Value());
  impl_->open_fds.Set(static_cast<double>(stats.open_fds));
  impl_->max_fds.Set(static_cast<double>(stats.max_fds));
  impl_->virtual_bytes.Set(static_cast<double>(stats.virtual_bytes));
  impl_->resident_bytes.Set(static_cast<double>(stats.resident_bytes));
  impl_->start_time.Set(stats.start_time);
  impl_->threads.Set(static_cast<double>(stats.threads));
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace tidegauge
