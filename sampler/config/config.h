// config.yaml as plain values. Every default stands here and nowhere else.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "runtime/log.h"

namespace tidegauge {

struct DatabaseConfig {
  std::string name = "app";
  // Exactly one of url and url_file, or neither: libpq's own variables (PGHOST, …).
  std::string url = {};             // URI or keyword=value; holds secrets: never printed
  std::string url_file = {};        // read again at each connect
  std::string password_file = {};   // read again at each connect
  std::size_t max_connections = 2;  // sessions at most; 2 or more
  std::map<std::string, std::string> settings = {};  // SET LOCAL in each transaction
  std::map<std::string, std::string> params = {};    // override the top-level params
  bool apply_row_security = false;                   // row_security: apply

  bool operator==(const DatabaseConfig&) const = default;
};

struct Limits {
  std::size_t series_per_query = 100;  // default of a query's max_series
  std::size_t series = 10'000;         // over the whole page, self-metrics not counted
  std::size_t rows = 10'000;           // rows of one result
  std::size_t connections = 10;        // sessions over all databases

  bool operator==(const Limits&) const = default;
};

struct Config {
  std::string file = {};       // as given, "" where built-in defaults are used
  std::string directory = {};  // what relative paths are relative to; "" is the working directory
  std::map<std::string, std::string> labels = {};  // on every series of ours and every log line
  std::vector<DatabaseConfig> databases = {};      // at least one, in the file's order
  std::vector<std::string> query_paths = {"queries"};
  std::map<std::string, std::string> params = {};
  std::chrono::milliseconds every{60'000};
  std::chrono::milliseconds timeout{5'000};
  Limits limits = {};
  std::string listen = "127.0.0.1:9847";
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kJson;

  bool operator==(const Config&) const = default;
};

}  // namespace tidegauge
