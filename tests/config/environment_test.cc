#include "config/environment.h"

#include <gtest/gtest.h>

#include "config/fault_text.h"

namespace tidegauge {
namespace {

struct Expansion {
  const char* name;
  const char* text;
  const char* expanded;  // null: an error
  const char* error = "";
};

class ExpandVariablesTest : public testing::TestWithParam<Expansion> {};

TEST_P(ExpandVariablesTest, ExpandsOrTellsWhy) {
  const Environment environment = EnvironmentOf(
      {{"HOST", "db1"}, {"EMPTY", ""}, {"NESTED", "${HOST}"}, {"_x9", "under"}, {"WORD", "a: b"}});
  std::string error;
  const auto expanded = ExpandVariables(GetParam().text, environment, error);
  if (GetParam().expanded != nullptr) {
    EXPECT_EQ(expanded, GetParam().expanded) << error;
  } else {
    EXPECT_EQ(expanded, std::nullopt);
  }
  EXPECT_EQ(error, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ExpandVariablesTest,
    testing::Values(
        Expansion{"Nothing", "plain text", "plain text"}, Expansion{"Empty", "", ""},
        Expansion{"Whole", "${HOST}", "db1"},
        Expansion{"Within", "postgres://${HOST}:5432/${_x9}", "postgres://db1:5432/under"},
        Expansion{"SetButEmpty", "[${EMPTY}]", "[]"},
        Expansion{"DefaultWhereUnset", "${UNSET:-dev}", "dev"},
        Expansion{"DefaultWhereEmpty", "${EMPTY:-dev}", "dev"},
        Expansion{"NoDefaultWhereSet", "${HOST:-dev}", "db1"},
        Expansion{"EmptyDefault", "[${UNSET:-}]", "[]"},
        Expansion{"DefaultWithColon", "${UNSET:-127.0.0.1:9}", "127.0.0.1:9"},
        Expansion{"Literal", "$${HOST}", "${HOST}"},
        Expansion{"LiteralBesideVariable", "$${HOST}=${HOST}", "${HOST}=db1"},
        Expansion{"OnlyOnce", "${NESTED}", "${HOST}"},
        Expansion{"DollarAlone", "$HOST $ $$ 5$", "$HOST $ $$ 5$"},
        Expansion{"YamlInValueStaysText", "${WORD}", "a: b"},
        Expansion{"Unset", "x${UNSET}y", nullptr,
                  "environment variable 'UNSET' is not set: set it, or write ${UNSET:-default}"},
        Expansion{"NotClosed", "pa${ss", nullptr,
                  "'${' has no closing '}' (a literal ${ is written $${)"},
        Expansion{"NoName", "${}", nullptr,
                  "expected ${NAME} or ${NAME:-default} (a literal ${ is written $${)"},
        Expansion{"BadName", "${9LIVES}", nullptr,
                  "expected ${NAME} or ${NAME:-default} (a literal ${ is written $${)"},
        Expansion{"OtherShellForms", "${HOST:?gone}", nullptr,
                  "expected ${NAME} or ${NAME:-default} (a literal ${ is written $${)"}),
    [](const auto& info) { return info.param.name; });

TEST(ProcessEnvironmentTest, TellsSetFromUnset) {
  setenv("TIDEGAUGE_TEST_VARIABLE", "", 1);
  EXPECT_EQ(ProcessEnvironment()("TIDEGAUGE_TEST_VARIABLE"), "");
  unsetenv("TIDEGAUGE_TEST_VARIABLE");
  EXPECT_EQ(ProcessEnvironment()("TIDEGAUGE_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace tidegauge
