#include "database/explain.h"

#include <array>
#include <cctype>
#include <string_view>

#include "database/begin_message.h"
#include "database/condition_names.h"
#include "database/one_line.h"
#include "database/postgres.h"
#include "gauge/duration.h"
#include "gauge/statement.h"

namespace tidegauge {
namespace {

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// "queries/x.sql:7:9: ", as much of it as is known. Line 1 is our own wrapping: a file begins with
// its header.
std::string Where(const ServerError& error, const CallContext& context) {
  std::string where = context.file;
  if (error.line > 1) {
    const std::string line = std::to_string(error.line);
    const std::string column = error.column > 0 ? std::to_string(error.column) : "";
    if (where.empty()) {
      where = "line " + line + (column.empty() ? "" : ", column " + column);
    } else {
      where += ":" + line + (column.empty() ? "" : ":" + column);
    }
  }
  return where.empty() ? where : where + ": ";
}

std::string Code(const ServerError& error) { return " (" + error.sqlstate + ")"; }

std::string Sentence(const std::string& hint) { return hint.empty() ? "" : "; " + hint; }

// As SQL wants it written: quoted only where it must be.
std::string Identifier(std::string_view name) {
  bool plain = !name.empty() && !std::isdigit(static_cast<unsigned char>(name.front()));
  for (const char c : name) {
    plain = plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  }
  return plain ? std::string(name) : QuoteIdentifier(name);
}

// What the schema of `name` is in the statement ("billing." of billing.invoices), or "".
std::string SchemaIn(std::string_view sql, const std::string& name) {
  for (const std::string& spelled : {name, QuoteIdentifier(name)}) {
    for (std::size_t at = sql.find("." + spelled); at != std::string_view::npos;
         at = sql.find("." + spelled, at + 1)) {
      const std::size_t after = at + 1 + spelled.size();
      const auto in_word = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$';
      };
      if (after < sql.size() && in_word(sql[after])) continue;
      std::size_t from = at;
      if (from > 0 && sql[from - 1] == '"') {
        const std::size_t quote = from < 2 ? std::string_view::npos : sql.rfind('"', from - 2);
        if (quote == std::string_view::npos) continue;
        from = quote;
      } else {
        while (from > 0 && in_word(sql[from - 1])) --from;
      }
      if (from < at) return std::string(sql.substr(from, at - from)) + ".";
    }
  }
  return "";
}

struct Grant {
  std::string_view start;      // how Postgres' message begins, then the object's name
  std::string_view privilege;  // GRANT <this> <name> TO role
  bool in_schema;
};

constexpr std::array kGrants = {
    Grant{"permission denied for table ", "SELECT ON ", true},
    Grant{"permission denied for view ", "SELECT ON ", true},
    Grant{"permission denied for materialized view ", "SELECT ON ", true},
    Grant{"permission denied for foreign table ", "SELECT ON ", true},
    Grant{"permission denied for relation ", "SELECT ON ", true},
    Grant{"permission denied for sequence ", "SELECT ON SEQUENCE ", true},
    Grant{"permission denied for schema ", "USAGE ON SCHEMA ", false},
    Grant{"permission denied for function ", "EXECUTE ON FUNCTION ", true},
    Grant{"permission denied for type ", "USAGE ON TYPE ", true},
    Grant{"permission denied for language ", "USAGE ON LANGUAGE ", false},
    Grant{"permission denied for foreign server ", "USAGE ON FOREIGN SERVER ", false},
};

std::string Permission(const ServerError& error, const CallContext& context) {
  const std::string role = Identifier(context.role);
  // In any language: the server's own source names the check that failed.
  if (error.function == "check_enable_rls") {
    const std::size_t from = error.message.find('"');
    const std::size_t to = error.message.rfind('"');
    const std::string table =
        to > from ? error.message.substr(from, to - from + 1) : std::string("of the statement");
    return "row-level security would hide rows of table " + table + " from role " + role +
           ", and the number would be too small without a word; ALTER ROLE " + role +
           " BYPASSRLS; or give the role a policy of its own and set databases." +
           context.database + ".row_security: apply" + Code(error);
  }
  for (const Grant& grant : kGrants) {
    if (!StartsWith(error.message, grant.start)) continue;
    const std::string name = error.message.substr(grant.start.size());
    const std::string schema = grant.in_schema ? SchemaIn(context.sql, name) : "";
    return error.message + Code(error) + "; as its owner: GRANT " + std::string(grant.privilege) +
           schema + Identifier(name) + " TO " + role + ";";
  }
  return error.message + Code(error) + "; role " + role +
         " lacks a privilege: as the owner of what is named, GRANT SELECT ON <table> TO " + role +
         "; (EXECUTE ON FUNCTION, USAGE ON SCHEMA)";
}

bool IsConnect(std::string_view code) {
  return StartsWith(code, "08") || StartsWith(code, "28") || code == "3D000" || code == "53300" ||
         StartsWith(code, "57P0");
}

}  // namespace

