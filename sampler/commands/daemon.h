// The daemon: the rooms put together, and taken apart in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "commands/run.h"
#include "commands/setup.h"
#include "exposition/page_publisher.h"
#include "http/server.h"
#include "runtime/heartbeat.h"
#include "sampling/board.h"
#include "sampling/sampler.h"

namespace tidegauge {

class Daemon {
 public:
  // Serves and samples from here on. Throws std::runtime_error where the address cannot be had.
  // `options` is what the command line says over the setup's config.
  Daemon(const RunOptions& options, const Setup& setup);

  // Config and queries again, all or nothing: on any fault the old state goes on. Not thread-safe.
  void Reload();

  // Gives up what runs. Returns whether every thread will end at once: where not, one is stuck in a
  // connect or in DNS, and the process should exit without destroying the daemon.
  bool Stop();

  std::uint16_t port() const { return server_->port(); }

 private:
  std::vector<HttpRoute> Routes();
  HttpResponse Metrics(const HttpRequest& request) const;
  HttpResponse Health() const;
  HttpResponse Ready();
  SamplerOptions Sampling(const Setup& setup);

  const RunOptions options_;
  std::string listen_;
  HeartbeatMonitor heartbeats_;
  Watchdog watchdog_;
  Databases databases_;
  Board board_;
  std::optional<PagePublisher> pages_;
  std::optional<Sampler> sampler_;
  // The HTTP thread's:
  std::optional<std::uint64_t> complete_version_;  // of the board, when nothing was missing first
  bool ready_ = false;                             // from the first time on
  std::optional<HttpServer> server_;               // last: its handlers use all of the above
};

// The config's log options with the command line's over them. Both were checked before.
LogOptions LogOptionsOf(const RunOptions& options, const Config& config);

}  // namespace tidegauge
