#include "gauge/header_reader.h"

#include <algorithm>
#include <limits>

#include "gauge/duration.h"
#include "gauge/name_rules.h"

namespace tidegauge {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeastEvery{1'000};
constexpr milliseconds kLeastTimeout{10};
constexpr milliseconds kLongest{std::chrono::hours(24 * 366)};
constexpr std::size_t kMaxLabelBytes = 128;
constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxColumnBytes = 63;  // Postgres cuts longer names

template <typename T, std::size_t N>
using Choice = std::array<std::pair<std::string_view, T>, N>;

constexpr Choice<Combine, 4> kCombine = {{{"sum", Combine::kSum},
                                          {"max", Combine::kMax},
                                          {"min", Combine::kMin},
                                          {"none", Combine::kNone}}};
constexpr Choice<Missing, 2> kMissing = {{{"zero", Missing::kZero}, {"absent", Missing::kAbsent}}};
constexpr Choice<Nulls, 3> kNulls = {
    {{"absent", Nulls::kAbsent}, {"zero", Nulls::kZero}, {"fail", Nulls::kFail}}};
constexpr Choice<Identifiers, 3> kIdentifiers = {{{"refuse", Identifiers::kRefuse},
                                                  {"fold", Identifiers::kFold},
                                                  {"allow", Identifiers::kAllow}}};
constexpr Choice<bool, 2> kTrueFalse = {{{"true", true}, {"false", false}}};
constexpr Choice<bool, 2> kOnOff = {{{"on", true}, {"off", false}}};

// What belongs to one gauge: beside `gauge`, or under the gauge's name in `gauges`.
const std::vector<std::string_view>& GaugeKeys() {
  static const std::vector<std::string_view> kKeys = {"help",  "value", "combine", "missing",
                                                      "nulls", "panel", "alerts",  "link"};
  return kKeys;
}

const YamlEntry* FindEntry(const YamlNode& map, std::string_view key) {
  for (const YamlEntry& entry : map.entries) {
    if (entry.first.scalar == key) return &entry;
  }
  return nullptr;
}

bool IsGaugeKey(std::string_view key) {
  return std::find(GaugeKeys().begin(), GaugeKeys().end(), key) != GaugeKeys().end();
}

bool IsName(std::string_view name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

constexpr std::string_view kNameRule =
    "expected lower-case letters, digits and '_', beginning with a letter";

bool EndsSentence(std::string_view help) {
  for (const std::string_view end : {".", "!", "?", "…", "。"}) {
    if (help.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

const std::vector<std::string_view>& HeaderKeys() {
  static const std::vector<std::string_view> kKeys = {
      "gauge", "gauges",  "help",     "value",      "labels",      "combine", "missing",  "nulls",
      "every", "timeout", "keep_for", "max_series", "identifiers", "params",  "database", "enabled",
      "owner", "runbook", "link",     "name_rules", "panel",       "alerts"};
  return kKeys;
}

void HeaderReader::Read(const YamlNode& root, Query& query) {
  query.max_series = defaults_.max_series;
  for (const YamlEntry& entry : root.entries) {
    if (values_.IsKnown(entry.first, HeaderKeys(), " (a comment is written `-- # …`)")) {
      ReadKey(entry, query);
    }
  }
  ReadSchedule(root, query);
  ReadGauges(root, query);
  CheckSeries(root, query);
}

// The keys of the file that need no other.
void HeaderReader::ReadKey(const YamlEntry& entry, Query& query) {
  const std::string& key = entry.first.scalar;
  if (key == "labels") {
    ReadLabels(entry, query);
  } else if (key == "max_series") {
    query.max_series = values_.Count(entry).value_or(query.max_series);
  } else if (key == "identifiers") {
    query.identifiers = values_.OneOf(entry, kIdentifiers).value_or(query.identifiers);
  } else if (key == "params") {
    ReadParams(entry, query);
  } else if (key == "database") {
    ReadDatabase(entry, query);
  } else if (key == "enabled") {
    query.enabled = values_.OneOf(entry, kTrueFalse).value_or(true);
  } else if (key == "name_rules") {
    query.name_rules = values_.OneOf(entry, kOnOff).value_or(true);
  } else if (key == "owner") {
    query.owner = values_.Line(entry).value_or("");
  } else if (key == "runbook") {
    query.runbook = values_.Url(entry).value_or("");
  } else if (key == "link") {
    query.link = values_.Url(entry).value_or("");
  }
}

void HeaderReader::ReadLabels(const YamlEntry& entry, Query& query) {
  if (entry.second.kind != YamlNode::Kind::kMap) {
    values_.Expected(entry, "a map such as { status: [open, closed] } or { country: {max: 20} }");
    return;
  }
  for (const YamlEntry& label : entry.second.entries) ReadLabel(label, query);
}

void HeaderReader::ReadLabel(const YamlEntry& entry, Query& query) {
  const std::string& name = entry.first.scalar;
  const std::string quoted = "label " + Quoted(name);
  const auto& reserved = defaults_.reserved_labels;
  if (name.starts_with("__")) {
    values_.Error(entry.first, quoted +
                                   " begins with '__', which is Prometheus' own: name the "
                                   "column otherwise (SELECT … AS …)");
  } else if (name == "job" || name == "instance" || name == "le" || name == "quantile" ||
             name == "database") {
    values_.Error(entry.first, quoted +
                                   (name == "database" ? " is set by Tidegauge on every series"
                                                       : " has a meaning of its own in "
                                                         "Prometheus") +
                                   ": name the column otherwise (SELECT … AS …)");
  } else if (std::find(reserved.begin(), reserved.end(), name) != reserved.end()) {
    values_.Error(entry.first, quoted +
                                   " is set by 'labels' in config.yaml on every series: name "
                                   "the column otherwise (SELECT … AS …)");
  } else if (!IsName(name)) {
    values_.Error(entry.first,
                  quoted + ": " + std::string(kNameRule) + "; name the column so (SELECT … AS …)");
  } else if (name.size() > kMaxColumnBytes) {
    values_.Error(entry.first, quoted + ": expected 63 bytes at most, as in Postgres");
  }
  Label label;
  label.column = name;
  const YamlNode& value = entry.second;
  if (value.kind == YamlNode::Kind::kList) {
    ReadClosedList(entry, label);
  } else if (value.kind == YamlNode::Kind::kMap) {
    label.closed = false;
    label.max = 1;
    const YamlEntry* max = nullptr;
    for (const YamlEntry& key : value.entries) {
      if (!values_.IsKnown(key.first, {"max"}, ": expected a list of values or {max: N}")) continue;
      max = &key;
      label.max = values_.Count(key).value_or(1);
    }
    if (max == nullptr && value.entries.empty()) {
      values_.Error(value, quoted + ": expected {max: N}, found an empty map");
    }
  } else {
    values_.Error(value,
                  quoted + ": expected a list of values or {max: N}, found " + Describe(value));
  }
  query.labels.push_back(std::move(label));
}

void HeaderReader::ReadClosedList(const YamlEntry& entry, Label& label) {
  const YamlNode& list = entry.second;
  const std::string of_label = " in the list of label " + Quoted(entry.first.scalar);
  if (list.items.empty()) {
    values_.Error(list, "label " + Quoted(entry.first.scalar) +
                            ": expected a list of values, found an empty one");
  }
  for (const YamlNode& item : list.items) {
    if (item.kind == YamlNode::Kind::kNull) {
      values_.Error(item, "expected a value" + of_label +
                              ", found nothing: NULL and '' are called 'unknown'; quote 'null' "
                              "where that is the value");
    } else if (item.kind != YamlNode::Kind::kScalar) {
      values_.Error(item, "expected a value" + of_label + ", found " + Describe(item));
    } else if (item.scalar.empty()) {
      values_.Error(item, "expected a value" + of_label +
                              ", found an empty one: NULL and '' are called 'unknown'");
    } else if (item.scalar.size() > kMaxLabelBytes) {
      values_.Error(item, "expected values of 128 bytes at most" + of_label + ", found one of " +
                              std::to_string(item.scalar.size()));
    } else {
      label.values.push_back(item.scalar);
    }
  }
  // Sorted places instead of a search for each: a header may list thousands.
  std::vector<std::pair<std::string_view, const YamlNode*>> places;
  for (const YamlNode& item : list.items) {
    if (!item.scalar.empty()) places.emplace_back(item.scalar, &item);
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i].first == places[i - 1].first) {
      values_.Error(*places[i].second,
                    "value " + Quoted(places[i].first) + " stands twice" + of_label);
    }
  }
}

void HeaderReader::ReadParams(const YamlEntry& entry, Query& query) {
  if (entry.second.kind != YamlNode::Kind::kMap) {
    values_.Expected(entry, "a map such as { stale_after: 48 hours }");
    return;
  }
  for (const YamlEntry& param : entry.second.entries) {
    const std::string& name = param.first.scalar;
    if (!IsName(name) || name.size() > kMaxColumnBytes) {
      values_.Error(param.first,
                    "param " + Quoted(name) + ": " + std::string(kNameRule) + ", 63 bytes at most");
      continue;
    }
    if (param.second.kind != YamlNode::Kind::kScalar) {
      values_.Error(
          param.second,
          "param " + Quoted(name) + ": expected a value, found " + Describe(param.second) +
              (param.second.kind == YamlNode::Kind::kNull ? ": write '' for empty text" : ""));
      continue;
    }
    const auto over = defaults_.params.find(name);
    query.params[name] = over == defaults_.params.end() ? param.second.scalar : over->second;
  }
}

void HeaderReader::ReadDatabase(const YamlEntry& entry, Query& query) {
  const YamlNode& value = entry.second;
  if (value.kind == YamlNode::Kind::kScalar && !value.scalar.empty()) {
    query.all_databases = value.scalar == "all";
    if (!query.all_databases) query.databases = {value.scalar};
    return;
  }
  if (value.kind != YamlNode::Kind::kList || value.items.empty()) {
    values_.Expected(entry, "a database's name, a list of names, or all");
    return;
  }
  for (const YamlNode& item : value.items) {
    if (item.kind != YamlNode::Kind::kScalar || item.scalar.empty()) {
      values_.Error(item, "'database': expected a database's name, found " + Describe(item));
    } else if (item.scalar == "all") {
      values_.Error(item,
                    "'database': expected names in the list, found 'all': write `database: "
                    "all`");
    } else if (std::find(query.databases.begin(), query.databases.end(), item.scalar) !=
               query.databases.end()) {
      values_.Error(item, "'database': " + Quoted(item.scalar) + " stands twice in the list");
    } else {
      query.databases.push_back(item.scalar);
    }
  }
}

void HeaderReader::ReadSchedule(const YamlNode& root, Query& query) {
  query.every = defaults_.every;
  bool is_known = true;  // whether `every` can be compared with
  if (const YamlEntry* entry = FindEntry(root, "every")) {
    const auto every = values_.Duration(*entry);
    is_known = every && *every >= kLeastEvery && *every <= kLongest;
    if (every && !is_known) {
      values_.Expected(*entry, *every < kLeastEvery ? "1s or more" : "a year or less");
    }
    if (is_known) query.every = *every;
  }
  query.timeout = std::min(defaults_.timeout, query.every);
  if (const YamlEntry* entry = FindEntry(root, "timeout")) {
    const auto timeout = values_.Duration(*entry);
    if (timeout && *timeout < kLeastTimeout) {
      values_.Expected(*entry, "10ms or more");
      is_known = false;
    } else if (timeout && is_known && *timeout > query.every) {
      values_.Expected(*entry, "'every' (" + FormatDuration(query.every) + ") or less");
      is_known = false;
    } else if (timeout && is_known) {
      query.timeout = *timeout;
    } else {
      is_known = false;
    }
  }
  query.keep_for = 3 * query.every;
  if (const YamlEntry* entry = FindEntry(root, "keep_for")) {
    const auto keep_for = values_.Duration(*entry);
    if (keep_for && is_known && *keep_for < query.every + query.timeout) {
      values_.Expected(*entry, "'every' + 'timeout' (" +
                                   FormatDuration(query.every + query.timeout) + ") or more");
    } else if (keep_for && *keep_for > 10 * kLongest) {
      values_.Expected(*entry, "10 years or less");
    } else if (keep_for) {
      query.keep_for = *keep_for;
    }
  }
}

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
      } else if (values_.IsKnown(key.first, GaugeKeys(), "")) {
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
