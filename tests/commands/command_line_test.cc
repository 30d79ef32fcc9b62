#include "commands/command_line.h"

#include "commands/command_test.h"
#include "commands/version.h"

namespace tidegauge {
namespace {

class CommandLineTest : public CommandTest {};

struct Refused {
  std::vector<std::string> arguments;
  std::string err;
};

TEST_F(CommandLineTest, RefusesWithCodeTwoAndSaysWhereHelpIs) {
  const Refused cases[] = {
      {{}, "a command is expected, such as run or check\nRun `tidegauge --help`"},
      {{"chekc"}, "unknown command 'chekc' (did you mean 'check'?)\nRun `tidegauge --help`"},
      {{"--config.file", "c", "dance"}, "unknown command 'dance'\nRun `tidegauge --help`"},
      {{"check", "--strct"},
       "The following argument was not expected: --strct\nRun `tidegauge check --help`"},
      {{"run", "check"},
       "The following argument was not expected: check\nRun `tidegauge run --help`"},
      {{"run", "--log.level", "trace"},
       "--log.level: expected debug, info, warn or error, found 'trace'\nRun `tidegauge run "
       "--help`"},
      {{"run", "--log.format", "xml"},
       "--log.format: expected json or text, found 'xml'\nRun `tidegauge run --help`"},
      {{"run", "--web.listen-address", "9847"},
       "--web.listen-address: expected host:port, [IPv6]:port, or :port for every address, found "
       "'9847'\nRun `tidegauge run --help`"},
      {{"health", "--web.listen-address", "x"},
       "--web.listen-address: expected host:port, [IPv6]:port, or :port for every address, found "
       "'x'\nRun `tidegauge health --help`"},
      {{"sample", "--format", "csv"},
       "--format: expected table, prometheus or json, found 'csv'\nRun `tidegauge sample --help`"},
      {{"new"}, "name is required\nRun `tidegauge new --help`"},
      {{"--config.file", "a", "check", "--config.file", "b"},
       "--config.file is given twice\nRun `tidegauge check --help`"},
  };
  for (const Refused& refused : cases) {
    const CommandResult result = Run(refused.arguments);
    EXPECT_EQ(result.code, 2) << refused.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "tidegauge: error: " + refused.err + " for what it takes.\n");
  }
}

TEST_F(CommandLineTest, HelpOfEachCommandHasAnExample) {
  EXPECT_NE(Run({"--help"}).out.find("Example: tidegauge run"), std::string::npos);
  for (const char* command : {"run", "check", "sample", "new", "health", "version"}) {
    const CommandResult result = Run({command, "--help"});
    EXPECT_EQ(result.code, 0) << command;
    EXPECT_EQ(result.err, "") << command;
    EXPECT_NE(result.out.find("Example: tidegauge " + std::string(command)), std::string::npos)
        << result.out;
    EXPECT_NE(result.out.find("--config.file"), std::string::npos) << result.out;
  }
}

TEST_F(CommandLineTest, TakesTheConfigFileBeforeAndAfterTheCommand) {
  directory_.Write("etc/c.yaml", "limts: 1\n");
  const std::string fault =
      "etc/c.yaml:1:1: error: unknown key 'limts' (did you mean 'limits'?)\nlimts: 1\n^\n";
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"--config.file", "etc/c.yaml", "check"},
           {"check", "--config.file", "etc/c.yaml"},
           {"check", "--config.file=etc/c.yaml"},
           {"check", "--strict", "--config.file", "etc/c.yaml", "x.sql"}}) {
    const CommandResult result = Run(arguments);
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.err.substr(0, fault.size()), fault);
  }
}

TEST_F(CommandLineTest, TellsVersionRevisionAndLibraries) {
  const CommandResult command = Run({"version"});
  EXPECT_EQ(command.code, 0);
  EXPECT_EQ(command.out, VersionText());
  EXPECT_EQ(Run({"--version"}).out, VersionText());
  EXPECT_EQ(command.out.find("tidegauge " + std::string(Version()) +
                             "\nrevision: " + std::string(Revision()) + "\nlibraries: "),
            0u)
      << command.out;
  EXPECT_FALSE(Revision().empty());
  // A library whose version CMake did not find would leave its name before the comma.
  for (const char* gap : {" ,", "  "}) EXPECT_EQ(command.out.find(gap), std::string::npos);
  EXPECT_NE(command.out.find("zlib 1"), std::string::npos) << command.out;
}

}  // namespace
}  // namespace tidegauge
