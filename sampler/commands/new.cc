#include "commands/new.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>
#include <vector>

#include "commands/exit_code.h"
#include "config/files.h"
#include "config/load.h"
#include "gauge/gauge_file.h"

namespace tidegauge {
namespace {

// [a-z0-9_-]+ joined by '/'
bool IsQueryName(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.back() == '/') return false;
  return std::all_of(name.begin(), name.end(), [previous = '/'](char c) mutable {
    const char before = std::exchange(previous, c);
    if (c == '/') return before != '/';
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// workflow/content-items → workflow_content_items
std::string MetricName(std::string_view name) {
  std::string metric(name);
  std::replace_if(
      metric.begin(), metric.end(), [](char c) { return c == '/' || c == '-'; }, '_');
  return metric;
}

std::string Template(const std::string& metric) {
  return "-- gauge: " + metric +
         R"(
-- help: Rows of my_table by status.
-- every: 1m
-- labels:
-- # Each label is a column of the result. A closed list is exported whole: 0 where there is no row,
-- # and what is not in the list is counted as 'other'. For values that you cannot list, keep the
-- # largest few: { max: 10 }
--   status: [open, done]
-- # More keys, where you need them:
-- # timeout: 5s
-- # owner: the team to ask
-- # runbook: https://example.com/what-to-do
-- # params: { older_than: 48 hours }
-- #   read in SQL as current_setting('tidegauge.older_than')::interval
SELECT status, count(*) AS value
FROM my_table
GROUP BY status;
)";
}

int Fail(const std::string& message, int code) {
  std::cerr << "tidegauge: error: " << message << '\n';
  return code;
}

// Empty where the file was written.
std::string WriteNewFile(const std::string& file, const std::string& text) {
  const auto cause = [](int error) { return std::generic_category().message(error); };
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) return folder.string() + " cannot be made: " + error.message();
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EEXIST) {
    return file + " exists already: choose another name, or delete it";
  }
  if (descriptor < 0) return file + " cannot be written: " + cause(errno);
  const ssize_t written = write(descriptor, text.data(), text.size());
  const int write_error = written < 0 ? errno : ENOSPC;
  const bool closed = close(descriptor) == 0;
  if (written == static_cast<ssize_t>(text.size()) && closed) return "";
  unlink(file.c_str());
  return file + " cannot be written: " + cause(write_error);
}

}  // namespace

std::string NewGaugeFile(std::string_view name) {
  const std::string text = Template(MetricName(name));
  std::vector<Fault> faults;
  // A metric cannot be called 'up', 'process_…', '2fa', …: then the name is the application's.
  if (ParseGaugeFile(name, name, text, {}, faults)) return text;
  return Template("app_" + MetricName(name));
}

int RunNew(const NewOptions& options) {
  std::string name = options.name;
  if (name.ends_with(".sql")) name.resize(name.size() - 4);
  if (!IsQueryName(name)) {
    return Fail(Quoted(name) +
                    " is no name for a query: expected small letters, digits, '_' and '-', in "
                    "folders joined by '/', such as workflow/content_items",
                kExitCommandLine);
  }
  std::vector<Fault> faults;
  // Of the config only the folder is needed: faults elsewhere in it are for `check` to tell.
  const auto config = LoadDraftConfig(options.config_file, ProcessEnvironment(), faults);
  if (!config) {
    for (const Fault& fault : faults) std::cerr << FormatFault(fault) << '\n';
    return kExitInput;
  }
  const std::string file =
      Resolve(Resolve(config->directory, config->query_paths.front()), name + ".sql");
  const std::string error = WriteNewFile(file, NewGaugeFile(name));
  if (!error.empty()) return Fail(error, kExitInput);

  const std::string flag =
      options.config_file.empty() ? "" : " --config.file " + options.config_file;
  std::cout << "wrote " << file << "\nPut your table, columns and labels into it. Then:\n"
            << "  tidegauge check" << flag << " --database " << file
            << "   # its faults, columns, types and cost; runs nothing\n"
            << "  tidegauge sample" << flag << " " << name << "   # runs it once and prints it\n"
            << "A running daemon takes it up at SIGHUP.\n"
            << std::flush;
  return kExitFine;
}

}  // namespace tidegauge
