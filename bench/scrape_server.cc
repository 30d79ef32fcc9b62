// Serves one file's bytes on / by our HTTP server, in pieces as a page has them: bench/scrape's
// half. usage: scrape_server FILE [ADDRESS]; prints the port, ends at SIGTERM.
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

#include "http/server.h"
#include "runtime/heartbeat.h"

int main(int argc, char** argv) {
  using namespace tidegauge;
  if (argc < 2) {
    std::fprintf(stderr, "usage: scrape_server FILE [ADDRESS]\n");
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);

  std::ifstream file(argv[1], std::ios::binary);
  const auto page = std::make_shared<const std::string>(std::istreambuf_iterator<char>(file),
                                                        std::istreambuf_iterator<char>());
  const HttpHandler handler = [page](const HttpRequest&) {
    constexpr std::size_t kPiece = 16 * 1024;
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    for (std::string_view rest = *page; !rest.empty();) {
      const std::string_view piece = rest.substr(0, kPiece);
      response.body.push_back(piece);
      rest.remove_prefix(piece.size());
    }
    response.owner = page;
    response.quiet = true;
    return response;
  };
  try {
    HttpOptions options;
    options.listen = argc > 2 ? argv[2] : "127.0.0.1:0";
    HeartbeatMonitor heartbeats;
    const HttpServer server(options, {{"GET", "/", handler}}, heartbeats);
    std::printf("%d\n", server.port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scrape_server: %s\n", error.what());
    return 1;
  }
  return 0;
}
