#include "http/negotiation.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace tidegauge {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameToken(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (Lower(a[i]) != Lower(b[i])) return false;
  }
  return true;
}

std::string_view Trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the part of `rest` before the next `separator` that stands outside a quoted string.
std::string_view TakePart(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;  // what it escapes is no quote
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && rest[i] == separator) {
      break;
    }
  }
  const std::size_t end = i < rest.size() ? i : rest.size();
  const std::string_view part = Trim(rest.substr(0, end));
  rest.remove_prefix(end < rest.size() ? end + 1 : end);
  return part;
}

std::string_view Unquote(std::string_view text) {
  text = Trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

// A quality in thousandths; digits after the third are dropped. Nothing where it is not 0 to 1.
std::optional<int> ParseQuality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int quality = (text[0] - '0') * 1000;
  text.remove_prefix(1);
  if (!text.empty()) {
    if (text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
    int scale = 100;
    for (const char digit : text) {
      if (digit < '0' || digit > '9') return std::nullopt;
      quality += (digit - '0') * scale;
      scale /= 10;
    }
  }
  if (quality > 1000) return std::nullopt;
  return quality;
}

// One element of the list: `range;version=…;q=…`. Elements with a broken q are left out.
struct Element {
  std::string_view range;
  std::string_view version;
  int quality = 1000;
};

std::vector<Element> ParseElements(std::string_view header) {
  std::vector<Element> elements;
  while (!header.empty()) {
    std::string_view rest = TakePart(header, ',');
    Element element;
    element.range = TakePart(rest, ';');
    bool valid = !element.range.empty();
    while (valid && !rest.empty()) {
      std::string_view parameter = TakePart(rest, ';');
      const std::string_view name = TakePart(parameter, '=');
      if (SameToken(name, "q")) {
        const std::optional<int> quality = ParseQuality(Unquote(parameter));
        valid = quality.has_value();
        element.quality = quality.value_or(0);
      } else if (SameToken(name, "version")) {
        element.version = Unquote(parameter);
      }
    }
    if (valid) elements.push_back(element);
  }
  return elements;
}

// How one of our types stands with a header: by its most specific element (RFC 9110, 12.5.1).
struct Standing {
  int specificity = 0;  // 0: no element, 1: */*, 2: type/*, 3: by name, 4: by name and version
  int quality = 0;
  std::size_t position = 0;
};

Standing StandingOf(const std::vector<Element>& elements, std::string_view type,
                    std::string_view family, std::string_view version) {
  Standing standing;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Element& element = elements[i];
    int specificity = 0;
    if (SameToken(element.range, type)) {
      if (element.version.empty()) {
        specificity = 3;
      } else if (element.version == version) {
        specificity = 4;
      }
    } else if (SameToken(element.range, family)) {
      specificity = 2;
    } else if (element.range == "*/*") {
      specificity = 1;
    }
    if (specificity > standing.specificity) standing = {specificity, element.quality, i};
  }
  return standing;
}

}  // namespace

bool PrefersOpenMetrics(std::string_view accept) {
  const std::vector<Element> elements = ParseElements(accept);
  const Standing open =
      StandingOf(elements, "application/openmetrics-text", "application/*", "1.0.0");
  const Standing text = StandingOf(elements, "text/plain", "text/*", "0.0.4");
  if (open.quality != text.quality) return open.quality > text.quality;
  if (open.quality == 0) return false;
  const bool open_named = open.specificity >= 3;
  const bool text_named = text.specificity >= 3;
  if (open_named != text_named) return open_named;
  return open_named && open.position < text.position;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  std::optional<int> gzip;
  std::optional<int> any;
  int identity = 0;
  for (const Element& element : ParseElements(accept_encoding)) {
    if (SameToken(element.range, "gzip") || SameToken(element.range, "x-gzip")) {
      if (!gzip) gzip = element.quality;
    } else if (SameToken(element.range, "identity")) {
      identity = element.quality;
    } else if (element.range == "*") {
      any = element.quality;
    }
  }
  const int quality = gzip ? *gzip : any.value_or(0);
  return quality > 0 && quality >= identity;
}

}  // namespace tidegauge
