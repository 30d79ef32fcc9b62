#include "exposition/text_format.h"

#include <cstddef>
#include <initializer_list>

#include "gauge/utf8.h"

namespace tidegauge {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

void AppendEscaped(std::string& out, std::string_view text, bool quotes) {
  std::size_t done = 0;  // what stands in `out` already
  std::size_t at = 0;
  const auto replace = [&](std::string_view by) {
    out.append(text, done, at - done).append(by);
    done = ++at;
  };
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\\') {
      replace("\\\\");
    } else if (c == '\n') {
      replace("\\n");
    } else if (c == '"' && quotes) {
      replace("\\\"");
    } else if (c >= ' ' && c <= '~') {
      ++at;
    } else if (const std::size_t length = c == '\0' ? 0 : Utf8Length(text, at); length > 0) {
      at += length;
    } else {
      replace(kReplacement);
    }
  }
  out.append(text, done);
}

void AppendUnit(std::string& out, std::string_view family) {
  for (const std::string_view unit : {"seconds", "bytes", "ratio"}) {
    if (family.size() > unit.size() + 1 && family.ends_with(unit) &&
        family[family.size() - unit.size() - 1] == '_') {
      out.append("# UNIT ").append(family).append(" ").append(unit).append("\n");
    }
  }
}

std::string_view FamilyName(PageFormat format, std::string_view name, MetricType type) {
  if (format == PageFormat::kText) return name;
  const std::string_view suffix = type == MetricType::kCounter ? "_total"
                                  : type == MetricType::kInfo  ? "_info"
                                                               : "";
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return name;
}

std::string_view TypeName(PageFormat format, MetricType type) {
  if (type == MetricType::kCounter) return "counter";
  return type == MetricType::kInfo && format == PageFormat::kOpenMetrics ? "info" : "gauge";
}

}  // namespace

void AppendFamilyHeader(std::string& out, PageFormat format, std::string_view name, MetricType type,
                        std::string_view help) {
  const std::string_view family = FamilyName(format, name, type);
  out.append("# HELP ").append(family).append(" ");
  AppendHelp(out, format, help);
  out.append("\n# TYPE ").append(family).append(" ").append(TypeName(format, type)).append("\n");
  if (format == PageFormat::kOpenMetrics && type != MetricType::kInfo) AppendUnit(out, family);
}

void AppendLabel(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append("=\"");
  AppendEscaped(out, value, true);
  out += '"';
}

void AppendHelp(std::string& out, PageFormat format, std::string_view help) {
  AppendEscaped(out, help, format == PageFormat::kOpenMetrics);
}

std::string ToOpenMetrics(std::string_view text) {
  constexpr std::string_view kHelp = "# HELP ", kType = "# TYPE ", kTotal = "_total";
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const bool help = line.starts_with(kHelp);
    const bool type = line.starts_with(kType);
    if (!help && !type) {
      out.append(line).append("\n");
      continue;
    }
    line.remove_prefix(kHelp.size());
    const std::size_t space = line.find(' ');
    std::string_view family = line.substr(0, space);
    if (family.ends_with(kTotal)) family.remove_suffix(kTotal.size());
    const std::string_view rest =
        space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    out.append(help ? kHelp : kType).append(family).append(" ");
    if (help) {
      // Already escaped as text 0.0.4 has it: only quotes are left to do.
      for (const char c : rest) out.append(c == '"' ? "\\" : "").append(1, c);
    } else {
      out.append(rest);
    }
    out += '\n';
    if (type) AppendUnit(out, family);
  }
  return out;
}

}  // namespace tidegauge
