#include "commands/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tidegauge {
namespace {

std::string Error(const std::string& what) { return what + ": " + std::strerror(errno); }

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<std::string> WriteByRename(const std::string& path, std::string_view text) {
  // node_exporter reads *.prom alone: the unfinished file must not end so.
  const std::string unfinished = path + "." + std::to_string(getpid()) + ".tmp";
  const int file = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return Error("cannot write " + unfinished);
  std::optional<std::string> error;
  if (!WriteAll(file, text) || fsync(file) != 0) error = Error("cannot write " + unfinished);
  if (close(file) != 0 && !error) error = Error("cannot write " + unfinished);
  if (!error && rename(unfinished.c_str(), path.c_str()) != 0) {
    error = Error("cannot rename " + unfinished + " to " + path);
  }
  if (error) unlink(unfinished.c_str());
  return error;
}

}  // namespace tidegauge
