// HeaderReader: the labels.
#include <algorithm>
#include <string>
#include <utility>

#include "gauge/header_reader.h"
#include "gauge/name_rules.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMaxLabelBytes = 128;

}  // namespace

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

}  // namespace tidegauge