Failure ExplainServerError(const ServerError& error, const CallContext& context) {
  const std::string& code = error.sqlstate;
  const std::string where = context.beginning ? "" : Where(error, context);
  const auto failure = [&](Reason reason, std::string message) {
    return Failure{reason, std::move(message), code};
  };
  const std::string timeout = FormatDuration(context.timeout);

  if (IsConnect(code)) {
    return failure(Reason::kConnect,
                   "the server ended the session: " + error.message + Code(error));
  }
  if (code == "57014") {
    // The server's clock may run a little faster than ours.
    if (context.elapsed + context.timeout / 100 >= context.timeout) {
      return failure(Reason::kTimeout,
                     where + "no result within the timeout of " + timeout + Code(error) +
                         "; make the statement cheaper (an index, a narrower WHERE) or raise "
                         "'timeout'");
    }
    return failure(Reason::kCancelled, where + "cancelled on the server before its timeout of " +
                                           timeout + ": " + error.message + Code(error) +
                                           "; it is run again");
  }
  if (code == "55P03") {
    return failure(Reason::kLockTimeout,
                   where + "a lock was not granted within " +
                       FormatDuration(LockTimeout(context.timeout)) + Code(error) +
                       "; another transaction (a migration, say) holds one of its tables");
  }
  if (context.beginning) {
    return failure(code == "42501" ? Reason::kPermission : Reason::kSql,
                   "the transaction could not begin: " + error.message + Code(error) +
                       Sentence(error.hint) + "; see databases." + context.database +
                       ".settings and the query's params");
  }
  if (code == "42501") return failure(Reason::kPermission, where + Permission(error, context));
  // A data-modifying WITH below the top level has no SQLSTATE of its own.
  const bool modifying_with = code == "0A000" && error.source == "parse_cte.c";
  if (code == "25006" || modifying_with) {
    return failure(Reason::kReadOnly, where + error.message + Code(error) +
                                          "; a gauge only reads: take out what writes");
  }
  if (StartsWith(code, "22") || StartsWith(code, "23")) {
    const std::string name = std::string(ConditionName(code)) + Code(error);
    if (code == "22003") {
      return failure(Reason::kType, where + name +
                                        "; a value does not fit its type: cast to numeric "
                                        "or double precision before the arithmetic");
    }
    if (code == "22021" || code == "22P05") {
      return failure(Reason::kSql, where + name +
                                       "; a text is not valid UTF-8: convert it in the "
                                       "statement or leave it out");
    }
    return failure(Reason::kSql, where + name + "; run the file in psql to see the row");
  }
  return failure(Reason::kSql, where + error.message + Code(error) + Sentence(error.hint));
}

Failure ExplainLostConnection(const std::string& text) {
  return {Reason::kConnect, "the connection to the server was lost: " + OneLine(text), ""};
}

Failure ExplainCutOff(const CallContext& context) {
  return {Reason::kTimeout,
          (context.file.empty() ? "" : context.file + ": ") + "no answer within the timeout of " +
              FormatDuration(context.timeout) +
              " and a grace: the connection was cut; the server or the network in between hangs",
          ""};
}

Failure ExplainShutdown() { return {Reason::kCancelled, "given up: tidegauge is ending", ""}; }

}  // namespace tidegauge
