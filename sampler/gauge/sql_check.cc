#include "gauge/sql_check.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "gauge/sql_lexer.h"

namespace tidegauge {
namespace {

using Kind = SqlToken::Kind;
using Words = std::initializer_list<std::string_view>;

constexpr std::string_view kParamPrefix = "tidegauge.";
constexpr std::size_t kMaxFaults = 50;  // of one statement: more would bury the first

bool IsOneOf(const SqlToken& token, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.IsWord(word); });
}

std::string Upper(std::string_view text) {
  std::string upper(text.substr(0, 40));
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Walks the tokens once. A frame is what stands between a '(' and its ')'; the first is the
// statement itself.
class Checker {
 public:
  explicit Checker(std::string_view sql) : sql_(sql), lexer_(sql) {}

  SqlCheck Run() {
    frames_.push_back({});
    bool ended = false;
    bool empty = true;
    check_.end = sql_.find_last_not_of(" \t\r\n\f\v") + 1;
    for (SqlToken token = lexer_.Next(); token.kind != Kind::kEnd; token = lexer_.Next()) {
      if (token.IsSymbol('\\')) {
        PsqlCommand(token);
        empty = false;
        continue;
      }
      if (check_.faults.size() >= kMaxFaults) break;
      if (token.IsSymbol(';')) {
        if (empty) {
          Fault(token.begin, "expected a statement before ';', found none: delete it");
          empty = false;
        }
        if (!ended) check_.end = token.begin;
        ended = true;
        continue;
      }
      if (ended && !empty && token.kind != Kind::kUnclosed) {
        Fault(token.begin, "expected one statement, found a second one: give it a file of its own");
        break;
      }
      empty = false;
      Take(token);
    }
    if (empty) {
      Fault(0, "expected a statement below the header, found none: write a SELECT");
    } else if (frames_.size() > 1 && !unbalanced_ && !unclosed_) {
      Fault(frames_.back().begin,
            "this '" + std::string(1, frames_.back().open) + "' is not closed");
    }
    return std::move(check_);
  }

 private:
  enum class State { kStart, kWith, kQuery, kOther };
  struct Frame {
    State state = State::kStart;
    char open = '(';
    std::size_t begin = 0;
    bool of_with = false;  // WITH x AS (…
  };

  void Fault(std::size_t offset, std::string message) {
    check_.faults.push_back({offset, std::move(message)});
  }

  void Writes(const SqlToken& token, const std::string& what) {
    Fault(token.begin, what +
                           ", and a gauge is sampled in a read-only transaction: write a query "
                           "that only reads");
  }

  void PsqlCommand(const SqlToken& token) {
    const std::size_t end = sql_.find_first_of(" \t\r\n;", token.begin);
    Fault(token.begin,
          "expected SQL, found the psql command '" +
              std::string(sql_.substr(token.begin, std::min<std::size_t>(end - token.begin, 40))) +
              "': the statement goes to Postgres as it is, delete the command");
    lexer_.SkipLine();
  }

  void Take(const SqlToken& token) {
    switch (token.kind) {
      case Kind::kUnclosed:
        unclosed_ = true;
        Fault(token.begin, Unclosed(token));
        return;
      case Kind::kParameter:
        Fault(token.begin, "expected no " + std::string(token.text.substr(0, 20)) +
                               ": nothing fills it; read a param with "
                               "current_setting('tidegauge.<name>')");
        break;
      case Kind::kString:
        Param(token);
        break;
      default:
        break;
    }
    if (token.IsSymbol('(') || token.IsSymbol('[')) {
      Open(token);
    } else if (token.IsSymbol(')') || token.IsSymbol(']')) {
      Close(token);
    } else {
      Judge(token);
    }
    std::rotate(last_.rbegin(), last_.rbegin() + 1, last_.rend());
    last_[0] = token;
  }

  static std::string Unclosed(const SqlToken& token) {
    if (token.text.starts_with("/*")) return "this comment is not closed: expected '*/'";
    if (token.text.starts_with('$')) {
      const std::string tag(
          token.text.substr(0, std::min<std::size_t>(token.text.find('$', 1) + 1, 40)));
      return "this string is not closed: expected " + tag;
    }
    if (token.text.starts_with('"') || token.text.substr(0, 3).ends_with('"')) {
      return "this name is not closed: expected '\"'";
    }
    return "this string is not closed: expected a single quote";
  }

  void Param(const SqlToken& token) {
    const std::string name = Lower(token.text.substr(0, 200));
    if (!last_[0].IsSymbol('(') || !last_[1].IsWord("current_setting")) return;
    if (!name.starts_with(kParamPrefix)) return;
    check_.params.emplace_back(name.substr(kParamPrefix.size()), token.begin);
  }

  void Open(const SqlToken& token) {
    Frame& frame = frames_.back();
    Frame inner;
    inner.open = token.text[0];
    inner.begin = token.begin;
    if (token.IsSymbol('[')) {
      inner.state = State::kOther;
    } else if (frame.state == State::kWith) {
      if (last_[0].IsSymbol(')')) {
        frame.state = State::kQuery;  // WITH x AS (…) (SELECT …)
      } else {
        inner.of_with = IsOneOf(last_[0], {"as", "materialized"});
      }
    }
    if (frames_.size() == 1 && frame.state == State::kStart && token.IsSymbol('[')) {
      NoQuery(token);
      frame.state = State::kOther;
    }
    frames_.push_back(inner);
  }

  void Close(const SqlToken& token) {
    const char open = token.IsSymbol(')') ? '(' : '[';
    if (frames_.size() > 1 && frames_.back().open == open) {
      frames_.pop_back();
      return;
    }
    if (!unbalanced_) {
      Fault(token.begin, "this '" + std::string(token.text) + "' closes nothing");
    }
    unbalanced_ = true;
  }

  // The first token of the statement, where it begins no query.
  void NoQuery(const SqlToken& token) {
    if (IsOneOf(token, {"insert",  "update",  "delete",  "merge",   "truncate", "create",
                        "alter",   "drop",    "grant",   "revoke",  "comment",  "copy",
                        "do",      "call",    "lock",    "refresh", "reindex",  "vacuum",
                        "analyze", "analyse", "cluster", "import",  "notify",   "reassign"})) {
      Writes(token, Upper(token.text) + " changes data or takes locks");
      return;
    }
    std::string message = "expected a query that begins with SELECT, WITH, TABLE or VALUES, found ";
    message += token.kind == Kind::kWord ? Upper(token.text) : "something else";
    if (token.IsWord("set")) {
      message +=
          ": a value for the statement is a param of the header, a setting of Postgres stands "
          "under the database's 'settings' in config.yaml";
    } else if (token.IsWord("explain")) {
      message += ": 'tidegauge check --database' shows the estimated cost";
    }
    Fault(token.begin, std::move(message));
  }

  void Judge(const SqlToken& token) {
    Frame& frame = frames_.back();
    const bool writes = IsOneOf(token, {"insert", "update", "delete", "merge"});
    if (frame.state == State::kStart) {
      if (token.IsWord("with")) {
        frame.state = State::kWith;
      } else if (IsOneOf(token, {"select", "values", "table"}) || last_[0].IsSymbol(')')) {
        frame.state = State::kQuery;
      } else {
        frame.state = State::kOther;
        if (frames_.size() == 1) {
          NoQuery(token);
        } else if (frame.of_with && writes) {
          Writes(token, Upper(token.text) + " changes data");
        }
      }
      return;
    }
    const bool is_name =  // in a WITH's list: of a query or column, not a keyword
        last_[0].IsSymbol(',') || IsOneOf(last_[0], {"with", "recursive", "by", "set", "using"});
    if (frame.state == State::kWith && !is_name) {
      if (IsOneOf(token, {"select", "values", "table"})) frame.state = State::kQuery;
      if (writes) {
        frame.state = State::kOther;
        Writes(token, Upper(token.text) + " changes data");
      }
      return;
    }
    if (frame.state != State::kQuery || token.kind != Kind::kWord) return;
    const auto reserved = [](const SqlToken& before) {  // AS for and t.for are names
      return !before.IsWord("as") && !before.IsSymbol('.');
    };
    if (token.IsWord("into") && reserved(last_[0])) {
      Writes(token, "SELECT … INTO makes a table");
    } else if (token.IsWord("update") || token.IsWord("share")) {
      std::size_t i = 0;
      if (last_[i].IsWord("key")) ++i;
      if (i == 1 && last_[i].IsWord("no")) ++i;
      if (last_[i].IsWord("for") && reserved(last_[i + 1])) {
        Writes(last_[i], "FOR " + Upper(token.text) + " locks rows");
      }
    }
  }

  const std::string_view sql_;
  SqlLexer lexer_;
  SqlCheck check_;
  std::vector<Frame> frames_;
  std::array<SqlToken, 4> last_;  // the tokens before the current one, nearest first
  bool unbalanced_ = false;
  bool unclosed_ = false;
};

}  // namespace

SqlCheck CheckSql(std::string_view sql) { return Checker(sql).Run(); }

}  // namespace tidegauge
