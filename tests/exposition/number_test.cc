#include "exposition/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <limits>
#include <random>

namespace tidegauge {
namespace {

std::string Number(double value) {
  std::string out;
  AppendNumber(out, value);
  return out;
}

TEST(NumberTest, WritesTheShortestFormAndWholeNumbersWithoutExponent) {
  const struct {
    const char* name;
    double value;
    const char* expected;
  } cases[] = {
      {"zero", 0, "0"},
      {"negative zero", -0.0, "0"},
      {"one", 1, "1"},
      {"negative", -17, "-17"},
      {"a million", 1e6, "1000000"},
      {"a billion", 1e9, "1000000000"},
      {"2^53", 9007199254740992.0, "9007199254740992"},
      {"-2^53", -9007199254740992.0, "-9007199254740992"},
      {"largest bigint", 9223372036854775807.0, "9223372036854775808"},
      {"beyond", 1e22, "1e+22"},
      {"a third", 1.0 / 3, "0.3333333333333333"},
      {"0.1 + 0.2", 0.1 + 0.2, "0.30000000000000004"},
      {"half", 0.5, "0.5"},
      {"small", 1e-7, "1e-07"},
      {"a timestamp", 1767323045.123, "1767323045.123"},
      {"largest", std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
      {"smallest", std::numeric_limits<double>::denorm_min(), "5e-324"},
      {"longest", -2.2250738585072014e-308, "-2.2250738585072014e-308"},
      {"not a number", std::numeric_limits<double>::quiet_NaN(), "NaN"},
      {"infinity", std::numeric_limits<double>::infinity(), "+Inf"},
      {"negative infinity", -std::numeric_limits<double>::infinity(), "-Inf"},
  };
  for (const auto& c : cases) EXPECT_EQ(Number(c.value), c.expected) << c.name;
}

TEST(NumberTest, ReadsBackAsTheSameDouble) {
  std::mt19937_64 random(20260102);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (value != value) continue;
    ASSERT_EQ(std::strtod(Number(value).c_str(), nullptr), value) << Number(value);
  }
}

}  // namespace
}  // namespace tidegauge
