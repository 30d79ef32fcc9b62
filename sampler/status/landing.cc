#include "status/landing.h"

namespace tidegauge {

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string LandingPage(std::string_view version, std::string_view revision) {
  std::string build = "Version " + EscapeHtml(version);
  if (!revision.empty()) build += ", revision " + EscapeHtml(revision);
  return R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tidegauge</title>
</head>
<body>
<h1>Tidegauge</h1>
<p>SQL files in, gauges out.</p>
<ul>
<li><a href="/metrics">/metrics</a>: the gauges, for Prometheus</li>
<li><a href="/healthz">/healthz</a>: 200 while every loop of this program turns</li>
<li><a href="/readyz">/readyz</a>: 200 once every query has been tried and every database reached</li>
</ul>
<p>)" + build +
         R"(</p>
</body>
</html>
)";
}

}  // namespace tidegauge
