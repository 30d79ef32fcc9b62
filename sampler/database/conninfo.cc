#include "database/conninfo.h"

#include <libpq-fe.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>

#include "database/database.h"
#include "database/one_line.h"

namespace tidegauge {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using UniqueOptions = std::unique_ptr<PQconninfoOption, FreeOptions>;

// What the user does not set. A dead peer is noticed in 10 s while data is on its way, in a minute
// while there is none.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"connect_timeout", "5"},      {"tcp_user_timeout", "10000"},
    {"keepalives", "1"},           {"keepalives_idle", "30"},
    {"keepalives_interval", "10"}, {"keepalives_count", "3"},
    {"client_encoding", "UTF8"},   {"fallback_application_name", "tidegauge"},
};

[[noreturn]] void Fail(const DatabaseConfig& config, const std::string& message) {
  throw DatabaseError({Reason::kConnect, "database '" + config.name + "': " + message, ""}, true);
}

[[noreturn]] void FailUnreadable(const DatabaseConfig& config) {
  const std::string where =
      config.url_file.empty() ? "the url" : "the connection string in url_file " + config.url_file;
  Fail(config,
       where +
           " cannot be read as one of libpq's connection strings (its text is not shown: it "
           "may hold a password); percent-encode the password, or use password_file");
}

std::string ReadFile(const DatabaseConfig& config, const std::string& directory, const char* key,
                     const std::string& name) {
  const std::filesystem::path path =
      directory.empty() ? std::filesystem::path(name) : std::filesystem::path(directory) / name;
  const std::string shown = std::string(key) + " " + path.string();
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    // An empty file sets the failbit too.
    std::error_code error;
    if (file.is_open() && std::filesystem::is_regular_file(path, error) &&
        std::filesystem::file_size(path, error) == 0) {
      Fail(config, shown + " is empty: write the value into it");
    }
    const std::string why = errno != 0 ? std::strerror(errno) : "it is not a file";
    Fail(config, "cannot read " + shown + ": " + why +
                     "; see that the file is there and readable for tidegauge's user");
  }
  std::string value = text.str();
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  if (value.empty()) Fail(config, shown + " is empty: write the value into it");
  if (value.find('\0') != std::string::npos) {
    Fail(config, shown + " holds a NUL byte: it must be plain text");
  }
  return value;
}

bool IsUri(std::string_view text) {
  return text.substr(0, 13) == "postgresql://" || text.substr(0, 11) == "postgres://";
}

// Whether a URI has an '@' behind the first '/': libpq then took a piece of the password for host,
// port or database.
bool HasAtInPath(std::string_view uri) {
  uri.remove_prefix(uri.find("://") + 3);
  const std::size_t slash = uri.find('/');
  if (slash == std::string_view::npos) return false;
  std::string_view path = uri.substr(slash);
  // In the parameters an '@' is fine (user=me@corp), unless it may be the one missing before.
  const bool has_user = uri.substr(0, slash).find('@') != std::string_view::npos;
  if (has_user) path = path.substr(0, path.find('?'));
  return path.find('@') != std::string_view::npos;
}

bool HostIsSane(std::string_view hosts) {
  while (true) {
    const std::size_t comma = hosts.find(',');
    const std::string_view host = hosts.substr(0, comma);
    const bool socket = host.substr(0, 1) == "/";
    if (host.find('@') != std::string_view::npos) return false;
    if (!socket && host.find('/') != std::string_view::npos) return false;
    if (comma == std::string_view::npos) return true;
    hosts.remove_prefix(comma + 1);
  }
}

bool PortIsSane(std::string_view ports) {
  return std::all_of(ports.begin(), ports.end(),
                     [](unsigned char c) { return std::isdigit(c) || c == ',' || c == ' '; });
}

std::string_view Value(const PQconninfoOption* options, std::string_view keyword) {
  for (; options != nullptr && options->keyword != nullptr; ++options) {
    if (options->keyword == keyword) return options->val != nullptr ? options->val : "";
  }
  return "";
}

UniqueOptions Parse(const DatabaseConfig& config, const std::string& text) {
  char* error = nullptr;
  UniqueOptions options(PQconninfoParse(text.c_str(), &error));
  PQfreemem(error);  // never shown
  if (options == nullptr || (IsUri(text) && HasAtInPath(text)) ||
      !HostIsSane(Value(options.get(), "host")) || !HostIsSane(Value(options.get(), "hostaddr")) ||
      !PortIsSane(Value(options.get(), "port"))) {
    FailUnreadable(config);
  }
  return options;
}

}  // namespace

