#include "sampling/sample.h"

#include <utility>
#include <variant>

#include "database/postgres.h"
#include "gauge/statement.h"

namespace tidegauge {
namespace {

using Clock = std::chrono::steady_clock;

// After these the columns may be others than those described before.
bool InvalidatesProjection(Reason reason) {
  return reason == Reason::kConnect || reason == Reason::kSql || reason == Reason::kColumns ||
         reason == Reason::kType;
}

// BEGIN to rows. The transaction is ended before the rows are looked at: it should not stay open
// for our own work.
class Transaction {
 public:
  Transaction(Session& session, SampleResult& result) : session_(session), result_(result) {}
  ~Transaction() { End(); }

  void End() {
    if (std::exchange(ended_, true)) return;
    try {
      session_.Rollback();
    } catch (const DatabaseError&) {
      result_.session_lost = true;
    }
  }
  void Abandon() { ended_ = true; }

 private:
  Session& session_;
  SampleResult& result_;
  bool ended_ = false;
};

std::variant<Reading, Failure> Run(Session& session, const Target& target,
                                   const SampleLimits& limits, SampleMemory& memory,
                                   SampleResult& result) {
  const Query& query = *target.query;
  try {
    session.Begin({query.name, query.file, limits.timeout, target.params},
                  Clock::now() + limits.timeout + kCutOffGrace);
  } catch (const DatabaseError& error) {
    result.session_lost = error.session_lost();
    result.lost_at_begin = error.session_lost() && error.failure().reason == Reason::kConnect;
    return error.failure();
  }

  Transaction transaction(session, result);
  std::unique_ptr<Rows> rows;
  std::chrono::system_clock::time_point time;
  try {
    if (!memory.projection) {
      auto projected = Project(query, session.Describe(DescribeStatement(query)));
      if (auto* failure = std::get_if<Failure>(&projected)) return std::move(*failure);
      memory.projection = std::get<Projection>(std::move(projected));
    }
    time = std::chrono::system_clock::now();
    rows = session.Fetch(FetchStatement(query, *memory.projection, limits.max_rows));
  } catch (const DatabaseError& error) {
    if (error.session_lost()) {
      result.session_lost = true;
      transaction.Abandon();
    }
    return error.failure();
  }
  transaction.End();

  result.rows = rows->size();
  auto made = MakeReading(query, *memory.projection, *rows, limits.max_rows, memory.members);
  if (auto* reading = std::get_if<Reading>(&made)) reading->time = time;
  return made;
}

}  // namespace

SampleResult SampleOnce(Session& session, const Target& target, const SampleLimits& limits,
                        SampleMemory& memory) {
  SampleResult result;
  const auto started = Clock::now();
  auto made = Run(session, target, limits, memory, result);
  result.outcome.duration = Clock::now() - started;
  if (auto* failure = std::get_if<Failure>(&made)) {
    if (InvalidatesProjection(failure->reason)) memory.projection.reset();
    result.outcome.failure = std::move(*failure);
  } else {
    auto& reading = std::get<Reading>(made);
    memory.members = reading.members;
    result.outcome.reading = std::make_shared<const Reading>(std::move(reading));
  }
  return result;
}

}  // namespace tidegauge
