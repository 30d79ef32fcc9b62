#include "commands/command_line.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/check.h"
#include "commands/exit_code.h"
#include "commands/health.h"
#include "commands/new.h"
#include "commands/run.h"
#include "commands/sample.h"
#include "commands/version.h"
#include "config/listen.h"
#include "gauge/fault.h"
#include "runtime/log.h"

namespace tidegauge {
namespace {

constexpr const char* kConfigFlag = "--config.file";
constexpr const char* kConfigHelp =
    "The config file. Without it ./config.yaml is taken where there is one, else built-in defaults";

std::string ListenFault(const std::string& address) {
  if (IsListenAddress(address)) return "";
  return "expected host:port, [IPv6]:port, or :port for every address, found " + Quoted(address);
}

std::string LevelFault(const std::string& level) {
  if (ParseLogLevel(level)) return "";
  return "expected debug, info, warn or error, found " + Quoted(level);
}

std::string FormatNameFault(const std::string& format) {
  if (ParseLogFormat(format)) return "";
  return "expected json or text, found " + Quoted(format);
}

const std::map<std::string, SampleFormat>& SampleFormats() {
  static const std::map<std::string, SampleFormat> formats = {
      {"table", SampleFormat::kTable},
      {"prometheus", SampleFormat::kPrometheus},
      {"json", SampleFormat::kJson},
  };
  return formats;
}

std::string SampleFormatFault(const std::string& format) {
  if (SampleFormats().contains(format)) return "";
  return "expected table, prometheus or json, found " + Quoted(format);
}

// An option that overrides the config only where it is given.
CLI::Option* AddOverride(CLI::App& command, const std::string& flag,
                         std::optional<std::string>& target, const std::string& help) {
  return command.add_option_function<std::string>(
      flag, [&target](const std::string& value) { target = value; }, help);
}

// Built for one command line; the options structs are filled while it parses.
class CommandLine {
 public:
  CommandLine() {
    app_.description(
        "Tidegauge runs SQL files against Postgres on a schedule and serves the rows to "
        "Prometheus as gauges.");
    app_.footer(
        "`tidegauge COMMAND --help` tells more of a command.\nExample: tidegauge run "
        "--config.file /etc/tidegauge/config.yaml");
    app_.require_subcommand(0, 1);
    app_.get_formatter()->label("SUBCOMMAND", "COMMAND");
    std::string version = VersionText();
    version.pop_back();  // CLI11 ends it with a line break of its own
    app_.set_version_flag("--version", version, "Print what `tidegauge version` prints");
    app_.add_option(kConfigFlag, config_file_, kConfigHelp)->type_name("FILE");
    AddRun();
    AddCheck();
    AddSample();
    AddNew();
    AddHealth();
    AddVersion();
  }

  int Parse(int argc, const char* const* argv) {
    if (const std::string fault = CommandFault(argc, argv); !fault.empty()) return Refuse(fault);
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) {
        return Refuse(error.what());
      }
      app_.exit(error, std::cout, std::cerr);  // --help or --version
      return kExitFine;
    }
    if (!run_) return Refuse("a command is expected, such as run or check");
    if (ConfigFlags() > 1) return Refuse("--config.file is given twice");
    return run_();
  }

 private:
  // A command with its own --config.file, so that it may stand before or after.
  CLI::App& AddCommand(const std::string& name, const std::string& description,
                       const std::string& example, std::function<int()> run) {
    CLI::App* command = app_.add_subcommand(name, description);
    command->footer("Example: " + example);
    command->group("Commands");
    command->add_option(kConfigFlag, config_file_, kConfigHelp)->type_name("FILE");
    command->callback([this, run = std::move(run)] { run_ = run; });
    names_.push_back(name);
    return *command;
  }

  void AddRun() {
    CLI::App& command = AddCommand(
        "run",
        "Run the daemon: sample on schedule, serve /metrics. Ends at SIGTERM, reloads at SIGHUP",
        "tidegauge run --config.file /etc/tidegauge/config.yaml --web.listen-address :9847",
        [this] {
          run_options_.config_file = config_file_;
          return RunDaemon(run_options_);
        });
    AddOverride(command, "--web.listen-address", run_options_.listen_address,
                "Where to listen, over web.listen of the config")
        ->check(ListenFault)
        ->type_name("HOST:PORT");
    AddOverride(command, "--log.level", run_options_.log_level,
                "debug, info, warn or error, over log.level of the config")
        ->check(LevelFault)
        ->type_name("LEVEL");
    AddOverride(command, "--log.format", run_options_.log_format,
                "json or text, over log.format of the config")
        ->check(FormatNameFault)
        ->type_name("FORMAT");
  }