ConnectOptions ReadConnectOptions(const DatabaseConfig& config, const std::string& directory) {
  std::string text = config.url;
  if (!config.url_file.empty()) text = ReadFile(config, directory, "url_file", config.url_file);

  ConnectOptions result;
  const auto find = [&](std::string_view keyword) {
    return std::find_if(result.values.begin(), result.values.end(),
                        [&](const auto& value) { return value.first == keyword; });
  };
  if (!text.empty()) {
    const UniqueOptions options = Parse(config, text);
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
      if (option->val != nullptr) result.values.emplace_back(option->keyword, option->val);
    }
  }
  if (!config.password_file.empty()) {
    const std::string password = ReadFile(config, directory, "password_file", config.password_file);
    const auto given = find("password");
    if (given != result.values.end()) {
      given->second = password;
    } else {
      result.values.emplace_back("password", password);
    }
  }
  const UniqueOptions environment(PQconndefaults());
  for (const auto& [keyword, value] : kDefaults) {
    if (find(keyword) != result.values.end()) continue;
    if (!Value(environment.get(), keyword).empty()) continue;
    result.values.emplace_back(keyword, value);
  }

  std::string_view timeout = Value(environment.get(), "connect_timeout");
  if (const auto given = find("connect_timeout"); given != result.values.end()) {
    timeout = given->second;
  }
  int seconds = 0;
  const auto [end, fault] =
      std::from_chars(timeout.data(), timeout.data() + timeout.size(), seconds);
  if (fault != std::errc() || end != timeout.data() + timeout.size()) {
    Fail(config, "connect_timeout is not a whole number of seconds: write connect_timeout=5");
  }
  result.attempt_timeout = std::chrono::seconds(std::max(0, seconds));
  return result;
}

bool DropHost(ConnectOptions& options, std::string_view host, std::string_view port) {
  const auto list = [&](std::string_view keyword) {
    std::vector<std::string> items;
    for (const auto& [name, value] : options.values) {
      if (name != keyword) continue;
      std::istringstream text(value + ",");
      for (std::string item; std::getline(text, item, ',');) items.push_back(item);
    }
    return items;
  };
  const std::vector<std::string> ports = list("port");
  std::vector<std::string> names = list("host");
  if (names.empty()) names = list("hostaddr");
  if (names.size() < 2) return false;
  const auto is_it = [&](std::size_t i) {
    const bool same_port = ports.size() != names.size() || ports[i].empty() || ports[i] == port;
    return names[i] == host && same_port;
  };
  std::size_t dropped = 0;
  while (dropped < names.size() && !is_it(dropped)) ++dropped;
  if (dropped == names.size()) return false;
  for (auto& [name, value] : options.values) {
    if (name != "host" && name != "hostaddr" && name != "port") continue;
    std::vector<std::string> items = list(name);
    if (items.size() != names.size()) continue;  // one port for all
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(dropped));
    std::string joined;
    for (std::size_t i = 0; i < items.size(); ++i) joined += (i > 0 ? "," : "") + items[i];
    value = joined;
  }
  return true;
}

std::string ConnectErrorText(std::string_view text, const std::vector<std::string>& secrets) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.rfind("LOCATION:  ", 0) == 0) continue;
    // "FATAL:  28P01: password …" → "password … (28P01)"
    const std::size_t colon = line.find(":  ");
    if (colon != std::string::npos && line.size() > colon + 9 && line[colon + 8] == ':') {
      const std::string code = line.substr(colon + 3, 5);
      const std::size_t severity = line.rfind(' ', colon) + 1;  // npos + 1 is 0
      line = line.substr(0, severity) + line.substr(colon + 10) + " (" + code + ")";
    }
    kept += line + "\n";
  }
  for (const std::string& secret : secrets) {
    if (secret.empty() || kept.find(secret) == std::string::npos) continue;
    // Where it is short, what stands around the mask would tell it.
    if (secret.size() < 4) return "the server refused, or could not be reached";
    for (std::size_t at = kept.find(secret); at != std::string::npos; at = kept.find(secret, at)) {
      kept.replace(at, secret.size(), "***");
      at += 3;
    }
  }
  return OneLine(kept);
}

}  // namespace tidegauge
