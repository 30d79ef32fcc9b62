// HttpResponse → libmicrohttpd's response.
#pragma once

#include <microhttpd.h>

#include <memory>
#include <string>

#include "http/server.h"

namespace tidegauge {

using MhdResponse = std::unique_ptr<MHD_Response, decltype(&MHD_destroy_response)>;

// Takes the body without a copy and keeps its owner until the response is destroyed. Null where
// memory is short or a header is not fit to be sent.
MhdResponse MakeMhdResponse(HttpResponse response, const std::string& request_id);

}  // namespace tidegauge
