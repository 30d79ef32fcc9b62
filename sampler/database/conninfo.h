// config.yaml's database → libpq's options. Holds secrets: nothing of it is ever printed.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"

namespace tidegauge {

struct ConnectOptions {
  std::vector<std::pair<std::string, std::string>> values;  // keyword, value
  std::chrono::milliseconds attempt_timeout{5'000};         // connect_timeout; 0: none
};

// Reads url_file and password_file anew and adds our defaults where neither the user nor libpq's
// variables set them. Throws DatabaseError with kConnect and a text of our own: libpq's prints
// pieces of a password that is not percent-encoded.
ConnectOptions ReadConnectOptions(const DatabaseConfig& config, const std::string& directory);

// Takes the host that stopped answering out of a list of several ("a,b"). False where there is no
// other host to try.
bool DropHost(ConnectOptions& options, std::string_view host, std::string_view port);

// libpq's text as one line: without the SQLSTATE's label, the server's source lines and any secret.
std::string ConnectErrorText(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace tidegauge
