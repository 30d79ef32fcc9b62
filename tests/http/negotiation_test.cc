#include "http/negotiation.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tidegauge {
namespace {

struct Case {
  const char* name;
  const char* header;
  bool expected;
};

TEST(NegotiationTest, PrefersOpenMetricsWhereTheHeaderDoes) {
  const Case cases[] = {
      {"no header", "", false},
      {"anything", "*/*", false},
      {"browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
       false},
      {"json", "application/json", false},
      {"text", "text/plain", false},
      {"text 0.0.4", "text/plain;version=0.0.4", false},
      {"openmetrics", "application/openmetrics-text", true},
      {"openmetrics 1.0.0", "application/openmetrics-text; version=1.0.0; charset=utf-8", true},
      {"openmetrics 0.0.1 alone", "application/openmetrics-text;version=0.0.1", false},
      {"openmetrics 2.0.0 alone", "application/openmetrics-text;version=2.0.0", false},
      {"quoted version", "application/openmetrics-text;version=\"1.0.0\"", true},
      {"upper case", "APPLICATION/OpenMetrics-Text;VERSION=1.0.0;Q=0.5", true},
      {"prometheus 2.26",
       "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       false},
      {"prometheus 2.42",
       "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
       "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       true},
      {"prometheus 2.42 with protobuf",
       "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
       "encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,"
       "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       true},
      {"prometheus 3",
       "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
       "application/openmetrics-text;version=0.0.1;q=0.4,"
       "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
       "*/*;q=0.1",
       true},
      {"prometheus 3, text first",
       "text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;"
       "escaping=underscores;q=0.4,*/*;q=0.1",
       false},
      {"the brief form",
       "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
       true},
      {"less than text", "application/openmetrics-text;q=0.3,text/plain;q=0.5", false},
      {"less than anything", "application/openmetrics-text;q=0.3,*/*", false},
      {"a thousandth more", "application/openmetrics-text;q=0.501,text/plain;q=0.5", true},
      {"digits beyond a thousandth", "application/openmetrics-text;q=0.50099,text/plain;q=0.501",
       false},
      {"refused", "application/openmetrics-text;q=0,text/plain;q=0", false},
      {"refused beside anything", "application/openmetrics-text;q=0,*/*", false},
      {"text refused", "text/plain;q=0,*/*;q=0.1", true},
      {"equal, named first", "application/openmetrics-text,text/plain", true},
      {"equal, named second", "text/plain,application/openmetrics-text", false},
      {"equal to anything", "*/*,application/openmetrics-text", true},
      {"equal by family", "application/*,text/*", false},
      {"family", "application/*", true},
      {"family and anything", "application/*;q=0.5,*/*;q=0.4", true},
      {"by name over by family",
       "application/*,application/openmetrics-text;q=0.1,text/plain;q=0.5", false},
      {"by version over by name",
       "application/openmetrics-text;version=1.0.0;q=0.1,application/openmetrics-text;q=1,"
       "text/plain;q=0.5",
       false},
      {"text of another version counts for nothing",
       "text/plain;version=1.0.0;q=0.9,application/openmetrics-text;q=0.1", true},
      {"spaces and tabs", " application/openmetrics-text ;\tq = 0.9 , text/plain ; q=0.8 ", true},
      {"broken q is left out", "application/openmetrics-text;q=high,text/plain;q=0.1", false},
      {"q above one is left out", "application/openmetrics-text;q=1.1,text/plain;q=0.1", false},
      {"negative q is left out", "application/openmetrics-text;q=-1,text/plain;q=0.1", false},
      {"empty elements", ",,;,application/openmetrics-text,,", true},
      {"comma in quotes", "text/plain;a=\",application/openmetrics-text,\"", false},
      {"escaped quote", "text/plain;a=\"\\\",application/openmetrics-text", false},
      {"no name", ";q=1,=,/", false},
      {"longer name", "application/openmetrics-text2", false},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(PrefersOpenMetrics(test.header), test.expected) << test.name;
  }
}

TEST(NegotiationTest, AcceptsGzipWhereTheHeaderDoes) {
  const Case cases[] = {
      {"no header", "", false},
      {"gzip", "gzip", true},
      {"upper case", "GZIP", true},
      {"old name", "x-gzip", true},
      {"prometheus", "gzip", true},
      {"browser", "gzip, deflate, br, zstd", true},
      {"others", "deflate, br", false},
      {"anything", "*", true},
      {"refused", "gzip;q=0", false},
      {"refused beside anything", "gzip;q=0, *", false},
      {"anything refused", "*;q=0", false},
      {"anything refused but gzip", "*;q=0, gzip", true},
      {"small quality", "gzip;q=0.001", true},
      {"below identity", "identity, gzip;q=0.5", false},
      {"equal to identity", "identity;q=0.5, gzip;q=0.5", true},
      {"identity refused", "identity;q=0, gzip;q=0.1", true},
      {"broken q", "gzip;q=x", false},
      {"longer name", "gzipped", false},
      {"garbage", "\x01,\xFF;;=\"", false},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(AcceptsGzip(test.header), test.expected) << test.name;
  }
}

TEST(NegotiationTest, TakesAnyBytes) {
  std::mt19937 random(1);
  const std::string alphabet = "aq=;,\"\\/*. \t01\xFF-";
  for (int i = 0; i < 20'000; ++i) {
    std::string header = random() % 2 == 0 ? "application/openmetrics-text" : "gzip";
    const std::size_t length = random() % 40;
    for (std::size_t j = 0; j < length; ++j) {
      header.insert(random() % (header.size() + 1), 1, alphabet[random() % alphabet.size()]);
    }
    PrefersOpenMetrics(header);  // the sanitizers judge
    AcceptsGzip(header);
  }
}

}  // namespace
}  // namespace tidegauge
