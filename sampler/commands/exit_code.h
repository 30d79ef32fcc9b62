// What every command returns to the shell. A public contract.
#pragma once

namespace tidegauge {

enum ExitCode : int {
  kExitFine = 0,
  kExitInput = 1,        // config, a gauge file or what was asked for is at fault
  kExitCommandLine = 2,  // the command line is
  kExitDatabase = 3,     // the database is, or cannot be reached
};

}  // namespace tidegauge
