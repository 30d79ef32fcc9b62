// EmitYaml: a tree back to text that ParseYaml reads as the same tree.
#include <string>
#include <string_view>

#include "gauge/yaml.h"

namespace tidegauge {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Whether the text means the same without quotes, whatever stands around it.
bool CanBePlain(std::string_view text) {
  if (text == "null" || text == "Null" || text == "NULL") return false;
  std::size_t i = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == '.')) i = 1;  // a number
  if (i == text.size() ||
      !(IsDigit(text[i]) || (i == 0 && (IsLetter(text[i]) || text[i] == '_')))) {
    return false;
  }
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (!IsDigit(c) && !IsLetter(c) && c != '_' && c != '.' && c != '-' && c != '+' && c != '/') {
      return false;
    }
  }
  return true;
}

void EmitScalar(std::string& out, const YamlNode& node) {
  if (!node.quoted && CanBePlain(node.scalar)) {
    out += node.scalar;
    return;
  }
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : node.scalar) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void Emit(std::string& out, const YamlNode& node, std::size_t indent);

// What follows `key:` or `-`: on the same line, or as a block below.
void EmitChild(std::string& out, const YamlNode& child, std::size_t indent) {
  const bool block = (child.kind == YamlNode::Kind::kList && !child.items.empty()) ||
                     (child.kind == YamlNode::Kind::kMap && !child.entries.empty());
  if (block) {
    out += '\n';
    Emit(out, child, indent + 2);
  } else {
    out += ' ';
    Emit(out, child, 0);
  }
}

void Emit(std::string& out, const YamlNode& node, std::size_t indent) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      out += "null\n";
      return;
    case YamlNode::Kind::kScalar:
      EmitScalar(out, node);
      out += '\n';
      return;
    case YamlNode::Kind::kList:
      if (node.items.empty()) out += "[]\n";
      for (const YamlNode& item : node.items) {
        out.append(indent, ' ');
        out += '-';
        EmitChild(out, item, indent);
      }
      return;
    case YamlNode::Kind::kMap:
      if (node.entries.empty()) out += "{}\n";
      for (const auto& [key, value] : node.entries) {
        out.append(indent, ' ');
        EmitScalar(out, key);
        out += ':';
        EmitChild(out, value, indent);
      }
      return;
  }
}

}  // namespace

std::string EmitYaml(const YamlNode& node) {
  std::string out;
  Emit(out, node, 0);
  return out;
}

}  // namespace tidegauge
