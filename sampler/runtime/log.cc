#include "runtime/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>

namespace tidegauge {
namespace {

struct State {
  std::mutex mutex;
  LogOptions options;                      // guarded by mutex
  std::shared_ptr<spdlog::logger> logger;  // constant after construction; thread-safe
};

State& GlobalState() {
  // Never destroyed: a thread that is still inside a connect may log while the process exits.
  static State* state = [] {
    auto* made = new State;
    made->logger = std::make_shared<spdlog::logger>(
        "tidegauge", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->logger->set_pattern("%v");
    made->logger->set_level(spdlog::level::debug);
    made->logger->flush_on(spdlog::level::debug);
    return made;
  }();
  return *state;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      break;
  }
  return "error";
}

// The length of the UTF-8 sequence that starts at text[at], or 0 where it is not valid (RFC 3629).
std::size_t Utf8Length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(at + 1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

// Appends `text` as the inside of a JSON string. What is not UTF-8 becomes U+FFFD.
void AppendEscaped(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = Utf8Length(text, i);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++i;
      continue;
    }
    if (text[i] == '"' || text[i] == '\\') {
      out += '\\';
      out += text[i];
    } else if (text[i] == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F ||
               (byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0)) {
      const unsigned code = byte == 0xC2 ? static_cast<unsigned char>(text[i + 1]) : byte;
      std::array<char, 8> buffer;
      std::snprintf(buffer.data(), buffer.size(), "\\u%04x", code);
      out += buffer.data();
    } else {
      out.append(text, i, length);
    }
    i += length;
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  AppendEscaped(out, text);
  out += '"';
}

void AppendValue(std::string& out, const LogField& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    AppendQuoted(out, *text);
  } else if (const auto* flag = std::get_if<bool>(&field.value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    out += std::to_string(*integer);
  } else {
    const double number = std::get<double>(field.value);
    if (!std::isfinite(number)) {
      out += "null";
      return;
    }
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    out.append(buffer.data(), end);
  }
}

std::string Timestamp() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const std::time_t seconds = system_clock::to_time_t(now);
  const auto millis = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 40> buffer;
  const std::size_t length = std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(buffer.data() + length, buffer.size() - length, ".%03dZ", static_cast<int>(millis));
  return buffer.data();
}

std::string JsonLine(const LogOptions& options, LogLevel level, std::string_view message,
                     std::initializer_list<LogField> fields) {
  std::string line = "{\"timestamp\":\"" + Timestamp() + "\",\"level\":\"";
  line += LevelName(level);
  line += "\",\"service\":\"tidegauge\",\"message\":";
  AppendQuoted(line, message);
  for (const auto& [key, value] : options.labels) {
    line += ',';
    AppendQuoted(line, key);
    line += ':';
    AppendQuoted(line, value);
  }
  for (const LogField& field : fields) {
    line += ',';
    AppendQuoted(line, field.key);
    line += ':';
    AppendValue(line, field);
  }
  line += '}';
  return line;
}

std::string TextLine(const LogOptions& options, LogLevel level, std::string_view message,
                     std::initializer_list<LogField> fields) {
  std::string line = Timestamp() + ' ';
  line += LevelName(level);
  line += " tidegauge: ";
  AppendEscaped(line, message);
  for (const auto& [key, value] : options.labels) {
    line += ' ' + key + '=';
    AppendQuoted(line, value);
  }
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    AppendValue(line, field);
  }
  return line;
}

}  // namespace

void InitLog(const LogOptions& options) {
  State& state = GlobalState();
  std::lock_guard lock(state.mutex);
  state.options = options;
}

bool LogEnabled(LogLevel level) {
  State& state = GlobalState();
  std::lock_guard lock(state.mutex);
  return level >= state.options.level;
}

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  State& state = GlobalState();
  std::string line;
  {
    std::lock_guard lock(state.mutex);
    if (level < state.options.level) return;
    line = state.options.format == LogFormat::kJson
               ? JsonLine(state.options, level, message, fields)
               : TextLine(state.options, level, message, fields);
  }
  state.logger->log(ToSpdlog(level), "{}", line);
}

std::optional<LogLevel> ParseLogLevel(std::string_view text) {
  for (LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    if (text == LevelName(level)) return level;
  }
  return std::nullopt;
}

std::optional<LogFormat> ParseLogFormat(std::string_view text) {
  if (text == "json") return LogFormat::kJson;
  if (text == "text") return LogFormat::kText;
  return std::nullopt;
}

}  // namespace tidegauge
