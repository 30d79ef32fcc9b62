// A small page on `/` that lists what there is. Plain values: the HTTP room sends them.
#pragma once

#include <string>
#include <string_view>

namespace tidegauge {

// The page loads nothing and runs nothing; this header holds it to that.
inline constexpr std::string_view kLandingSecurityPolicy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// HTML, UTF-8. `version` and `revision` are escaped; an empty revision is left out.
std::string LandingPage(std::string_view version, std::string_view revision);

// Text fit for an HTML element or a quoted attribute.
std::string EscapeHtml(std::string_view text);

}  // namespace tidegauge
