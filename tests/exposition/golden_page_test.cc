// Whole pages of a small board, byte for byte. TIDEGAUGE_RENEW=1 writes the golden files anew.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "exposition/boards.h"

namespace tidegauge {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Two databases; a query on both, one with two gauges, one whose reading is too old, one never
// tried.
BoardSnapshot SmallBoard() {
  const auto items = MakeQuery("workflow/content_items", {"workflow_content_items"}, {"status"});
  items->gauges[0].help = "Content items by workflow status.";
  items->owner = "Editorial \"core\" team";
  const auto approvals =
      MakeQuery("workflow/stale_approvals",
                {"workflow_stale_approvals", "workflow_oldest_approval_timestamp_seconds"});
  approvals->gauges[0].help = "Approvals that wait \"too long\",\nsee C:\\docs.";
  approvals->every = minutes{5};
  approvals->keep_for = minutes{15};
  const auto deliveries = MakeQuery("mail/deliveries", {"mail_deliveries"}, {"state", "channel"});
  deliveries->timeout = std::chrono::milliseconds{2500};
  deliveries->every = seconds{90};
  deliveries->keep_for = minutes{4};
  const auto logins = MakeQuery("users/logins", {"users_logins_1h"});

  auto items_app = MakeTarget(items, "app");
  items_app->reading = MakeReading(
      *items, {{{"draft"}, 120}, {{"in \"review\"\\\n"}, 1'000'000}, {{"other"}, 0.25}});
  items_app->up = items_app->tried = true;
  items_app->duration = std::chrono::microseconds{12'345};
  items_app->samples = 7;
  items_app->failures = 2;
  items_app->skipped = 1;
  auto folded = std::make_shared<Reading>(*items_app->reading);
  folded->folded_values = 3;
  folded->absent_values = 1;
  items_app->reading = folded;

  auto items_eu = MakeTarget(items, "eu");
  items_eu->reading = MakeReading(*items, {{{"draft"}, 5}}, kNow - minutes{1});
  items_eu->tried = true;
  items_eu->failure = Failure{Reason::kTimeout, "queries/workflow/content_items.sql: too slow", ""};
  items_eu->samples = 2;
  items_eu->failures = 1;

  auto approvals_app = MakeTarget(approvals);
  auto two = MakeReading(*approvals, {{{}, 4}});
  two->gauges[1].series = {{{}, 1767000000.5}};
  approvals_app->reading = two;
  approvals_app->up = approvals_app->tried = true;
  approvals_app->samples = 1;

  auto deliveries_app = MakeTarget(deliveries);
  deliveries_app->reading = MakeReading(*deliveries, {{{"failed", "mail"}, 9}}, kNow - hours{1});
  deliveries_app->tried = true;
  deliveries_app->samples = 40;
  deliveries_app->failures = 30;

  BoardSnapshot board;
  board.targets = {deliveries_app, MakeTarget(logins), items_app, items_eu, approvals_app};
  auto app = MakeDatabase("app");
  app->up = app->reached = true;
  app->connections = 2;
  app->connects = 3;
  app->failures[static_cast<std::size_t>(Reason::kConnect)] = 30;
  auto eu = MakeDatabase("eu");
  eu->role_writable = true;
  eu->failures[static_cast<std::size_t>(Reason::kTimeout)] = 1;
  board.databases = {app, eu};
  board.reload.last_success = kNow - minutes{10};
  return board;
}

std::string SmallPage(PageFormat format) {
  PageBuilder builder({{{"environment", "dev"}, {"team", "a\"b"}}, "0.1.0", "8cba63f"},
                      FixedProcess);
  return Text(*builder.Build(SmallBoard(), kNow), format);
}

void ExpectGolden(const std::string& file, const std::string& text) {
  const std::string path = std::string(TIDEGAUGE_GOLDEN) + "/" + file;
  if (std::getenv("TIDEGAUGE_RENEW") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream golden(path, std::ios::binary);
  ASSERT_TRUE(golden.is_open()) << path;
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(golden), {}))
      << "TIDEGAUGE_RENEW=1 writes " << path << " anew";
}

TEST(GoldenPageTest, IsTheGoldenText) { ExpectGolden("page.txt", SmallPage(PageFormat::kText)); }

TEST(GoldenPageTest, IsTheGoldenOpenMetrics) {
  ExpectGolden("page.openmetrics.txt", SmallPage(PageFormat::kOpenMetrics));
}

TEST(GoldenPageTest, PromtoolHasNothingToSay) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "SKIPPED: promtool is not installed (package prometheus)";
  }
  const std::string command =
      "promtool check metrics < '" + std::string(TIDEGAUGE_GOLDEN) + "/page.txt' 2>&1; echo $?";
  FILE* output = popen(command.c_str(), "r");
  ASSERT_NE(output, nullptr);
  std::string said;
  for (int c = 0; (c = std::fgetc(output)) != EOF;) said += static_cast<char>(c);
  pclose(output);
  EXPECT_EQ(said, "0\n");
}

TEST(GoldenPageTest, PythonsOpenMetricsParserTakesIt) {
  if (std::system("python3 -c 'import prometheus_client' >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "SKIPPED: package python3-prometheus-client is not installed";
  }
  const std::string script =
      "from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse; "
      "families = list(parse(open(\\\"" +
      std::string(TIDEGAUGE_GOLDEN) +
      "/page.openmetrics.txt\\\").read())); assert len(families) > 20, len(families)";
  EXPECT_EQ(std::system(("python3 -c \"" + script + "\"").c_str()), 0);
}

}  // namespace
}  // namespace tidegauge
