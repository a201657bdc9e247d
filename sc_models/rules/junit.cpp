// SPDX-License-Identifier: Apache-2.0
#include "sc_models/rules/junit.h"

#include <fmt/format.h>

namespace xive {
namespace {

/// Reserved characters replaced; XML 1.0 has no place for control characters.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string attribute_text(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, xml(value));
}

}  // namespace

Junit::Junit(std::string_view suite) : attributes_(attribute_text("name", suite)) {}

void Junit::attribute(std::string_view name, std::string_view value) {
  attributes_ += attribute_text(name, value);
}

void Junit::property(std::string_view name, std::string_view value) {
  properties_ += fmt::format("    <property{}{}/>\n", attribute_text("name", name),
                             attribute_text("value", value));
}

void Junit::open_case(std::string_view group, std::string_view name, double seconds) {
  ++tests_;
  cases_ += fmt::format("  <testcase{}{}", attribute_text("classname", group),
                        attribute_text("name", name));
  if (seconds >= 0) cases_ += attribute_text("time", fmt::format("{:.3f}", seconds));
}

void Junit::passed(std::string_view group, std::string_view name, double seconds) {
  open_case(group, name, seconds);
  cases_ += "/>\n";
}

void Junit::failed(std::string_view group, std::string_view name, std::string_view message,
                   std::string_view type, double seconds) {
  open_case(group, name, seconds);
  ++failures_;
  cases_ += fmt::format(">\n    <failure{}{}/>\n  </testcase>\n",
                        type.empty() ? std::string() : attribute_text("type", type),
                        attribute_text("message", message));
}

void Junit::skipped(std::string_view group, std::string_view name, std::string_view reason) {
  open_case(group, name);
  ++skipped_;
  cases_ += fmt::format(">\n    <skipped{}/>\n  </testcase>\n", attribute_text("message", reason));
}

void Junit::rule(std::string_view group, std::string_view id, std::string_view sentence,
                 std::uint64_t hits, std::uint64_t fired) {
  if (fired > 0) {
    failed(group, id, sentence);
  } else if (hits == 0) {
    skipped(group, id, "never put to the test");
  } else {
    passed(group, id);
  }
}

void Junit::rules(std::string_view group, const RuleBook& book) {
  for (const RuleBook::Entry& entry : book.entries()) {
    rule(group, entry.info.id, entry.info.sentence, entry.hits, entry.fired);
  }
}

std::string Junit::text() const {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite{} tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n"
      "{}{}</testsuite>\n",
      attributes_, tests_, failures_, skipped_,
      properties_.empty() ? std::string() : "  <properties>\n" + properties_ + "  </properties>\n",
      cases_);
}

}  // namespace xive
