// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/expression.h"

#include <fmt/format.h>
#include <muParser.h>

#include <cctype>
#include <map>

namespace xive::sweep {
namespace {

mu::Parser parser_of(const std::string& text) {
  mu::Parser parser;
  parser.DefineNameChars("0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  parser.SetExpr(text);
  return parser;
}

/// The parser quotes the rest of the text, however long.
ExpressionError of(const mu::ParserError& error) {
  constexpr std::size_t kReadable = 120;
  return ExpressionError(error.GetMsg().size() <= kReadable
                             ? error.GetMsg()
                             : fmt::format("wrong from position {} on", error.GetPos()));
}

}  // namespace

Expression::Expression(std::string text) : text_(std::move(text)) {
  try {
    mu::Parser parser = parser_of(text_);
    for (const auto& [name, address] : parser.GetUsedVar()) names_.push_back(name);
    // Whether the operators have their operands is only known when all names have a value.
    evaluate([](const std::string&) { return 1.0; });
  } catch (const mu::ParserError& error) {
    throw of(error);
  }
}

double Expression::evaluate(
    const std::function<std::optional<double>(const std::string&)>& value_of) const {
  std::map<std::string, double> values;
  for (const std::string& name : names_) {
    const std::optional<double> value = value_of(name);
    if (!value) throw ExpressionError(fmt::format("nothing is called '{}'", name));
    values[name] = *value;
  }
  try {
    mu::Parser parser = parser_of(text_);
    for (auto& [name, value] : values) parser.DefineVar(name, &value);
    return parser.Eval();
  } catch (const mu::ParserError& error) {
    throw of(error);
  }
}

}  // namespace xive::sweep
