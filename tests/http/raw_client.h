// A client that sends any bytes, as slowly as it likes, and tells what came back.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "http/file_descriptor.h"

namespace tidegauge {

struct RawAnswer {
  int status = 0;                              // 0: none
  std::map<std::string, std::string> headers;  // by name in lower case
  std::string body;
  std::string Header(const std::string& name) const;
};

// Every wait is bounded by 60 s, which only a broken server reaches.
class RawClient {
 public:
  // Connects to 127.0.0.1, or to `to`; from `from` where that is given (127.0.0.2, …). Throws.
  explicit RawClient(std::uint16_t port, const std::string& from = "",
                     const std::string& to = "127.0.0.1");

  // Sends all of it; false where the server has closed. Waits while the server does not read.
  bool Send(std::string_view bytes);
  void CloseSending();
  // Closes with a reset.
  void Reset();

  // The next answer by its Content-Length; `head`: to a HEAD request. Status 0 where the connection
  // ended before it was whole. An answer without Content-Length ends with the connection.
  RawAnswer Receive(bool head = false);
  // All bytes until the connection ends.
  std::string ReceiveAll();
  // Whether the server has closed by now, without waiting; what it sent before is kept.
  bool Closed();
  // Waits until the server has closed.
  bool WaitClosed();

  int fd() const { return fd_.get(); }

 private:
  bool Fill();  // waits for more; false at the end
  FileDescriptor fd_;
  std::string received_;
  bool ended_ = false;
};

// One request on its own connection, and the answer.
RawAnswer Ask(std::uint16_t port, std::string_view request);
RawAnswer Get(std::uint16_t port, const std::string& path, const std::string& headers = "");

}  // namespace tidegauge
