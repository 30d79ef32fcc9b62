#include "config/names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gauge/fault.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMaxName = 63;  // as Postgres' own names

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [a-z][a-z0-9_]*
bool IsPlainName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && IsLower(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '_'; });
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

template <typename Names>
bool Has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 4> kPrometheusLabels = {"job", "instance", "le", "quantile"};
constexpr std::array<std::string_view, 7> kOwnLabels = {"database", "query",    "metric", "owner",
                                                        "reason",   "revision", "version"};
constexpr std::array<std::string_view, 11> kLogKeys = {
    "timestamp", "level", "service", "message",        "outcome",   "duration_seconds",
    "rows",      "error", "series",  "correlation_id", "request_id"};

// Settings that are ours to make in each transaction, and why or by which key instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kOwnSettings = {{
    {"application_name",
     "it is tidegauge/<query>, so that a session can be told in pg_stat_activity"},
    {"default_transaction_deferrable", "each transaction says so itself"},
    {"default_transaction_isolation", "each transaction is READ COMMITTED"},
    {"default_transaction_read_only", "each transaction is READ ONLY"},
    {"idle_in_transaction_session_timeout", "it follows from the query's timeout"},
    {"lock_timeout", "it follows from the query's timeout"},
    {"row_security", "write it beside 'settings' as row_security: refuse or apply"},
    {"session_authorization", "connect as the role that samples"},
    {"statement_timeout", "write the query's 'timeout' or defaults.timeout"},
    {"transaction_deferrable", "each transaction says so itself"},
    {"transaction_isolation", "each transaction is READ COMMITTED"},
    {"transaction_read_only", "each transaction is READ ONLY"},
    {"transaction_timeout", "it follows from the query's timeout"},
    {"client_encoding", "it is UTF8"},
    {"is_superuser", "Postgres sets it"},
    {"server_encoding", "Postgres sets it"},
}};

}  // namespace

std::string LabelNameFault(std::string_view name) {
  const std::string quoted = Quoted(name);
  if (name.starts_with("__")) {
    return "label " + quoted +
           " begins with '__', which Prometheus keeps for itself: choose another name";
  }
  if (!IsPlainName(name)) {
    return "label " + quoted +
           " is no name: expected small letters, digits and '_', a letter first";
  }
  if (Has(kPrometheusLabels, name)) {
    return "label " + quoted + " is one that Prometheus sets itself: choose another name";
  }
  if (Has(kOwnLabels, name)) {
    return "label " + quoted + " is one that Tidegauge sets itself: choose another name";
  }
  if (Has(kLogKeys, name)) {
    return "label " + quoted + " is a key of every log line: choose another name";
  }
  return "";
}

std::string DatabaseNameFault(std::string_view name) {
  const bool shaped =
      !name.empty() && name.size() <= kMaxName && (IsLower(name[0]) || IsDigit(name[0])) &&
      std::all_of(name.begin(), name.end(),
                  [](char c) { return IsLower(c) || IsDigit(c) || c == '_' || c == '-'; });
  if (!shaped) {
    return "database " + Quoted(name) +
           " is no name: expected small letters, digits, '_' and '-', a letter or digit first";
  }
  if (name == "all") {
    return "database 'all' cannot be a name: in a gauge file it means every database";
  }
  return "";
}

std::string ParamNameFault(std::string_view name) {
  if (IsPlainName(name)) return "";
  return "param " + Quoted(name) +
         " is no name: expected small letters, digits and '_', a letter first";
}

std::string SettingNameFault(std::string_view name) {
  const auto word = [](char c) {
    return IsLower(c) || IsDigit(c) || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const bool shaped =
      !name.empty() && name.size() <= 2 * kMaxName && word(name[0]) && !IsDigit(name[0]) &&
      name.back() != '.' &&
      std::all_of(name.begin(), name.end(), [&](char c) { return word(c) || c == '.'; });
  if (!shaped) return "setting " + Quoted(name) + " is no name of a Postgres setting";
  const std::string lower = Lower(name);
  if (lower.starts_with("tidegauge.")) {
    return "setting " + Quoted(name) + " is a param: write it under 'params', without 'tidegauge.'";
  }
  for (const auto& [own, why] : kOwnSettings) {
    if (lower == own) return "setting " + Quoted(name) + " cannot be set: " + std::string(why);
  }
  return "";
}

}  // namespace tidegauge
