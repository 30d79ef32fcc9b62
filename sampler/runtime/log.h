// Structured logs: one line an event, JSON or text, to stderr, by spdlog.
//
// Threads: every function here may be called from any thread once InitLog has returned.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tidegauge {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kJson, kText };

struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kJson;
  std::map<std::string, std::string> labels = {};  // on every line, after the fixed keys
};

// A key and its value. Strings are copied; text that is not UTF-8 and control characters are
// escaped, so that no value can forge a line.
struct LogField {
  std::string_view key;
  std::variant<std::string, double, std::int64_t, bool> value;
};

// Sets level, format and labels. May be called again (reload).
void InitLog(const LogOptions& options);

bool LogEnabled(LogLevel level);

// Writes one line with `timestamp` (RFC 3339, UTC, milliseconds), `level`, `service` (tidegauge),
// `message` and the fields in the order given.
void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

std::optional<LogLevel> ParseLogLevel(std::string_view text);    // debug, info, warn, error
std::optional<LogFormat> ParseLogFormat(std::string_view text);  // json, text

}  // namespace tidegauge
