// The command line: which command, with which options.
#pragma once

namespace tidegauge {

// Parses the arguments, runs the command and returns the exit code (exit_code.h).
int RunCommandLine(int argc, const char* const* argv);

}  // namespace tidegauge
