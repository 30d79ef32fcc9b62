#include "status/landing.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegauge {
namespace {

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(LandingTest, ListsWhatThereIs) {
  const std::string page = LandingPage("1.2.3", "abc123");
  for (const char* path : {"/metrics", "/healthz", "/readyz"}) {
    EXPECT_TRUE(Contains(page, std::string("<a href=\"") + path + "\">")) << path;
  }
  EXPECT_TRUE(Contains(page, "Version 1.2.3, revision abc123"));
  EXPECT_FALSE(Contains(LandingPage("1.2.3", ""), "revision"));
}

TEST(LandingTest, NeedsNothingThatItsPolicyForbids) {
  const std::string page = LandingPage("1", "2");
  for (const char* part : {"<script", "<style", " style=", "<img", "<link", "<form", " onload"}) {
    EXPECT_FALSE(Contains(page, part)) << part;
  }
  EXPECT_EQ(kLandingSecurityPolicy.rfind("default-src 'none';", 0), 0u);
}

TEST(LandingTest, EscapesWhatItIsGiven) {
  EXPECT_EQ(EscapeHtml("<a href='x'>\"&\"</a>"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
  EXPECT_TRUE(Contains(LandingPage("<b>", "<i>"), "Version &lt;b&gt;, revision &lt;i&gt;"));
}

}  // namespace
}  // namespace tidegauge
