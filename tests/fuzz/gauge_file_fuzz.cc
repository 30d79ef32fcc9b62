// Any bytes as a gauge file: no crash, no hang, and what is promised of faults and queries holds.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "gauge/gauge_file.h"
#include "gauge/utf8.h"
#include "gauge/yaml.h"

namespace tidegauge {
namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

bool Same(const YamlNode& a, const YamlNode& b) {
  if (a.kind != b.kind || a.scalar != b.scalar || a.items.size() != b.items.size() ||
      a.entries.size() != b.entries.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!Same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (!Same(a.entries[i].first, b.entries[i].first)) return false;
    if (!Same(a.entries[i].second, b.entries[i].second)) return false;
  }
  return true;
}

void CheckFaults(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    const std::string text = FormatFault(fault);
    Require(IsUtf8(text), "a fault is UTF-8");
    Require(!fault.message.empty(), "a fault says something");
    Require(fault.line >= 0 && fault.column >= 0, "a fault has a place");
    Require(fault.source.empty() || fault.column <= static_cast<int>(fault.source.size()) + 1,
            "a fault's column is in its line");
  }
}

void CheckYaml(std::string_view text) {
  std::vector<Fault> faults;
  const std::optional<YamlNode> node = ParseYaml(text, {.file = "x", .file_text = text}, faults);
  CheckFaults(faults);
  Require(node.has_value() || !faults.empty(), "YAML that is refused has a fault");
  if (!node || !faults.empty()) return;
  const std::string emitted = EmitYaml(*node);
  if (emitted.size() > kMaxYamlBytes) return;
  const std::optional<YamlNode> again =
      ParseYaml(emitted, {.file = "y", .file_text = emitted}, faults);
  Require(again.has_value() && faults.empty() && Same(*node, *again),
          "what is emitted reads back as the same");
}

void CheckGaugeFile(std::string_view text) {
  GaugeFileDefaults defaults;
  defaults.params = {{"stale_after", "48 hours"}};
  defaults.reserved_labels = {"environment"};
  std::vector<Fault> faults;
  const std::optional<Query> query = ParseGaugeFile("queries/x.sql", "x", text, defaults, faults);
  CheckFaults(faults);
  Require(query.has_value() == !HasErrors(faults), "a query or an error");
  if (!query) return;
  Require(!query->gauges.empty(), "a query has a gauge");
  Require(!query->statement.empty(), "a query has a statement");
  Require(query->statement.find('\0') == std::string::npos && IsUtf8(query->statement),
          "a statement is text");
  Require(text.find(query->statement) != std::string_view::npos, "a statement stands in the file");
  Require(query->timeout <= query->every && query->keep_for >= query->every + query->timeout,
          "a schedule is within its bounds");
  for (const Gauge& gauge : query->gauges) {
    Require(!gauge.name.empty() && !gauge.help.empty(), "a gauge has a name and help");
  }
}

}  // namespace
}  // namespace tidegauge

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tidegauge::CheckGaugeFile(text);
  tidegauge::CheckYaml(text);
  return 0;
}
