#include "commands/run.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "commands/daemon.h"
#include "commands/exit_code.h"
#include "runtime/log.h"

namespace tidegauge {
namespace {

// Large results go straight back to the system, and threads share their heap: resident memory is
// what is in use.
void KeepMemorySmall() {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 64 * 1024);
  mallopt(M_TRIM_THRESHOLD, 128 * 1024);
}

// Blocked in every thread made after this; the main thread waits for them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

}  // namespace

int RunDaemon(const RunOptions& options) {
  KeepMemorySmall();
  const sigset_t signals = BlockSignals();

  std::vector<Fault> faults;
  const auto setup = LoadSetup(options.config_file, faults);
  for (const Fault& fault : faults) std::cerr << FormatFault(fault) << '\n';
  if (!setup) return kExitInput;
  InitLog(LogOptionsOf(options, setup->config));

  std::optional<Daemon> daemon;
  try {
    daemon.emplace(options, *setup);
  } catch (const std::runtime_error& error) {
    std::cerr << "tidegauge: error: " << error.what() << '\n';
    return kExitInput;
  }
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    daemon->Reload();
  }
  if (!daemon->Stop()) std::_Exit(kExitFine);  // a thread is stuck in a connect or in DNS
  daemon.reset();
  return kExitFine;
}

}  // namespace tidegauge
