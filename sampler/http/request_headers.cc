#include "http/request_headers.h"

#include <strings.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace tidegauge {
namespace {

// libmicrohttpd's record of one header, argument or cookie, rounded up.
constexpr std::size_t kRecordBytes = 64;
// The headers of any answer of ours.
constexpr std::size_t kAnswerHeaderBytes = 2048;

struct HeaderValues {
  const char* name;
  std::string joined;
};

MHD_Result CollectHeader(void* state, MHD_ValueKind, const char* name, const char* value) {
  auto& values = *static_cast<HeaderValues*>(state);
  if (value != nullptr && strcasecmp(name, values.name) == 0) {
    if (!values.joined.empty()) values.joined += ", ";
    values.joined += value;
  }
  return MHD_YES;
}

std::size_t RecordCount(MHD_Connection* http) {
  std::size_t count = 0;
  for (const MHD_ValueKind kind : {MHD_HEADER_KIND, MHD_COOKIE_KIND, MHD_GET_ARGUMENT_KIND}) {
    count += static_cast<std::size_t>(
        std::max(0, MHD_get_connection_values(http, kind, nullptr, nullptr)));
  }
  return count;
}

}  // namespace

std::string HeaderOf(MHD_Connection* http, const char* name) {
  HeaderValues values{name, {}};
  MHD_get_connection_values(http, MHD_HEADER_KIND, &CollectHeader, &values);
  return std::move(values.joined);
}

std::optional<Refusal> CheckHeaders(MHD_Connection* http, const char* version,
                                    std::size_t max_body_bytes) {
  if (std::strcmp(version, MHD_HTTP_VERSION_1_1) == 0 &&
      HeaderOf(http, MHD_HTTP_HEADER_HOST).empty()) {
    return Refusal{400, "the Host header is missing\n"};
  }
  const std::string encoding = HeaderOf(http, MHD_HTTP_HEADER_TRANSFER_ENCODING);
  const std::string length = HeaderOf(http, MHD_HTTP_HEADER_CONTENT_LENGTH);
  if (!encoding.empty() && strcasecmp(encoding.c_str(), "chunked") != 0) {
    return Refusal{501, "this transfer encoding is not known here\n"};
  }
  if (!length.empty()) {
    const bool number = length.find_first_not_of("0123456789") == std::string::npos;
    if (!encoding.empty() || !number) {
      return Refusal{400, "the length of the request's body is ambiguous\n"};
    }
    if (std::strtoull(length.c_str(), nullptr, 10) > max_body_bytes) {
      return Refusal{413, "the request's body is too large\n"};
    }
  }
  return std::nullopt;
}

bool TargetFits(const std::string& target, std::size_t max_header_bytes) {
  const auto arguments = static_cast<std::size_t>(std::count(target.begin(), target.end(), '&'));
  return target.size() + arguments * kRecordBytes <= max_header_bytes;
}

bool HeadersFit(MHD_Connection* http, std::size_t max_header_bytes) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(http, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  const std::size_t bytes = info == nullptr ? 0 : info->header_size;
  return bytes <= max_header_bytes &&
         bytes + RecordCount(http) * kRecordBytes + kAnswerHeaderBytes <=
             ConnectionMemory(max_header_bytes);
}

}  // namespace tidegauge
