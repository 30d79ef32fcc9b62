// What a request's Accept and Accept-Encoding headers ask for (RFC 9110, 12.5). Pure; any input.
#pragma once

#include <string_view>

namespace tidegauge {

// Whether OpenMetrics 1.0.0 is preferred over text 0.0.4. Unknown types get 0.0.4, never 406.
// Each of the two counts with the quality of its most specific element; an element with another
// version is about another format. At equal quality OpenMetrics needs to be asked for by name, and
// before text/plain where that is named too.
bool PrefersOpenMetrics(std::string_view accept);

// Whether gzip (or `*` where gzip is not named) has a quality above 0 and not below identity's.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace tidegauge
