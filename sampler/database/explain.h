// What a failed call is to a user: its reason, and a message that says what, where and what to do.
#pragma once

#include <chrono>
#include <string>

#include "database/server_error.h"
#include "gauge/failure.h"

namespace tidegauge {

// What the session was doing when the server's error came.
struct CallContext {
  std::string file;      // gauge file, as shown to users; may be empty
  std::string database;  // name in config.yaml
  std::string role;
  std::string sql;  // as sent
  std::chrono::milliseconds timeout{0};
  std::chrono::milliseconds elapsed{0};  // since the call was sent
  bool beginning = false;                // the message was ours: it can hold no row data
};

// Pure. Of SQLSTATE classes 22 and 23 only the condition's name is told: their texts hold row data.
Failure ExplainServerError(const ServerError& error, const CallContext& context);

// The connection broke without a word of the server; `text` is libpq's.
Failure ExplainLostConnection(const std::string& text);

// Our own cut-off came.
Failure ExplainCutOff(const CallContext& context);

Failure ExplainShutdown();

}  // namespace tidegauge
