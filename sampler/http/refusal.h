// A request that is turned away.
#pragma once

#include <string>

namespace tidegauge {

struct Refusal {
  int status;
  const char* text;
};

// Answers straight to the socket, past libmicrohttpd: for requests that it cannot answer, because
// its memory for the connection is full or because it would go on reading a body. Short enough for
// an empty send buffer; says `Connection: close`, which is the caller's to do.
void SendRefusal(int fd, const Refusal& refusal, const std::string& request_id);

}  // namespace tidegauge
