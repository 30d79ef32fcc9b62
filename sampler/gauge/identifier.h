// Which label values look like the identifier of one person or thing. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace tidegauge {

// What the text looks like, fit for a sentence ("a UUID", "an e-mail address", "a URL", "a number
// of 9 or more digits", "20 or more hex digits", "a base64 key"), or std::nullopt. A part of the
// text is enough: `order 550e8400-e29b-41d4-a716-446655440000` holds a UUID.
std::optional<std::string_view> LooksLikeIdentifier(std::string_view text);

}  // namespace tidegauge
