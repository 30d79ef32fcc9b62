#include "config/listen.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

TEST(IsListenAddressTest, TakesHostsAndPorts) {
  for (const char* text : {"127.0.0.1:9847", "localhost:1", ":9847", "[::1]:65535", "[::]:0",
                           "a-host.example:80", "0.0.0.0:9847"}) {
    EXPECT_TRUE(IsListenAddress(text)) << text;
  }
}

TEST(IsListenAddressTest, RefusesWhatLeavesAGuess) {
  for (const char* text : {"", ":", "9847", "localhost", "localhost:", "localhost:http",
                           "localhost:65536", "localhost:-1", "localhost:+1", "::1:9847", "[]:1",
                           "[::1]", "[::1:1", "http://h:1", "a b:1", "u@h:1", "h:1 ", "h:1x"}) {
    EXPECT_FALSE(IsListenAddress(text)) << text;
  }
}

}  // namespace
}  // namespace tidegauge
