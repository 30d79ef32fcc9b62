#include "commands/new.h"

#include <sstream>

#include "commands/command_test.h"

namespace tidegauge {
namespace {

class NewTest : public CommandTest {
 protected:
  static std::string Read(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
};

TEST_F(NewTest, WritesAFileWithoutFaultIntoTheFirstPath) {
  directory_.Write("etc/c.yaml", "queries: { paths: [own, queries] }\n");
  const CommandResult result =
      Run({"new", "workflow/content-items", "--config.file", "etc/c.yaml"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(
      result.out,
      "wrote etc/own/workflow/content-items.sql\n"
      "Put your table, columns and labels into it. Then:\n"
      "  tidegauge check --config.file etc/c.yaml --database "
      "etc/own/workflow/content-items.sql   # its faults, columns, types and cost; runs "
      "nothing\n"
      "  tidegauge sample --config.file etc/c.yaml workflow/content-items   # runs it once and "
      "prints it\n"
      "A running daemon takes it up at SIGHUP.\n");
  const std::string text = Read("etc/own/workflow/content-items.sql");
  EXPECT_EQ(text, NewGaugeFile("workflow/content-items"));
  EXPECT_EQ(text.find("-- gauge: workflow_content_items\n"), 0u) << text;
  std::filesystem::create_directories("etc/queries");
  const CommandResult check = Run({"check", "--strict", "--config.file", "etc/c.yaml"});
  EXPECT_EQ(check.code, 0) << check.err;
}

TEST_F(NewTest, IsFineWithoutAnyConfigOrFolder) {
  EXPECT_EQ(Run({"new", "items.sql"}).code, 0);
  EXPECT_EQ(Run({"check", "--strict"}).out, "1 query, 1 gauge: no faults\n");
}

TEST_F(NewTest, NeverOverwrites) {
  directory_.Write("queries/items.sql", "mine");
  const CommandResult result = Run({"new", "items"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "tidegauge: error: queries/items.sql exists already: choose another name, or delete "
            "it\n");
  EXPECT_EQ(Read("queries/items.sql"), "mine");
}

TEST_F(NewTest, TellsWhereTheFileCannotBeWritten) {
  directory_.Write("queries", "a file");
  const CommandResult result = Run({"new", "workflow/items"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.err.find("tidegauge: error: queries/workflow cannot be made: "), 0u)
      << result.err;
}

TEST_F(NewTest, RefusesNamesThatNoQueryCanHave) {
  for (const char* name :
       {"Items", "a b", "/etc/x", "../x", "a//b", "a/", "", ".sql", "a.b", "-- x", "ü"}) {
    const CommandResult result = Run({"new", "--", name});
    EXPECT_EQ(result.code, 2) << name;
    EXPECT_FALSE(std::filesystem::exists("queries")) << name;
  }
}

TEST_F(NewTest, GivesReservedNamesThePrefixOfTheApplication) {
  EXPECT_EQ(NewGaugeFile("up").find("-- gauge: app_up\n"), 0u);
  EXPECT_EQ(NewGaugeFile("process/x").find("-- gauge: app_process_x\n"), 0u);
  EXPECT_EQ(NewGaugeFile("2fa").find("-- gauge: app_2fa\n"), 0u);
}

TEST_F(NewTest, AFaultElsewhereInTheConfigIsNoHindrance) {
  directory_.Write("config.yaml", "databases: { app: { url: \"${UNSET_VARIABLE_OF_A_TEST}\" } }\n");
  EXPECT_EQ(Run({"new", "items"}).code, 0);
  directory_.Write("config.yaml", "queries: [\n");
  EXPECT_EQ(Run({"new", "more"}).code, 1);
}

}  // namespace
}  // namespace tidegauge
