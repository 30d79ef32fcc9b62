// `tidegauge new NAME`: a commented gauge file to start from.
#pragma once

#include <string>
#include <string_view>

namespace tidegauge {

struct NewOptions {
  std::string config_file = {};  // empty: ./config.yaml where there is one
  std::string name = {};         // of the query, e.g. workflow/content_items
};

// Writes NAME.sql into the first of queries.paths and says what to do next. Never overwrites.
// Returns the exit code (exit_code.h).
int RunNew(const NewOptions& options);

// The text of a gauge file for the query `name`: it has no fault.
std::string NewGaugeFile(std::string_view name);

}  // namespace tidegauge
