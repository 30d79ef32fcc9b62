// Files that users write: read whole, with a bound; gauge files found under a folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gauge/fault.h"

namespace tidegauge {

inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;

// Appends a fault where the file cannot be read, is no regular file, or is larger than
// kMaxFileBytes.
std::optional<std::string> ReadTextFile(const std::string& file, std::vector<Fault>& faults);

struct GaugeFile {
  std::string name;  // path under the folder without .sql: the query's name
  std::string file;  // as shown and opened
};

// Every .sql file under `directory`, sorted by name. Names that begin with a dot are passed over,
// files and folders: Kubernetes shows each mounted file twice, once under ..data. Symlinks are
// followed; each folder is read once, under its real place where that is below `directory`, so
// that links in a circle end. Appends a fault for what cannot be read.
std::vector<GaugeFile> FindGaugeFiles(const std::string& directory, std::vector<Fault>& faults);

// `path` as it is meant in a config.yaml that lies in `directory`.
std::string Resolve(const std::string& directory, const std::string& path);

}  // namespace tidegauge
