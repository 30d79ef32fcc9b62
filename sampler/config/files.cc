#include "config/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace tidegauge {
namespace {

constexpr std::string_view kSuffix = ".sql";

void Report(const std::string& file, std::string message, std::vector<Fault>& faults) {
  Fault fault;
  fault.file = file;
  fault.message = std::move(message);
  faults.push_back(std::move(fault));
}

std::string Cause(int error) { return std::generic_category().message(error); }

struct Folder {
  std::string path;
  std::string prefix;  // of the names of what is in it: "" or "a/b/"
};

// Walks folders breadth first: links to folders wait until no real folder is left, so that what is
// found twice is found under its real place.
class Walk {
 public:
  explicit Walk(std::vector<Fault>& faults) : faults_(faults) {}

  std::vector<GaugeFile> Run(const std::string& directory) {
    real_.push_back({directory, ""});
    while (!real_.empty() || !linked_.empty()) {
      std::deque<Folder>& next = real_.empty() ? linked_ : real_;
      const Folder folder = std::move(next.front());
      next.pop_front();
      Visit(folder);
    }
    std::sort(found_.begin(), found_.end(),
              [](const GaugeFile& a, const GaugeFile& b) { return a.name < b.name; });
    return std::move(found_);
  }

 private:
  void Visit(const Folder& folder) {
    struct stat status {};
    if (stat(folder.path.c_str(), &status) != 0) {
      return Report(folder.path, "cannot be read: " + Cause(errno), faults_);
    }
    if (!visited_.emplace(status.st_dev, status.st_ino).second) return;
    std::error_code error;
    std::filesystem::directory_iterator entries(folder.path, error);
    const std::filesystem::directory_iterator end;
    std::vector<std::string> names;
    while (!error && entries != end) {
      names.push_back(entries->path().filename().string());
      entries.increment(error);
    }
    if (error) {
      return Report(folder.path, "folder cannot be read: " + error.message(), faults_);
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) Take(folder, name);
  }

  void Take(const Folder& folder, const std::string& name) {
    if (name.starts_with('.')) return;
    const std::string path = Resolve(folder.path, name);
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return;  // gone since the folder was listed
    const bool linked = S_ISLNK(status.st_mode);
    const bool is_gauge_file = name.size() > kSuffix.size() && name.ends_with(kSuffix);
    if (linked && stat(path.c_str(), &status) != 0) {
      if (is_gauge_file) {
        Report(path, "symlink leads nowhere: " + Cause(errno) + "; delete or mend it", faults_);
      }
      return;
    }
    if (S_ISDIR(status.st_mode)) {
      (linked ? linked_ : real_).push_back({path, folder.prefix + name + "/"});
    } else if (is_gauge_file) {
      const std::string stem = name.substr(0, name.size() - kSuffix.size());
      found_.push_back({folder.prefix + stem, path});
    }
  }

  std::vector<Fault>& faults_;
  std::deque<Folder> real_;
  std::deque<Folder> linked_;
  std::set<std::pair<dev_t, ino_t>> visited_;
  std::vector<GaugeFile> found_;
};

}  // namespace

std::optional<std::string> ReadTextFile(const std::string& file, std::vector<Fault>& faults) {
  const auto fail = [&](std::string message) {
    Report(file, std::move(message), faults);
    return std::nullopt;
  };
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return fail("cannot be read: " + Cause(errno));
  if (!S_ISREG(status.st_mode)) return fail("is no file: expected a regular file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail("cannot be read: " + Cause(errno));
  // By what is read and not by what stat says: the file may grow meanwhile.
  std::string text(kMaxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return fail("cannot be read: " + Cause(errno));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMaxFileBytes) return fail("is larger than 1 MB: split it, or shorten it");
  return text;
}

std::vector<GaugeFile> FindGaugeFiles(const std::string& directory, std::vector<Fault>& faults) {
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0) {
    Report(directory,
           errno == ENOENT ? "no such folder: make it, or name another under queries.paths"
                           : "cannot be read: " + Cause(errno),
           faults);
    return {};
  }
  if (!S_ISDIR(status.st_mode)) {
    Report(directory, "is no folder: queries.paths names folders of gauge files", faults);
    return {};
  }
  return Walk(faults).Run(directory);
}

std::string Resolve(const std::string& directory, const std::string& path) {
  if (directory.empty() || path.starts_with('/')) return path;
  return directory.ends_with('/') ? directory + path : directory + "/" + path;
}

}  // namespace tidegauge
