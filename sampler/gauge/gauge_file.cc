#include "gauge/gauge_file.h"

#include <algorithm>
#include <set>

#include "gauge/header_reader.h"
#include "gauge/header_text.h"
#include "gauge/sql_check.h"
#include "gauge/utf8.h"
#include "gauge/yaml.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr int kMaxComments = 20;         // among the keys of a header
constexpr std::size_t kMaxFaults = 200;  // of one file: more would bury the first

bool IsQueryName(std::string_view name) {
  bool begins = true;  // of a part between slashes
  for (const char c : name) {
    const bool is_part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!is_part && (c != '/' || begins)) return false;
    begins = c == '/';
  }
  return !begins;
}

// One file while it is parsed.
class GaugeFile {
 public:
  GaugeFile(std::string_view file, std::string_view text, const GaugeFileDefaults& defaults,
            std::vector<Fault>& faults)
      : file_(file), text_(text), defaults_(defaults), faults_(faults) {}

  void Parse(Query& query) {
    if (text_.size() > kMaxFileBytes) return Report(0, 0, "expected a file of 1 MB at most");
    if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
      return Report(0, 0, "expected UTF-8, found UTF-16: save the file as UTF-8");
    }
    ReplaceBadBytes();
    HeaderText header = SplitHeader(text_);
    ReadHeader(header, query);
    ReadStatement(header, query);
  }

 private:
  void Report(int line, int column, std::string message) {
    faults_.push_back(
        FaultAt({.file = file_, .file_text = text_}, line, column, std::move(message)));
  }

  // Line and column of an offset.
  std::pair<int, int> PlaceOf(std::size_t offset) const {
    const std::string_view before = std::string_view(text_).substr(0, offset);
    const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
    const std::size_t mark = line_begin == 0 && before.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
            static_cast<int>(offset - line_begin - mark) + 1};
  }

  // Reports the first byte that is not UTF-8 and the first NUL, and puts a '?' for each such byte,
  // so that the rest of the file can be read all the same.
  void ReplaceBadBytes() {
    bool reported_utf8 = false;
    bool reported_nul = false;
    for (std::size_t i = 0; i < text_.size();) {
      const std::size_t length = Utf8Length(text_, i);
      if (length != 0 && text_[i] != '\0') {
        i += length;
        continue;
      }
      bool& reported = length == 0 ? reported_utf8 : reported_nul;
      if (!reported) {
        const auto [line, column] = PlaceOf(i);
        Report(line, column,
               length == 0 ? "expected UTF-8, found a byte that is none: save the file as UTF-8"
                           : "expected text, found a NUL byte: delete it");
      }
      reported = true;
      text_[i++] = '?';
    }
  }

  void ReadHeader(HeaderText& header, Query& query) {
    const YamlSource source{.file = file_,
                            .file_text = text_,
                            .first_line = header.first_line,
                            .indents = header.indents};
    if (header.bytes == 0) {
      Report(1, 0, "expected a header: lines `-- gauge: …` and `-- help: …` above the statement");
      return;
    }
    if (header.bytes > kMaxHeaderBytes) {
      Report(
          header.first_line, 0,
          "expected a header of 64 KB at most, found " + std::to_string(header.bytes) + " bytes");
      return;
    }
    ReportComment(TakeFirstComment(header));
    std::optional<YamlNode> root = ReadYaml(header, source);
    if (!root) return;
    if (root->kind == YamlNode::Kind::kNull) {
      root->line = header.first_line;
      root->column = 0;
    } else if (root->kind != YamlNode::Kind::kMap) {
      Report(root->line, root->column, "expected `-- key: value` lines, found " + Describe(*root));
      return;
    }
    HeaderReader(source, defaults_, faults_).Read(*root, query);
    is_read_ = true;
  }

  void ReportComment(const std::optional<PlainComment>& comment) {
    if (!comment) return;
    Report(comment->line, comment->column,
           "expected YAML in the header, found a comment: write `-- # …` or put it below the first "
           "line of SQL");
  }

  // A comment among the keys makes YAML of another meaning, or none: where there is none, such
  // lines are told and taken out, one at a time.
  std::optional<YamlNode> ReadYaml(HeaderText& header, const YamlSource& source) {
    for (int tries = 0;; ++tries) {
      const std::size_t before = faults_.size();
      std::optional<YamlNode> root = ParseYaml(header.yaml, source, faults_);
      if (root || faults_.size() == before || tries == kMaxComments) return root;
      const std::optional<PlainComment> comment = TakeComment(header, faults_.back().line);
      if (!comment) return std::nullopt;
      faults_.resize(before);
      ReportComment(comment);
    }
  }

  void ReadStatement(const HeaderText& header, Query& query) {
    const std::string_view rest = std::string_view(text_).substr(header.statement);
    FindStrayKeys(header, rest);
    SqlCheck check = CheckSql(rest);
    for (SqlFault& fault : check.faults) {
      const auto [line, column] = PlaceOf(header.statement + fault.offset);
      const bool is_at_end = header.statement + fault.offset >= text_.size();
      Report(is_at_end && column == 1 && line > 1 ? line - 1 : line, is_at_end ? 0 : column,
             std::move(fault.message));
    }
    query.statement = rest.substr(0, check.end);
    query.statement_line = header.statement_line;
    if (!is_read_) return;
    std::set<std::string_view> told;
    std::vector<std::string_view> known;
    for (const auto& [name, value] : query.params) known.push_back(name);
    for (const auto& [name, offset] : check.params) {
      if (query.params.contains(name) || !told.insert(name).second) continue;
      if (faults_.size() > kMaxFaults) return;
      const auto [line, column] = PlaceOf(header.statement + offset);
      const std::string suggestion = DidYouMean(name, known);
      Report(line, column,
             "the header declares no param " + Quoted(name) +
                 (suggestion.empty() ? ": add it to 'params'" : suggestion));
    }
  }

  // Keys in comments between the header and the first line of SQL: they would do nothing.
  void FindStrayKeys(const HeaderText& header, std::string_view rest) {
    int line_number = header.statement_line;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      const std::size_t first = line.find_first_not_of(" \t\r");
      if (first != std::string_view::npos && line.compare(first, 2, "--") != 0) return;
      const std::string_view key = CommentedKey(line);
      const auto& known = HeaderKeys();
      if (std::find(known.begin(), known.end(), key) != known.end()) {
        if (faults_.size() > kMaxFaults) return;
        Report(line_number, static_cast<int>(key.data() - line.data()) + 1,
               Quoted(key) +
                   " stands outside the header, which is the unbroken run of lines that begin with "
                   "'--' at the left margin: join it to that, or put the comment below the first "
                   "line of SQL");
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
      ++line_number;
    }
  }

  const std::string_view file_;
  std::string text_;
  const GaugeFileDefaults& defaults_;
  std::vector<Fault>& faults_;
  bool is_read_ = false;  // the header's keys are in the query
};

}  // namespace

std::optional<Query> ParseGaugeFile(std::string_view file, std::string_view name,
                                    std::string_view text, const GaugeFileDefaults& defaults,
                                    std::vector<Fault>& faults) {
  std::vector<Fault> found;
  Query query;
  query.name = name;
  query.file = file;
  if (!IsQueryName(name)) {
    found.push_back({.file = std::string(file),
                     .message = "expected lower-case letters, digits, '_' and '-' in the file's "
                                "path, found " +
                                Quoted(name) + ": rename the file"});
  }
  GaugeFile(file, text, defaults, found).Parse(query);
  SortFaults(found, 0);
  if (found.size() > kMaxFaults) {
    const std::size_t more = found.size() - kMaxFaults;
    const bool has_errors = HasErrors(found);
    found.resize(kMaxFaults);
    found.push_back({.severity = has_errors ? Severity::kError : Severity::kWarning,
                     .file = std::string(file),
                     .message = std::to_string(more) + " more faults are not shown"});
  }
  const bool is_usable = !HasErrors(found);
  faults.insert(faults.end(), std::make_move_iterator(found.begin()),
                std::make_move_iterator(found.end()));
  if (!is_usable) return std::nullopt;
  return query;
}

}  // namespace tidegauge
