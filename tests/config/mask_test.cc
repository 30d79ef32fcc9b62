#include "config/mask.h"

#include <gtest/gtest.h>

#include "config/fault_text.h"
#include "config/load.h"

namespace tidegauge {
namespace {

// Configs that are wrong in some way near a connection string whose password is hunter2.
constexpr std::string_view kLeaks[] = {
    "databases:\n  app:\n    ulr: postgres://u:hunter2@h/db\n",
    "databases:\n  app:\n    url: [postgres://u:hunter2@h/db]\n",
    "databases:\n  app:\n    url: { a: postgres://u:hunter2@h/db }\n",
    "databases:\n  app:\n    url: postgres://u:hunter2${@h/db\n",
    "databases:\n  app:\n    url: postgres://u:hunter2${UNSET}@h/db\n",
    "databases:\n  app:\n    url: host=h password=hunter2 ${UNSET}\n",
    "databases:\n  app: { url: \"postgres://u:hunter2@h/db\", max_connections: 1 }\n",
    "databases: { app: { url: \"postgres://u:hunter2@h/db\", max_connections: 1 } }\n",
    "{ databases: { app: { url: \"postgres://u:hunter2@h/db\" } }, limts: 1 }\n",
    "databases:\n  app: {\n    max_connections: 1, url: \"postgres://u:hunter2@h/db\" }\n",
    "databases:\n  app:\n    max_connections: 1   # postgres://u:hunter2@h/db\n",
    "databases: postgres://u:hunter2@h/db\n",
    "databases:\n  app: postgres://u:hunter2@h/db\n",
    "databases:\n  - postgres://u:hunter2@h/db\n",
    "databases: { \"postgres://u:hunter2@h/db\" }\n",
    "databases: { \"postgres://u:hun'ter2@h/hunter2\" }\n",
    "databases:\n  postgres://u:hunter2@h/db:\n    max_connections: 2\n",
    "databases:\n  app:\n    password: hunter2\n",
    "databases:\n  app:\n    \"password\": hunter2\n",
    "databases:\n  app:\n    max_connections: hunter2@x\n",
    "databases:\n  app:\n    url: |\n      host=h\n      password: hunter2\n     bad: [\n",
    "databases:\n  app:\n    url: \"postgres://u:hunter2@h/db\n  more:\n",
    "databases:\n  app:\n    url: 'postgres://u:hunter2'x@h/db'\n",
    "databases:\n  app:\n    url: postgres://u: hunter2@h/db\n",
    "databases:\n  app:\n    url: postgres://h\n    url: postgres://u:hunter2@h/db\n",
    "databases:\n  app:\n\turl: postgres://u:hunter2@h/db\n",
    "databases:\n  app:\n    url: !secret postgres://u:hunter2@h/db\n",
    "databases:\n  app:\n    url: &x postgres://u:hunter2@h/db\n",
    "databases:\n  app:\n    url: %postgres://u:hunter2@h/db\n",
    "databases:\r\n  app:\r\n    ulr: postgres://u:hunter2@h/db\r\n",
    "\xEF\xBB\xBF"
    "databases: { app: { ulr: \"postgres://u:hunter2@h/db\" } }\n",
    "url: postgres://u:hunter2@h/db\n",
    "database: { app: { url: \"postgres://u:hunter2@h/db\" } }\n",
    "DATABASE_URL: postgres://u:hunter2@h/db\n",
    "password: hunter2\n",
    "app: { password: hunter2 }\n",
    "web: { listen: \"postgres://u:hunter2@h/db\" }\n",
    "web: { listen: \"u:hunter2@h:1\" }\n",
    "limits: { rows: \"${SECRET}\" }\n",
    "databases:\n  \"${SECRET}\":\n    url: \"${SECRET}\"\n    max_connections: \"${SECRET}\"\n",
    "log: { level: \"${SECRET}\", format: \"${SECRET}\" }\nweb: { listen: \"${SECRET}\" }\n",
    "defaults: { every: \"${SECRET}\" }\n",
    "# postgres://u:hunter2@h/db\ndatabases: { app: { x: 1 } }\n",
};

TEST(MaskSecretsTest, NoFaultShowsAPassword) {
  for (const std::string_view text : kLeaks) {
    std::vector<Fault> faults;
    ParseConfig("config.yaml", text, EnvironmentOf({{"SECRET", "hunter2"}}), faults);
    EXPECT_TRUE(HasErrors(faults)) << text;
    EXPECT_EQ(TextOf(faults).find("hunter2"), std::string::npos) << text << "\n→\n"
                                                                 << TextOf(faults);
  }
}

TEST(MaskSecretsTest, StillShowsWhereAMisspeltKeyStands) {
  std::vector<Fault> faults;
  ParseConfig("config.yaml", kLeaks[0], EnvironmentOf({}), faults);
  EXPECT_EQ(TextOf(faults),
            "config.yaml:3:5: error: unknown key 'ulr' (did you mean 'url'?)\n"
            "    ulr: ***\n"
            "    ^\n");
}

TEST(MaskSecretsTest, ShowsLinesThatCanHoldNoSecret) {
  const std::string_view text =
      "labels: { a: b }\n"
      "databases:\n"
      "  app:\n"
      "    url: host=h\n"
      "      password=p\n"
      "    max_connections: 3\n"
      "    url_file: /run/secret\n"
      "\n"
      "limits: { rows: 5 }\n"
      "api_token: abc\n";
  const char* shown[] = {"labels: { a: b }",
                         "databases:",
                         "  app:",
                         "    url: ***",
                         "",
                         "    max_connections: 3",
                         "    url_file: /run/secret",
                         "",
                         "limits: { rows: 5 }",
                         "api_token: ***",
                         "",
                         ""};
  int line = 0;
  for (const char* expected : shown) EXPECT_EQ(ShownLine(text, ++line), expected) << line;
}

}  // namespace
}  // namespace tidegauge
