#include "exposition/sampled_text.h"

#include "exposition/page_content.h"

namespace tidegauge {

std::string SampledText(const std::map<std::string, std::string>& labels,
                        const BoardSnapshot& snapshot) {
  const PageContent content(labels, "", "", snapshot);
  PageValues values;
  values.snapshot = &snapshot;
  for (const auto& state : snapshot.targets) values.served.push_back(state->up);
  std::string text;
  content.Append(values, 0, content.gauge_cells(), text, nullptr);
  return text;
}

}  // namespace tidegauge
