#include "http/request_parts.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

namespace tidegauge {
namespace {

TEST(RequestPartsTest, ReadsTargets) {
  struct Case {
    const char* name;
    std::string target;
    std::optional<std::string> path;
    std::string query;
  };
  const Case cases[] = {
      {"root", "/", "/", ""},
      {"path", "/metrics", "/metrics", ""},
      {"query", "/a?b=c&d", "/a", "b=c&d"},
      {"second question mark", "/a?b?c", "/a", "b?c"},
      {"empty query", "/a?", "/a", ""},
      {"escapes", "/%41%2f%e2%82%AC", "/A/\xE2\x82\xAC", ""},
      {"escaped question mark", "/a%3Fb", "/a?b", ""},
      {"query is left alone", "/a?%zz %00", "/a", "%zz %00"},
      {"plus is no space", "/a+b", "/a+b", ""},
      {"absolute", "http://host:1/a?b", "/a", "b"},
      {"absolute without path", "https://host", "/", ""},
      {"absolute with query alone", "http://host?b", "/", "b"},
      {"address inside a path", "/a://b/c", "/a://b/c", ""},
      {"empty", "", "/", ""},
      {"star", "*", "*", ""},
      {"cut escape", "/%", std::nullopt, ""},
      {"half an escape", "/%4", std::nullopt, ""},
      {"no hex", "/%4g", std::nullopt, ""},
      {"nul", "/%00", std::nullopt, ""},
      {"space", "/a b", std::nullopt, ""},
      {"control character", "/a\nb", std::nullopt, ""},
  };
  for (const Case& test : cases) {
    const auto target = ParseTarget(test.target);
    ASSERT_EQ(target.has_value(), test.path.has_value()) << test.name;
    if (!target) continue;
    EXPECT_EQ(target->path, *test.path) << test.name;
    EXPECT_EQ(target->query, test.query) << test.name;
  }
}

TEST(RequestPartsTest, KnowsSaneRequestIds) {
  for (const char* sane : {"a", "A-Z_0.9", "00000000-0000-4000-8000-000000000000"}) {
    EXPECT_TRUE(SaneRequestId(sane)) << sane;
  }
  EXPECT_TRUE(SaneRequestId(std::string(64, 'a')));
  EXPECT_FALSE(SaneRequestId(std::string(65, 'a')));
  EXPECT_FALSE(SaneRequestId(""));
  for (const char* insane : {" ", "a b", "a\n", "a\"", "<a>", "\xC3\xA9", "a/b", "a:b", "a,b"}) {
    EXPECT_FALSE(SaneRequestId(insane)) << insane;
  }
}

TEST(RequestPartsTest, MakesRequestIdsThatDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = RandomRequestId();
    ASSERT_EQ(id.size(), 32u);
    ASSERT_TRUE(SaneRequestId(id));
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 10'000u);
}

}  // namespace
}  // namespace tidegauge
