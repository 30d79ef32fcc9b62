#include "gauge/identifier.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegauge {
namespace {

struct Case {
  const char* name;
  std::string text;
  const char* kind;  // "" for no identifier
};

class IdentifierTest : public testing::TestWithParam<Case> {};

TEST_P(IdentifierTest, IsSeen) {
  EXPECT_EQ(LooksLikeIdentifier(GetParam().text).value_or(""), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, IdentifierTest,
    testing::Values(Case{"Empty", "", ""}, Case{"Word", "approved", ""},
                    Case{"Words", "in review, late", ""},
                    Case{"Uuid", "550e8400-e29b-41d4-a716-446655440000", "a UUID"},
                    Case{"UuidUpper", "550E8400-E29B-41D4-A716-44665544000A", "a UUID"},
                    Case{"UuidInside", "order {550e8400-e29b-41d4-a716-44665544000a}", "a UUID"},
                    Case{"UuidCutShort", "550e8400-e29b-41d4-a716-4466554400",
                         "a number of 9 or more digits"},
                    Case{"UuidWrongShape", "550e840-0e29b-41d4-a716-44e65a4400", ""},
                    Case{"Email", "ada@example.org", "an e-mail address"},
                    Case{"EmailInside", "from Ada <ada.l+x@mail.example.org>", "an e-mail address"},
                    Case{"EmailOtherScript", "jürgen@bücher.example", "an e-mail address"},
                    Case{"EmailSecondAt", "@ada@example.org", "an e-mail address"},
                    Case{"AtWithoutDomain", "ada@home", ""}, Case{"AtAlone", "@", ""},
                    Case{"AtSpaces", "2 @ 3.50", ""}, Case{"AtDot", "a@.b", ""},
                    Case{"DotAtEnd", "a@b.", ""}, Case{"Url", "https://example.org/a", "a URL"},
                    Case{"UrlInside", "see postgres://db", "a URL"},
                    Case{"UrlWww", "www.example.org", "a URL"}, Case{"SlashesAlone", "://", ""},
                    Case{"Path", "api/v1/items", ""}, Case{"EightDigits", "20240101", ""},
                    Case{"NineDigits", "123456789", "a number of 9 or more digits"},
                    Case{"NineDigitsInside", "user-123456789", "a number of 9 or more digits"},
                    Case{"DigitsApart", "2024-01-01 12:30:45", ""},
                    Case{"NineteenHex", "deadbeefdeadbeefdea", ""},
                    Case{"TwentyHex", "deadbeefdeadbeefdead", "20 or more hex digits"},
                    Case{"HexUpper", "DEADBEEFDEADBEEFDEAD", "20 or more hex digits"},
                    Case{"NineteenBase64", "abcDEF1ghiJKL2mnoPQ", ""},
                    Case{"TwentyBase64", "abcDEF1ghiJKL2mnoPQR", "a base64 key"},
                    Case{"Base64Signs", "ab/DEF1gh+JKL2mnoPQR==", "a base64 key"},
                    Case{"JsonWebToken", "eyJhbGciOiJIUzI1NiJ9.e30.x", "a base64 key"},
                    Case{"LongNameNoDigit", "EnterprisePlanAnnualBilling", ""},
                    Case{"LongNameNoUpper", "enterprise2024annualbilling", ""},
                    Case{"LongNameApart", "Enterprise_Plan_2024_Annual", ""},
                    Case{"Base64RunsApart", "abcDEFghijKLMnop 1234 abc", ""}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace tidegauge
