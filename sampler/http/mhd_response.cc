#include "http/mhd_response.h"

#include <strings.h>

#include <string_view>
#include <utility>
#include <vector>

namespace tidegauge {
namespace {

// What a body needs to stay alive. libmicrohttpd copies the list of pieces, not the bytes.
struct Body {
  std::shared_ptr<const void> owner;
  std::string joined;
};

void FreeBody(void* body) { delete static_cast<Body*>(body); }

MHD_Response* MakeBody(HttpResponse response) {
  auto body = std::make_unique<Body>();
  body->owner = std::move(response.owner);
  std::vector<MHD_IoVec> pieces;
  pieces.reserve(response.body.size());
  for (const std::string_view piece : response.body) {
    if (!piece.empty()) pieces.push_back({piece.data(), piece.size()});
  }
  if (pieces.size() > kMaxBodyPieces) {
    for (const std::string_view piece : response.body) body->joined += piece;
    pieces.assign(1, {body->joined.data(), body->joined.size()});
  }
  if (pieces.empty()) return MHD_create_response_from_buffer(0, nullptr, MHD_RESPMEM_PERSISTENT);
  MHD_Response* made = MHD_create_response_from_iovec(
      pieces.data(), static_cast<unsigned int>(pieces.size()), &FreeBody, body.get());
  if (made != nullptr) static_cast<void>(body.release());
  return made;
}

bool HasHeader(const HttpResponse& response, const char* name) {
  for (const auto& header : response.headers) {
    if (strcasecmp(header.first.c_str(), name) == 0) return true;
  }
  return false;
}

}  // namespace

MhdResponse MakeMhdResponse(HttpResponse response, const std::string& request_id) {
  std::vector<std::pair<std::string, std::string>> headers = {
      {"Content-Type", response.content_type},
      {"X-Request-ID", request_id},
      {"X-Content-Type-Options", "nosniff"}};
  if (!HasHeader(response, "Cache-Control")) headers.emplace_back("Cache-Control", "no-store");
  for (auto& header : response.headers) headers.push_back(std::move(header));

  MhdResponse made(MakeBody(std::move(response)), &MHD_destroy_response);
  if (made == nullptr) return made;
  for (const auto& [name, value] : headers) {
    if (MHD_add_response_header(made.get(), name.c_str(), value.c_str()) != MHD_YES) {
      made.reset();
      break;
    }
  }
  return made;
}

}  // namespace tidegauge
