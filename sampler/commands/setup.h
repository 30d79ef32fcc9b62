// What a config file and its gauge files make together: the commands' common beginning.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "database/database.h"
#include "database/watchdog.h"
#include "gauge/fault.h"
#include "gauge/query.h"
#include "sampling/board.h"
#include "sampling/sampler.h"

namespace tidegauge {

struct Setup {
  Config config;
  std::vector<std::shared_ptr<const Query>> queries;
};

// Config and queries, all or nothing. Appends every fault found, warnings too.
std::optional<Setup> LoadSetup(const std::string& config_file, std::vector<Fault>& faults);

// Each enabled query on each of its databases.
std::vector<Target> TargetsOf(const Setup& setup);

std::vector<std::string> DatabaseNames(const Config& config);

// The configured databases. One whose configuration is the same as when it was made, the text of
// its url_file too, is made only once, so that a reload keeps its sessions. Belongs to one thread.
class Databases {
 public:
  // `watchdog` must outlive every database made here.
  explicit Databases(Watchdog& watchdog) : watchdog_(watchdog) {}
  std::vector<SampledDatabase> For(const Config& config);

 private:
  struct Made {
    DatabaseConfig config;
    std::string directory;
    std::optional<std::string> url;  // in url_file; holds secrets: never printed
    std::shared_ptr<Database> database;
  };
  Watchdog& watchdog_;
  std::vector<Made> made_;
};

}  // namespace tidegauge
