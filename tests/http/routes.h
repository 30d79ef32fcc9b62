// What the servers in these tests serve.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "http/server.h"

namespace tidegauge {

inline constexpr std::size_t kBigBytes = 20 * 1024 * 1024;

// kBigBytes that anybody can recompute.
inline const std::string& BigBody() {
  static const std::string body = [] {
    std::string text;
    for (std::size_t i = 0; text.size() < kBigBytes; ++i) text += std::to_string(i) + "\n";
    text.resize(kBigBytes);
    return text;
  }();
  return body;
}

// `big` is what /big and /pieces serve; they keep it alive.
inline std::vector<HttpRoute> TestRoutes(std::shared_ptr<const std::string> big = nullptr) {
  return {
      {"GET", "/", [](const HttpRequest&) { return HttpResponse::Text(200, "home\n"); }},
      {"GET", "/quiet",
       [](const HttpRequest&) {
         HttpResponse response = HttpResponse::Text(200, "quiet\n");
         response.quiet = true;
         return response;
       }},
      {"GET", "/a b/c",
       [](const HttpRequest& request) { return HttpResponse::Text(200, request.query); }},
      {"GET", "/accept",
       [](const HttpRequest& request) {
         return HttpResponse::Text(200, request.accept + "|" + request.accept_encoding);
       }},
      {"GET", "/remote",
       [](const HttpRequest& request) { return HttpResponse::Text(200, request.remote); }},
      {"GET", "/empty", [](const HttpRequest&) { return HttpResponse(); }},
      {"GET", "/throws",
       [](const HttpRequest&) -> HttpResponse { throw std::runtime_error("out of cheese"); }},
      {"GET", "/bad-header",
       [](const HttpRequest&) {
         HttpResponse response = HttpResponse::Text(200, "never sent\n");
         response.headers.emplace_back("X-Bad", "a\r\nb");
         return response;
       }},
      {"GET", "/cached",
       [](const HttpRequest&) {
         HttpResponse response = HttpResponse::Text(200, "cached\n");
         response.headers.emplace_back("cache-control", "max-age=60");
         return response;
       }},
      {"GET", "/unavailable",
       [](const HttpRequest&) { return HttpResponse::Text(503, "not yet\n"); }},
      {"POST", "/post", [](const HttpRequest&) { return HttpResponse::Text(200, "posted\n"); }},
      {"GET", "/big",
       [big](const HttpRequest&) {
         HttpResponse response;
         response.body = {*big};
         response.owner = big;
         return response;
       }},
      {"GET", "/pieces",  // ?N: the big body in N pieces, and an empty one after each
       [big](const HttpRequest& request) {
         HttpResponse response;
         const std::size_t pieces = std::stoul(request.query);
         const std::string_view whole = *big;
         for (std::size_t i = 0; i < pieces; ++i) {
           const std::size_t begin = whole.size() * i / pieces;
           response.body.push_back(whole.substr(begin, whole.size() * (i + 1) / pieces - begin));
           response.body.push_back({});
         }
         response.owner = big;
         return response;
       }},
  };
}

}  // namespace tidegauge
