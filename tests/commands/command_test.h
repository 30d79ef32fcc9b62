// Runs a command line in the process, in a folder of its own, and keeps what it says.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "commands/command_line.h"
#include "config/temp_directory.h"

namespace tidegauge {

struct CommandResult {
  int code = 0;
  std::string out;
  std::string err;
};

class CommandTest : public testing::Test {
 protected:
  void SetUp() override {
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(directory_.path());
    // The config that a developer has set must not leak in.
    if (const char* url = getenv("DATABASE_URL")) url_ = url;
    unsetenv("DATABASE_URL");
  }
  void TearDown() override {
    std::filesystem::current_path(before_);
    if (!url_.empty()) setenv("DATABASE_URL", url_.c_str(), 1);
  }

  static CommandResult Run(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv = {"tidegauge"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    CommandResult result;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    result.code = RunCommandLine(static_cast<int>(argv.size()), argv.data());
    result.err = testing::internal::GetCapturedStderr();
    result.out = testing::internal::GetCapturedStdout();
    return result;
  }

  TempDirectory directory_;

 private:
  std::filesystem::path before_;
  std::string url_;
};

}  // namespace tidegauge
