// The keys of a header → Query: what each may be, and what it is where the header is silent.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gauge/gauge_file.h"
#include "gauge/header_values.h"
#include "gauge/query.h"
#include "gauge/yaml.h"

namespace tidegauge {

// All keys that a header may have.
const std::vector<std::string_view>& HeaderKeys();

class HeaderReader {
 public:
  // All must outlive this.
  HeaderReader(const YamlSource& source, const GaugeFileDefaults& defaults,
               std::vector<Fault>& faults)
      : values_(source, faults), defaults_(defaults) {}

  // Fills `query` from the header's map; what is at fault is reported and left at its default.
  void Read(const YamlNode& root, Query& query);

 private:
  void ReadKey(const YamlEntry& entry, Query& query);
  void ReadLabels(const YamlEntry& entry, Query& query);
  void ReadLabel(const YamlEntry& entry, Query& query);
  void ReadClosedList(const YamlEntry& entry, Label& label);
  void ReadParams(const YamlEntry& entry, Query& query);
  void ReadDatabase(const YamlEntry& entry, Query& query);
  void ReadSchedule(const YamlNode& root, Query& query);

  void ReadGauges(const YamlNode& root, Query& query);
  void ReadGauge(const YamlNode& name, const std::vector<const YamlEntry*>& entries,
                 const YamlNode* missing_help_at, Query& query);
  void CheckMetricName(const YamlNode& name, bool name_rules);
  void CheckSeries(const YamlNode& root, const Query& query);

  HeaderValues values_;
  const GaugeFileDefaults& defaults_;
};

}  // namespace tidegauge
