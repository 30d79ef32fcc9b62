#include "gauge/label_values.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "gauge/identifier.h"
#include "gauge/open_set.h"
#include "gauge/utf8.h"

namespace tidegauge {
namespace {

// A value as series show it: NULL and '' are `unknown`.
std::string_view Shown(const std::optional<std::string_view>& value) {
  return value && !value->empty() ? *value : std::string_view(kUnknown);
}

}  // namespace

LabelValues ReadLabelValues(const Rows& rows, std::size_t label, Tuples& row_values) {
  LabelValues found;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::optional<std::uint32_t> null_number;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::optional<std::string_view> value = rows.Get(row, label);
    const auto next = static_cast<std::uint32_t>(found.size());
    std::uint32_t number = 0;
    if (value) {
      number = numbers.try_emplace(*value, next).first->second;
    } else {
      if (!null_number) null_number = next;
      number = *null_number;
    }
    if (number == next) found.push_back(value);
    row_values[row][label] = number;
  }

  // Numbers in the order of the values, so that nothing later depends on the order of the rows.
  std::vector<std::uint32_t> order(found.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return found[a] < found[b]; });
  LabelValues sorted(found.size());
  std::vector<std::uint32_t> place(found.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    sorted[i] = found[order[i]];
    place[order[i]] = i;
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    row_values[row][label] = place[row_values[row][label]];
  }
  return sorted;
}

std::optional<Failure> CheckLabelValues(const Query& query, const Label& label,
                                        const LabelValues& values) {
  const std::string where = query.file + ": label '" + label.column + "' ";
  for (const auto& value : values) {
    if (!value) continue;
    if (!IsUtf8(*value)) {
      return Failure{Reason::kLabelValue,
                     where +
                         "has a value that is not valid UTF-8; convert it with convert_from(…), or "
                         "leave such rows out",
                     ""};
    }
    if (value->size() > kMaxLabelBytes) {
      return Failure{Reason::kLabelValue,
                     where + "has a value longer than " + std::to_string(kMaxLabelBytes) +
                         " bytes; group by something shorter, or cut it: left(…, 30) AS " +
                         label.column,
                     ""};
    }
  }
  if (label.closed || query.identifiers != Identifiers::kRefuse) return std::nullopt;
  for (const auto& value : values) {
    if (!value) continue;
    const auto kind = LooksLikeIdentifier(*value);
    if (!kind) continue;
    return Failure{Reason::kIdentifier,
                   where + "has a value that looks like an identifier (" + std::string(*kind) +
                       "); group by something with few values, or set 'identifiers: fold' or "
                       "'identifiers: allow'",
                   ""};
  }
  return std::nullopt;
}

Slots MakeClosedSlots(const Label& label, const LabelValues& values) {
  Slots slots;
  slots.names = label.values;
  slots.expected = label.values.size();
  std::unordered_map<std::string_view, std::uint32_t> listed;
  for (std::uint32_t i = 0; i < label.values.size(); ++i) listed.emplace(label.values[i], i);
  const auto named_other = listed.find(kOther);
  auto other = static_cast<std::uint32_t>(label.values.size());
  if (named_other == listed.end()) {
    slots.names.emplace_back(kOther);
  } else {
    other = named_other->second;
  }

  std::unordered_set<std::string_view> folded;
  for (const auto& value : values) {
    const auto found = listed.find(Shown(value));
    slots.of_value.push_back(found == listed.end() ? other : found->second);
    if (found == listed.end()) folded.insert(Shown(value));
  }
  slots.folded = folded.size();
  return slots;
}

Slots MakeOpenSlots(const Label& label, Identifiers identifiers, const LabelValues& values,
                    const std::vector<double>& totals, const std::vector<std::string>& previous) {
  const std::unordered_set<std::string_view> former(previous.begin(), previous.end());
  constexpr std::uint32_t kNowhere = 0xffffffff;

  // What is ranked: the values as they are shown. `other` itself takes no place, nor does what is
  // folded because it looks like an identifier.
  std::vector<OpenValue> candidates;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<std::uint32_t> candidate_of(values.size(), kNowhere);
  std::size_t identifiers_folded = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view shown = Shown(values[i]);
    if (shown == kOther) continue;
    if (identifiers == Identifiers::kFold && LooksLikeIdentifier(shown)) {
      ++identifiers_folded;
      continue;
    }
    const auto [it, is_new] =
        numbers.try_emplace(shown, static_cast<std::uint32_t>(candidates.size()));
    if (is_new) candidates.push_back({shown, 0, former.contains(shown)});
    candidate_of[i] = it->second;
    OpenValue& candidate = candidates[it->second];
    candidate.total = AddFinite(candidate.total, totals[i]);
  }

  Slots slots;
  std::vector<std::uint32_t> slot_of(candidates.size(), kNowhere);
  for (const std::size_t member : ChooseMembers(candidates, label.max)) {
    slot_of[member] = static_cast<std::uint32_t>(slots.names.size());
    slots.names.emplace_back(candidates[member].name);
  }
  slots.expected = slots.names.size();
  slots.folded = identifiers_folded + candidates.size() - slots.names.size();
  const auto other = static_cast<std::uint32_t>(slots.names.size());
  slots.names.emplace_back(kOther);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t slot = candidate_of[i] == kNowhere ? kNowhere : slot_of[candidate_of[i]];
    slots.of_value.push_back(slot == kNowhere ? other : slot);
  }
  return slots;
}

}  // namespace tidegauge
