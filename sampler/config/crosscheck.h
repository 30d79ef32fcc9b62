// What can be wrong between gauge files, and between them and config.yaml.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "gauge/fault.h"
#include "gauge/query.h"

namespace tidegauge {

// A query that parsed, with the text of its file, so that faults can point into it.
struct LoadedQuery {
  std::shared_ptr<const Query> query;
  std::string text;
};

// Database names that config.yaml does not have; one metric twice on one database, or with
// different help or labels. Disabled queries take part only in the first.
void CrossCheck(const std::vector<LoadedQuery>& queries, const Config& config,
                std::vector<Fault>& faults);

// Warns of params in config.yaml that no header has: only right where all gauge files are known.
void CheckParams(const std::vector<LoadedQuery>& queries, const Config& config,
                 std::vector<Fault>& faults);

}  // namespace tidegauge
