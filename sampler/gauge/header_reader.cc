#include "gauge/header_reader.h"

#include <algorithm>

#include "gauge/duration.h"
#include "gauge/name_rules.h"

namespace tidegauge {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeastEvery{1'000};
constexpr milliseconds kLeastTimeout{10};
constexpr milliseconds kLongest{std::chrono::hours(24 * 366)};

constexpr Choice<Identifiers, 3> kIdentifiers = {{{"refuse", Identifiers::kRefuse},
                                                  {"fold", Identifiers::kFold},
                                                  {"allow", Identifiers::kAllow}}};
constexpr Choice<bool, 2> kTrueFalse = {{{"true", true}, {"false", false}}};
constexpr Choice<bool, 2> kOnOff = {{{"on", true}, {"off", false}}};

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

}  // namespace tidegauge
