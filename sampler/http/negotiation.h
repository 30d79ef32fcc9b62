// What a request's Accept and Accept-Encoding headers ask for (RFC 9110, 12.5). Pure; any input.
#pragma once

#include <string_view>

namespace tidegauge {

// Whether OpenMetrics 1.0.0 is preferred over text 0.0.4. Unknown types get 0.0.4, never 406.
bool PrefersOpenMetrics(std::string_view accept);

bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace tidegauge
