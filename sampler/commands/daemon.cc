#include "commands/daemon.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "commands/version.h"
#include "http/negotiation.h"
#include "runtime/log.h"
#include "status/landing.h"

namespace tidegauge {
namespace {

constexpr std::chrono::milliseconds kStopPatience{500};
constexpr const char* kTextType = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* kOpenMetricsType =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

PageOptions PageOptionsOf(const Config& config) {
  return {config.labels, std::string(Version()), std::string(Revision())};
}

// Without the line and its caret: a log has one line an event.
std::string OneLine(Fault fault) {
  fault.source.clear();
  return FormatFault(fault);
}

void LogFaults(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    Log(fault.severity == Severity::kError ? LogLevel::kError : LogLevel::kWarn, OneLine(fault));
  }
}

// What /readyz waits for, a line each.
std::string StillMissing(const BoardSnapshot& board) {
  std::string missing;
  for (const auto& database : board.databases) {
    if (database->reached) continue;
    missing += "database " + database->name + ": not reached" +
               (database->error.empty() ? "" : ": " + database->error) + "\n";
  }
  for (const auto& target : board.targets) {
    if (target->tried) continue;
    missing += "query " + target->query->name + " on " + target->database + ": not sampled yet\n";
  }
  return missing;
}

}  // namespace

LogOptions LogOptionsOf(const RunOptions& options, const Config& config) {
  LogOptions log{config.log_level, config.log_format, config.labels};
  if (options.log_level) log.level = ParseLogLevel(*options.log_level).value_or(log.level);
  if (options.log_format) log.format = ParseLogFormat(*options.log_format).value_or(log.format);
  return log;
}

Daemon::Daemon(const RunOptions& options, const Setup& setup)
    : options_(options),
      listen_(options.listen_address.value_or(setup.config.listen)),
      watchdog_(heartbeats_),
      databases_(watchdog_),
      board_(setup.config.limits.series) {
  const auto targets = TargetsOf(setup);
  board_.Configure(targets, DatabaseNames(setup.config), setup.config.limits.series);
  board_.SetReload({true, std::chrono::system_clock::now(), ""});
  pages_.emplace(board_, PageOptionsOf(setup.config), heartbeats_);
  HttpOptions http;
  http.listen = listen_;
  server_.emplace(http, Routes(), heartbeats_);
  sampler_.emplace(board_, heartbeats_, Sampling(setup));
  Log(LogLevel::kInfo, "tidegauge runs",
      {{"version", std::string(Version())},
       {"listen", listen_},
       {"port", static_cast<std::int64_t>(port())},
       {"queries", static_cast<std::int64_t>(targets.size())},
       {"databases", static_cast<std::int64_t>(setup.config.databases.size())}});
}

SamplerOptions Daemon::Sampling(const Setup& setup) {
  return {databases_.For(setup.config), TargetsOf(setup), setup.config.limits.connections,
          setup.config.limits.rows};
}

void Daemon::Reload() {
  std::vector<Fault> faults;
  const auto setup = LoadSetup(options_.config_file, faults);
  LogFaults(faults);
  const BoardSnapshot before = board_.Snapshot();
  if (!setup) {
    std::string errors;
    for (const Fault& fault : faults) {
      if (fault.severity == Severity::kError) errors += OneLine(fault) + "\n";
    }
    board_.SetReload({false, before.reload.last_success, errors});
    Log(LogLevel::kError, "reload refused: the former configuration goes on");
    return;
  }
  InitLog(LogOptionsOf(options_, setup->config));
  const std::string listen = options_.listen_address.value_or(setup->config.listen);
  if (listen != listen_) {
    Log(LogLevel::kWarn, "web.listen changed: it takes effect when tidegauge is started again",
        {{"listen", listen_}, {"configured", listen}});
  }
  board_.Configure(TargetsOf(*setup), DatabaseNames(setup->config), setup->config.limits.series);
  sampler_->Configure(Sampling(*setup));
  pages_->SetOptions(PageOptionsOf(setup->config));
  board_.SetReload({true, std::chrono::system_clock::now(), ""});
  Log(LogLevel::kInfo, "reloaded",
      {{"queries", static_cast<std::int64_t>(board_.Snapshot().targets.size())}});
}

bool Daemon::Stop() {
  Log(LogLevel::kInfo, "stopping");
  return sampler_->Stop(kStopPatience);
}

std::vector<HttpRoute> Daemon::Routes() {
  return {
      {"GET", "/",
       [](const HttpRequest&) {
         HttpResponse response = HttpResponse::Text(200, LandingPage(Version(), Revision()));
         response.content_type = "text/html; charset=utf-8";
         response.headers.emplace_back("Content-Security-Policy",
                                       std::string(kLandingSecurityPolicy));
         return response;
       }},
      {"GET", "/metrics", [this](const HttpRequest& request) { return Metrics(request); }},
      {"GET", "/healthz", [this](const HttpRequest&) { return Health(); }},
      {"GET", "/readyz", [this](const HttpRequest&) { return Ready(); }},
      {"POST", "/-/reload",
       [](const HttpRequest&) {
         return HttpResponse::Text(
             403, "reload over HTTP is refused: no access is configured. Send SIGHUP instead.\n");
       }},
  };
}

HttpResponse Daemon::Metrics(const HttpRequest& request) const {
  const bool openmetrics = PrefersOpenMetrics(request.accept);
  const bool gzip = AcceptsGzip(request.accept_encoding);
  const auto page = pages_->Current();
  HttpResponse response;
  response.content_type = openmetrics ? kOpenMetricsType : kTextType;
  response.headers = {{"Vary", "Accept, Accept-Encoding"}, {"Cache-Control", "no-cache"}};
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = page->Body(openmetrics ? PageFormat::kOpenMetrics : PageFormat::kText,
                             gzip ? PageEncoding::kGzip : PageEncoding::kIdentity);
  response.owner = page;
  response.quiet = true;
  return response;
}

HttpResponse Daemon::Health() const {
  const auto stuck = heartbeats_.Stuck();
  std::string text = stuck.empty() ? "ok\n" : "";
  for (const std::string& loop : stuck) text += loop + ": does not turn\n";
  HttpResponse response = HttpResponse::Text(stuck.empty() ? 200 : 503, text);
  response.quiet = true;
  return response;
}

HttpResponse Daemon::Ready() {
  HttpResponse response = HttpResponse::Text(200, "ready\n");
  response.quiet = true;
  if (ready_) return response;
  std::string missing;
  if (!complete_version_) {
    const BoardSnapshot board = board_.Snapshot();
    missing = StillMissing(board);
    if (missing.empty()) complete_version_ = board.version;
  }
  if (complete_version_) {
    // Who is told that all is there will look at /metrics next: its page must show it.
    ready_ = pages_->board_version() >= *complete_version_;
    if (ready_) return response;
    missing = "the page: not made yet\n";
  }
  response = HttpResponse::Text(503, missing);
  response.quiet = true;
  return response;
}

}  // namespace tidegauge
