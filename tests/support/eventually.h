// Waits for a condition with a bound that only a broken program reaches.
#pragma once

#include <chrono>
#include <thread>

namespace tidegauge {

template <typename Condition>
bool Eventually(Condition condition, std::chrono::seconds bound = std::chrono::seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + bound;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace tidegauge
