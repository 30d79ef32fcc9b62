#include "commands/command_line.h"

int main(int argc, char** argv) { return tidegauge::RunCommandLine(argc, argv); }
