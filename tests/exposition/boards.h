// Boards made by hand, and pages read back.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exposition/page_builder.h"
#include "sampling/board.h"

namespace tidegauge {

// 2026-01-02T03:04:05Z, the time of all boards here.
inline constexpr std::chrono::system_clock::time_point kNow{std::chrono::seconds{1767323045}};

// A query with gauges of these names, each with the labels `labels`.
std::shared_ptr<Query> MakeQuery(std::string name, const std::vector<std::string>& gauges,
                                 const std::vector<std::string>& labels = {});

// A reading at `time` with the same series for each gauge of the query.
std::shared_ptr<Reading> MakeReading(const Query& query, const std::vector<Series>& series,
                                     std::chrono::system_clock::time_point time = kNow);

std::shared_ptr<TargetState> MakeTarget(std::shared_ptr<const Query> query,
                                        std::string database = "app");
std::shared_ptr<DatabaseState> MakeDatabase(std::string name = "app");

// A board of `queries` queries with `series` series each, sampled at kNow.
BoardSnapshot LargeBoard(std::size_t queries, std::size_t series);

// A process that never changes, and one that cannot be read.
std::optional<ProcessStats> FixedProcess();
std::optional<ProcessStats> NoProcess();

std::string Text(const Page& page, PageFormat format = PageFormat::kText);
std::string Gzip(const Page& page, PageFormat format = PageFormat::kText);

// Inflates one gzip stream; fails the test where it is none, or where anything follows it.
std::string Gunzip(std::string_view gzip);

// The lines of `text` that begin with `prefix`.
std::vector<std::string> LinesOf(std::string_view text, std::string_view prefix);

}  // namespace tidegauge
