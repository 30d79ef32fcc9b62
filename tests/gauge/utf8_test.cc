#include "gauge/utf8.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

TEST(Utf8Test, TakesEveryLength) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("aä€\xF0\x9F\x98\x80"));
  EXPECT_TRUE(IsUtf8("\xF4\x8F\xBF\xBF"));
}

TEST(Utf8Test, FindsTheFirstBadByte) {
  const std::pair<const char*, std::size_t> cases[] = {
      {"ab\xFF", 2},            // never in UTF-8
      {"a\xC3", 1},             // cut off
      {"\xC0\xAF", 0},          // overlong
      {"\xE0\x80\xAF", 0},      // overlong
      {"a\xED\xA0\x80", 1},     // surrogate
      {"\xF4\x90\x80\x80", 0},  // above U+10FFFF
      {"\xF0\x80\x80\x80", 0},  // overlong
      {"\xE2\x82z", 0},         // third byte missing
      {"\x80", 0},              // begins in the middle
  };
  for (const auto& [text, offset] : cases) EXPECT_EQ(FindInvalidUtf8(text), offset) << text;
}

}  // namespace
}  // namespace tidegauge