  void AddCheck() {
    CLI::App& command = AddCommand(
        "check",
        "Tell every fault of the config and the gauge files. Exit code 1 where there is an error",
        "tidegauge check --strict --database queries/workflow/content_items.sql", [this] {
          check_options_.config_file = config_file_;
          return RunCheck(check_options_);
        });
    command
        .add_option("files", check_options_.files,
                    "Gauge files to check; without any, those that the config points at")
        ->type_name("FILE");
    command.add_flag("--strict", check_options_.strict, "Take warnings for errors");
    command.add_flag("--database", check_options_.database,
                     "Also ask the database for each statement's columns, types and estimated "
                     "cost. Runs nothing. Exit code 3 where a database cannot be reached");
  }

  void AddSample() {
    CLI::App& command =
        AddCommand("sample", "Run queries once and print what they give",
                   "tidegauge sample workflow/content_items --format prometheus", [this] {
                     sample_options_.config_file = config_file_;
                     return RunSample(sample_options_);
                   });
    command
        .add_option("names", sample_options_.names,
                    "Queries to run; without any, every one that is enabled")
        ->type_name("NAME");
    command
        .add_option_function<std::string>(
            "--format",
            [this](const std::string& format) {
              sample_options_.format = SampleFormats().at(format);
            },
            "table (the default), prometheus or json")
        ->check(SampleFormatFault)
        ->type_name("FORMAT");
    command
        .add_option("--output", sample_options_.output,
                    "Write to this file, by rename: for node_exporter's textfile collector")
        ->type_name("FILE");
  }

  void AddNew() {
    CLI::App& command = AddCommand("new", "Write a commented gauge file to start from",
                                   "tidegauge new workflow/content_items", [this] {
                                     new_options_.config_file = config_file_;
                                     return RunNew(new_options_);
                                   });
    command
        .add_option("name", new_options_.name,
                    "The query's name: its path under the queries folder, without .sql")
        ->type_name("NAME")
        ->required();
  }

  void AddHealth() {
    CLI::App& command = AddCommand(
        "health",
        "Ask the daemon's /healthz. Exit code 0 where it is well, else 1: for container health "
        "checks",
        "tidegauge health --web.listen-address 127.0.0.1:9847", [this] {
          health_options_.config_file = config_file_;
          return RunHealth(health_options_);
        });
    AddOverride(command, "--web.listen-address", health_options_.listen_address,
                "Where the daemon listens, over web.listen of the config")
        ->check(ListenFault)
        ->type_name("HOST:PORT");
  }

  void AddVersion() {
    AddCommand("version", "Print version, revision and library versions", "tidegauge version",
               [] { return RunVersion({}); });
  }

  // What is wrong with the command's name; CLI11 would call it an argument not expected.
  std::string CommandFault(int argc, const char* const* argv) const {
    for (int i = 1; i < argc; ++i) {
      const std::string_view argument = argv[i];
      if (argument == kConfigFlag) {
        ++i;
      } else if (!argument.starts_with('-')) {
        for (const std::string& name : names_) {
          if (argument == name) return "";
        }
        const std::vector<std::string_view> known(names_.begin(), names_.end());
        return "unknown command " + Quoted(argument) + DidYouMean(argument, known);
      }
    }
    return "";
  }

  int Refuse(const std::string& fault) const {
    std::cerr << "tidegauge: error: " << fault << "\nRun `tidegauge" << ParsedCommand()
              << " --help` for what it takes.\n";
    return kExitCommandLine;
  }

  std::size_t ConfigFlags() const {
    std::size_t count = app_.count(kConfigFlag);
    for (const CLI::App* command : app_.get_subcommands()) count += command->count(kConfigFlag);
    return count;
  }

  // " check", or nothing where no command was understood.
  std::string ParsedCommand() const {
    const std::vector<CLI::App*> parsed = app_.get_subcommands();
    return parsed.empty() ? "" : " " + parsed.front()->get_name();
  }

  CLI::App app_{"", "tidegauge"};
  std::vector<std::string> names_;
  std::string config_file_;
  RunOptions run_options_;
  CheckOptions check_options_;
  SampleOptions sample_options_;
  NewOptions new_options_;
  HealthOptions health_options_;
  std::function<int()> run_;
};

}  // namespace

int RunCommandLine(int argc, const char* const* argv) {
  try {
    return CommandLine().Parse(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "tidegauge: error: " << error.what() << '\n';
    return kExitInput;
  }
}

}  // namespace tidegauge
