#include "gauge/number.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegauge {
namespace {

TEST(NumberTest, ReadsWhatPostgresWrites) {
  EXPECT_EQ(ParseNumber("0"), 0.0);
  EXPECT_EQ(ParseNumber("-12"), -12.0);
  EXPECT_EQ(ParseNumber("0.1"), 0.1);
  EXPECT_EQ(ParseNumber("1700000000.123456"), 1700000000.123456);
  EXPECT_EQ(ParseNumber("1e+300"), 1e300);
  EXPECT_EQ(ParseNumber("9223372036854775807"), 9223372036854775808.0);
}

TEST(NumberTest, TakesTheNearestDoubleOfALongNumeric) {
  EXPECT_EQ(ParseNumber("0.30000000000000000000000000000000000000000001"), 0.3);
  EXPECT_EQ(ParseNumber("9007199254740993.0000000000000000000000000001"), 9007199254740994.0);
  EXPECT_EQ(ParseNumber("0.1" + std::string(5'000, '3')), 2.0 / 15);
}

TEST(NumberTest, TakesWhatIsNearerToZeroThanEveryDoubleAsZero) {
  EXPECT_EQ(ParseNumber("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_EQ(ParseNumber("-0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_EQ(ParseNumber("1e-400"), 0.0);
  EXPECT_EQ(ParseNumber("5e-324"), 5e-324);
}

TEST(NumberTest, RefusesWhatIsNoFiniteDouble) {
  for (const std::string& text :
       {std::string("NaN"), std::string("Infinity"), std::string("-Infinity"), std::string("1e309"),
        std::string(310, '9'), "-" + std::string(131'072, '9') + ".5"}) {
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text.substr(0, 20);
  }
}

TEST(NumberTest, RefusesWhatIsNoNumber) {
  for (const char* text : {"", " 1", "1 ", "+1", "1,5", "$1.00", "0x10", "2024-01-01", "t"}) {
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text;
  }
}

TEST(NumberTest, ReadsBooleansInBothSpellings) {
  EXPECT_EQ(ParseBoolean("t"), 1.0);
  EXPECT_EQ(ParseBoolean("true"), 1.0);
  EXPECT_EQ(ParseBoolean("f"), 0.0);
  EXPECT_EQ(ParseBoolean("false"), 0.0);
  EXPECT_EQ(ParseBoolean("1"), std::nullopt);
  EXPECT_EQ(ParseBoolean(""), std::nullopt);
}

}  // namespace
}  // namespace tidegauge
