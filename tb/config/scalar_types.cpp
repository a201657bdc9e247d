// SPDX-License-Identifier: Apache-2.0
#include "tb/config/scalar_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "tb/config/nearest.h"
#include "tb/config/utf8.h"

namespace xive::config {
namespace {

enum class Number { Good, Malformed, TooLarge };

Number parse_unsigned(std::string_view text, std::uint64_t& number) {
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    return Number::Malformed;
  }
  return error == std::errc::result_out_of_range ? Number::TooLarge : Number::Good;
}

bool parse_real(std::string_view text, double& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
}

bool negative_integer(std::string_view text) {
  std::uint64_t digits = 0;
  return text.size() > 1 && text[0] == '-' &&
         parse_unsigned(text.substr(1), digits) != Number::Malformed;
}

/// What YAML 1.2 makes of a plain word that is no string; empty for a string.
std::string_view foreign_kind(std::string_view text) {
  double real = 0;
  std::uint64_t number = 0;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return "nothing";
  }
  if (text == "true" || text == "false") {
    return "a boolean";
  }
  if (parse_real(text, real) || parse_unsigned(text, number) != Number::Malformed) {
    return "a number";
  }
  return {};
}

}  // namespace

bool UnsignedType::parse(const Scalar& scalar, void* value, Mismatch& mismatch) const {
  mismatch.found = describe(scalar);
  std::uint64_t number = 0;
  const Number result = scalar.plain ? parse_unsigned(scalar.text, number) : Number::Malformed;
  if (result == Number::Malformed) {
    mismatch.kind = negative_integer(scalar.text) ? Problem::Kind::Range : Problem::Kind::Type;
    return false;
  }
  if (result == Number::TooLarge || number < min_ || number > max_) {
    mismatch.kind = Problem::Kind::Range;
    return false;
  }
  set(value, number);
  return true;
}

Json UnsignedType::schema() const {
  Json schema{{"type", "integer"}, {"minimum", min_}};
  if (!open_) {
    schema["maximum"] = max_;
  }
  return schema;
}

std::string UnsignedType::expected() const {
  if (open_) return fmt::format("an integer of at least {}", min_);
  return min_ == max_ ? fmt::format("{}", min_)
                      : fmt::format("an integer from {} to {}", min_, max_);
}

bool RealType::parse(const Scalar& scalar, void* value, Mismatch& mismatch) const {
  mismatch.found = describe(scalar);
  double number = 0;
  if (!scalar.plain || !parse_real(scalar.text, number)) {
    return false;
  }
  if (number < min_ || number > max_) {
    mismatch.kind = Problem::Kind::Range;
    return false;
  }
  *static_cast<double*>(value) = number;
  return true;
}

Json RealType::schema() const {
  return {{"type", "number"}, {"minimum", min_}, {"maximum", max_}};
}

std::string RealType::expected() const {
  return fmt::format("a number from {} to {}", min_, max_);
}

bool NanosecondsType::parse(const Scalar& scalar, void* value, Mismatch& mismatch) const {
  double number = 0;
  if (!number_.parse(scalar, &number, mismatch)) return false;
  *static_cast<std::uint64_t*>(value) = static_cast<std::uint64_t>(std::llround(number * 1000.0));
  return true;
}

bool BooleanType::parse(const Scalar& scalar, void* value, Mismatch& mismatch) const {
  const bool is_true = scalar.plain && scalar.text == "true";
  if (is_true || (scalar.plain && scalar.text == "false")) {
    *static_cast<bool*>(value) = is_true;
    return true;
  }
  mismatch.found = describe(scalar);
  std::string word = scalar.text;
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (word == "yes" || word == "on" || word == "1") {
    mismatch.nearest = "true";
  } else if (word == "no" || word == "off" || word == "0") {
    mismatch.nearest = "false";
  } else {
    mismatch.nearest = nearest_match(word, {"true", "false"});
  }
  return false;
}

bool StringType::parse(const Scalar& scalar, void* value, Mismatch& mismatch) const {
  const std::string_view kind = scalar.plain ? foreign_kind(scalar.text) : std::string_view{};
  if (!kind.empty()) {
    mismatch.found = kind == "nothing"
                         ? std::string(kind)
                         : fmt::format("{} ({}; quotes make it a string)", kind, describe(scalar));
    return false;
  }
  if (scalar.text.empty() && !may_be_empty_) {
    mismatch.kind = Problem::Kind::Range;
    mismatch.found = "an empty one";
    return false;
  }
  if (!is_utf8(scalar.text)) {  // an escape in YAML and the command line can hold any bytes
    mismatch.found = "one that is no UTF-8";
    return false;
  }
  *static_cast<std::string*>(value) = scalar.text;
  return true;
}

Json StringType::schema() const {
  Json schema{{"type", "string"}};
  if (!may_be_empty_) {
    schema["minLength"] = 1;
  }
  return schema;
}

bool ChoiceType::parse(const Scalar& scalar, void* value, Mismatch& mismatch) const {
  const auto match = std::find(names_.begin(), names_.end(), scalar.text);
  if (match == names_.end()) {
    mismatch = {Problem::Kind::Choice, describe(scalar), nearest_match(scalar.text, names_)};
    return false;
  }
  set(value, static_cast<std::size_t>(match - names_.begin()));
  return true;
}

std::string ChoiceType::expected() const {
  return fmt::format("one of {}", fmt::join(names_, ", "));
}

}  // namespace xive::config
