// HeaderReader: the gauges, one or several.
#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "gauge/header_reader.h"
#include "gauge/name_rules.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMaxNameBytes = 200;

constexpr Choice<Combine, 4> kCombine = {{{"sum", Combine::kSum},
                                          {"max", Combine::kMax},
                                          {"min", Combine::kMin},
                                          {"none", Combine::kNone}}};
constexpr Choice<Missing, 2> kMissing = {{{"zero", Missing::kZero}, {"absent", Missing::kAbsent}}};
constexpr Choice<Nulls, 3> kNulls = {
    {{"absent", Nulls::kAbsent}, {"zero", Nulls::kZero}, {"fail", Nulls::kFail}}};

// What belongs to one gauge: beside `gauge`, or under the gauge's name in `gauges`.
const std::vector<std::string_view>& GaugeKeys() {
  static const std::vector<std::string_view> kKeys = {"help",  "value", "combine", "missing",
                                                      "nulls", "panel", "alerts",  "link"};
  return kKeys;
}

bool IsGaugeKey(std::string_view key) {
  return std::find(GaugeKeys().begin(), GaugeKeys().end(), key) != GaugeKeys().end();
}

bool EndsSentence(std::string_view help) {
  for (const std::string_view end : {".", "!", "?", "…", "。"}) {
    if (help.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

void HeaderReader::ReadGauges(const YamlNode& root, Query& query) {
  const YamlEntry* gauge = FindEntry(root, "gauge");
  const YamlEntry* gauges = FindEntry(root, "gauges");
  if (gauge != nullptr && gauges != nullptr) {
    values_.Error(gauge->first,
                  "expected 'gauge' or 'gauges', found both: put this gauge under "
                  "'gauges'");
    gauge = nullptr;
  }
  if (gauges == nullptr) {
    std::vector<const YamlEntry*> entries;
    for (const YamlEntry& entry : root.entries) {
      if (IsGaugeKey(entry.first.scalar) && entry.first.scalar != "link") entries.push_back(&entry);
    }
    YamlNode name;
    name.line = root.line;
    if (gauge == nullptr) {
      if (!values_.WasSuggested("gauge") && !values_.WasSuggested("gauges")) {
        values_.Error(root,
                      "expected 'gauge', the name of the metric, found none: write `-- gauge: "
                      "…`");
      }
    } else if (values_.Text(*gauge)) {
      name = gauge->second;
      CheckMetricName(name, query.name_rules);
    }
    ReadGauge(name, entries, gauge == nullptr ? nullptr : &gauge->first, query);
    return;
  }
  for (const YamlEntry& entry : root.entries) {
    const std::string& key = entry.first.scalar;
    if (IsGaugeKey(key) && key != "link") {
      values_.Error(entry.first,
                    "'" + key + "' belongs to one gauge: write it under its name in 'gauges'");
    }
  }
  if (gauges->second.kind != YamlNode::Kind::kMap || gauges->second.entries.empty()) {
    values_.Expected(*gauges, "a map such as { name: { help: …, value: … } }");
    return;
  }
  for (const YamlEntry& entry : gauges->second.entries) {
    CheckMetricName(entry.first, query.name_rules);
    std::vector<const YamlEntry*> entries;
    if (entry.second.kind != YamlNode::Kind::kMap) {
      values_.Error(entry.second, "gauge " + Quoted(entry.first.scalar) +
                                      ": expected a map such as { help: …, value: … }, found " +
                                      Describe(entry.second));
      continue;
    }
    for (const YamlEntry& key : entry.second.entries) {
      const auto& all = HeaderKeys();
      if (!IsGaugeKey(key.first.scalar) &&
          std::find(all.begin(), all.end(), key.first.scalar) != all.end()) {
        values_.Error(key.first, "'" + key.first.scalar +
                                     "' holds for the whole file: write it beside 'gauges'");
      } else if (values_.IsKnown(key.first, GaugeKeys(),
                                 key.first.scalar.find(' ') == std::string::npos
                                     ? ""
                                     : ": text that holds a comma needs quotes here")) {
        entries.push_back(&key);
      }
    }
    ReadGauge(entry.first, entries, &entry.first, query);
  }
}

void HeaderReader::ReadGauge(const YamlNode& name, const std::vector<const YamlEntry*>& entries,
                             const YamlNode* missing_help_at, Query& query) {
  Gauge gauge;
  gauge.name = name.scalar;
  gauge.link = query.link;
  const bool is_time = IsTimestampName(gauge.name);
  const bool is_ratio = IsRatioName(gauge.name);
  const bool is_measure = is_time || is_ratio || gauge.name.ends_with("_seconds");
  const bool is_closed = std::all_of(query.labels.begin(), query.labels.end(),
                                     [](const Label& label) { return label.closed; });
  gauge.combine = is_measure ? Combine::kNone : Combine::kSum;
  gauge.missing =
      !query.labels.empty() && is_closed && !is_measure ? Missing::kZero : Missing::kAbsent;
  bool has_help = false;
  for (const YamlEntry* entry : entries) {
    const std::string& key = entry->first.scalar;
    if (key == "help") {
      has_help = true;
      const auto help = values_.Line(*entry);
      if (!help) continue;
      gauge.help = *help;
      if (!EndsSentence(*help)) {
        values_.Warn(entry->second, "help ends without a full stop: write a sentence");
      }
    } else if (key == "value") {
      const auto column = values_.Text(*entry);
      if (!column) continue;
      gauge.value = *column;
      if (std::any_of(query.labels.begin(), query.labels.end(),
                      [&](const Label& label) { return label.column == *column; })) {
        values_.Error(entry->second,
                      "column " + Quoted(*column) + " is a label and cannot be the value too");
      } else if (column->size() > kMaxColumnBytes) {
        values_.Expected(*entry, "a column's name of 63 bytes at most, as in Postgres");
      }
    } else if (key == "combine") {
      gauge.combine = values_.OneOf(*entry, kCombine).value_or(gauge.combine);
      if (gauge.combine == Combine::kSum && (is_time || is_ratio)) {
        values_.Error(entry->second,
                      std::string("the sum of ") + (is_time ? "points in time" : "ratios") +
                          " means nothing: write none, max or min" +
                          (is_time ? "" : ", or give the counts and divide in the query"));
      }
    } else if (key == "missing") {
      gauge.missing = values_.OneOf(*entry, kMissing).value_or(gauge.missing);
      if (gauge.missing == Missing::kZero && is_time) {
        values_.Error(entry->second, "0 as a point in time is 1970-01-01: write absent");
      }
    } else if (key == "nulls") {
      gauge.nulls = values_.OneOf(*entry, kNulls).value_or(gauge.nulls);
      if (gauge.nulls == Nulls::kZero && is_time) {
        values_.Error(entry->second, "0 as a point in time is 1970-01-01: write absent or fail");
      }
    } else if (key == "link") {
      gauge.link = values_.Url(*entry).value_or("");
    } else if (key == "panel") {
      const YamlNode& value = entry->second;
      const bool is_off = value.kind == YamlNode::Kind::kScalar && value.scalar == "off";
      if (!is_off && value.kind != YamlNode::Kind::kMap) values_.Expected(*entry, "a map or off");
      gauge.panel = is_off ? "off" : EmitYaml(value);
    } else if (key == "alerts") {
      if (entry->second.kind != YamlNode::Kind::kMap) {
        values_.Expected(*entry, "a map such as { ContentIsStuck: { when: \"> 20\" } }");
      }
      gauge.alerts = EmitYaml(entry->second);
    }
  }
  if (!has_help && missing_help_at != nullptr && !values_.WasSuggested("help")) {
    values_.Error(*missing_help_at, "expected 'help' for " +
                                        (gauge.name.empty() ? "the gauge" : Quoted(gauge.name)) +
                                        ", found none: say in a sentence what it counts");
  }
  query.gauges.push_back(std::move(gauge));
}

void HeaderReader::CheckMetricName(const YamlNode& name, bool name_rules) {
  const std::string quoted = "metric name " + Quoted(name.scalar);
  if (name.scalar == "up" || name.scalar == "ALERTS" || name.scalar == "ALERTS_FOR_STATE") {
    values_.Error(name, quoted + " is Prometheus' own: choose another");
    return;
  }
  for (const auto& [prefix, owner] : {std::pair{"tidegauge_", "Tidegauge's own"},
                                      {"process_", "for what the process says of itself"},
                                      {"scrape_", "Prometheus' own"}}) {
    if (!name.scalar.starts_with(prefix)) continue;
    values_.Error(name, quoted + ": names that begin with '" + prefix + "' are " + owner +
                            ": choose another");
    return;
  }
  if (!IsName(name.scalar)) {
    values_.Error(name, quoted + ": " + std::string(kNameRule));
    return;
  }
  if (name.scalar.size() > kMaxNameBytes) {
    values_.Error(name, quoted + ": expected 200 bytes at most");
    return;
  }
  if (!name_rules) return;
  for (std::string& warning : NameWarnings(name.scalar)) values_.Warn(name, std::move(warning));
}

// `other` is not counted: not as a listed value, and not where it comes of folding.
void HeaderReader::CheckSeries(const YamlNode& root, const Query& query) {
  constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();
  std::size_t series = std::max<std::size_t>(1, query.gauges.size());
  std::string factors = std::to_string(series) + (series == 1 ? " gauge" : " gauges");
  for (const Label& label : query.labels) {
    if (!label.closed) continue;
    const auto others = std::count(label.values.begin(), label.values.end(), kOther);
    const std::size_t values = label.values.size() - static_cast<std::size_t>(others);
    if (values == 0) continue;
    series = series > kMany / values ? kMany : series * values;
    if (factors.size() < 200) factors += " × " + std::to_string(values) + " " + label.column;
  }
  if (series <= query.max_series) return;
  const YamlEntry* labels = FindEntry(root, "labels");
  const YamlEntry* gauges = FindEntry(root, "gauges");
  const YamlEntry* at = labels != nullptr ? labels : gauges;
  values_.Error(at == nullptr ? root : at->first,
                (series == kMany ? "too many" : std::to_string(series)) + " series (" + factors +
                    "), and max_series is " + std::to_string(query.max_series) +
                    ": shorten a list, or raise 'max_series'");
}

}  // namespace tidegauge
