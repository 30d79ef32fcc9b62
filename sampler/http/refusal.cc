#include "http/refusal.h"

#include <microhttpd.h>
#include <sys/socket.h>

namespace tidegauge {

void SendRefusal(int fd, const Refusal& refusal, const std::string& request_id) {
  const std::string text = refusal.text;
  const std::string answer = "HTTP/1.1 " + std::to_string(refusal.status) + " " +
                             MHD_get_reason_phrase_for(static_cast<unsigned int>(refusal.status)) +
                             "\r\nConnection: close"
                             "\r\nContent-Type: text/plain; charset=utf-8"
                             "\r\nX-Request-ID: " +
                             request_id +
                             "\r\nX-Content-Type-Options: nosniff"
                             "\r\nCache-Control: no-store"
                             "\r\nContent-Length: " +
                             std::to_string(text.size()) + "\r\n\r\n" + text;
  // A client that is gone or does not read is disconnected all the same.
  static_cast<void>(send(fd, answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

}  // namespace tidegauge
