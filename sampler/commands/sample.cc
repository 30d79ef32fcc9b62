#include "commands/sample.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "commands/exit_code.h"
#include "commands/output_file.h"
#include "commands/readings_table.h"
#include "commands/setup.h"
#include "database/postgres.h"
#include "exposition/sampled_text.h"
#include "runtime/heartbeat.h"
#include "runtime/log.h"
#include "sampling/sample.h"

namespace tidegauge {
namespace {

// The named queries, or all; names that do not exist are told to stderr.
std::optional<std::vector<Target>> Choose(const Setup& setup,
                                          const std::vector<std::string>& names) {
  const auto all = TargetsOf(setup);
  if (names.empty()) return all;
  std::vector<Target> chosen;
  bool complete = true;
  for (const std::string& name : names) {
    const std::size_t before = chosen.size();
    for (const Target& target : all) {
      if (target.query->name == name) chosen.push_back(target);
    }
    if (chosen.size() > before) continue;
    complete = false;
    const auto off = std::find_if(setup.queries.begin(), setup.queries.end(),
                                  [&](const auto& query) { return query->name == name; });
    if (off != setup.queries.end()) {
      std::cerr << "tidegauge: error: query '" << name
                << "' is not enabled: remove 'enabled: false' from " << (*off)->file << '\n';
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& query : setup.queries) known.push_back(query->name);
    std::cerr << "tidegauge: error: no query is called '" << name << "'" << DidYouMean(name, known)
              << '\n';
  }
  if (!complete) return std::nullopt;
  return chosen;
}

// Samples one target after the other, on one session a database.
class OneByOne {
 public:
  OneByOne(const Setup& setup, Databases& databases, Board& board) : setup_(setup), board_(board) {
    for (const SampledDatabase& sampled : databases.For(setup.config)) {
      databases_[sampled.database->name()] = sampled.database;
    }
  }

  Outcome Sample(const Target& target) {
    const auto lost = unreachable_.find(target.database);
    if (lost != unreachable_.end()) return board_.Publish(target, {nullptr, lost->second, {}});
    auto& session = sessions_[target.database];
    try {
      if (session == nullptr) {
        session = databases_.at(target.database)
                      ->Connect(std::chrono::steady_clock::now() + kConnectPatience);
      }
    } catch (const DatabaseError& error) {
      unreachable_[target.database] = error.failure();
      return board_.Publish(target, {nullptr, error.failure(), {}});
    }
    SampleMemory memory;
    auto result =
        SampleOnce(*session, target, {target.query->timeout, setup_.config.limits.rows}, memory);
    if (result.session_lost) session.reset();
    return board_.Publish(target, std::move(result.outcome));
  }

 private:
  const Setup& setup_;
  Board& board_;
  std::map<std::string, std::shared_ptr<Database>> databases_;
  std::map<std::string, std::unique_ptr<Session>> sessions_;
  std::map<std::string, Failure> unreachable_;
};

std::string Json(const BoardSnapshot& snapshot) {
  auto samples = nlohmann::ordered_json::array();
  for (const auto& state : snapshot.targets) {
    nlohmann::ordered_json sample{{"query", state->query->name}, {"database", state->database}};
    sample["outcome"] = state->up ? "success" : "failure";
    sample["duration_seconds"] = state->duration.count();
    if (state->failure) {
      sample["reason"] = ReasonName(state->failure->reason);
      sample["message"] = state->failure->message;
    }
    auto gauges = nlohmann::ordered_json::array();
    for (std::size_t g = 0; state->up && g < state->query->gauges.size(); ++g) {
      auto all = nlohmann::ordered_json::array();
      for (const Series& series : state->reading->gauges[g].series) {
        auto labels = nlohmann::ordered_json::object();
        for (std::size_t i = 0; i < series.labels.size(); ++i) {
          labels[state->query->labels[i].column] = series.labels[i];
        }
        all.push_back({{"labels", std::move(labels)}, {"value", series.value}});
      }
      gauges.push_back({{"name", state->query->gauges[g].name}, {"series", std::move(all)}});
    }
    sample["gauges"] = std::move(gauges);
    samples.push_back(std::move(sample));
  }
  return samples.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string Render(const Setup& setup, const BoardSnapshot& snapshot, SampleFormat format) {
  switch (format) {
    case SampleFormat::kPrometheus:
      return SampledText(setup.config.labels, snapshot);
    case SampleFormat::kJson:
      return Json(snapshot);
    case SampleFormat::kTable:
      break;
  }
  return ReadingsTable(snapshot);
}

}  // namespace

int RunSample(const SampleOptions& options) {
  InitLog({LogLevel::kError, LogFormat::kText, {}});
  std::vector<Fault> faults;
  const auto setup = LoadSetup(options.config_file, faults);
  for (const Fault& fault : faults) std::cerr << FormatFault(fault) << '\n';
  if (!setup) return kExitInput;
  const auto targets = Choose(*setup, options.names);
  if (!targets) return kExitInput;

  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  Databases databases(watchdog);
  Board board(setup->config.limits.series);
  board.Configure(*targets, DatabaseNames(setup->config), setup->config.limits.series);
  OneByOne sampler(*setup, databases, board);
  ExitCode code = kExitFine;
  for (const Target& target : *targets) {
    const Outcome outcome = sampler.Sample(target);
    if (!outcome.failure) continue;
    std::cerr << target.query->file << ": error: " << ReasonName(outcome.failure->reason) << ": "
              << outcome.failure->message << " (database " << target.database << ")\n";
    if (outcome.failure->reason == Reason::kConnect) {
      code = kExitDatabase;
    } else if (code == kExitFine) {
      code = kExitInput;
    }
  }

  const std::string text = Render(*setup, board.Snapshot(), options.format);
  if (options.output.empty()) {
    std::cout << text << std::flush;
  } else if (const auto error = WriteByRename(options.output, text)) {
    std::cerr << "tidegauge: error: " << *error << '\n';
    return kExitInput;
  }
  return code;
}

}  // namespace tidegauge
