// SPDX-License-Identifier: Apache-2.0
/// Arithmetic and comparisons over named numbers: "platform.cores * platform.threads <= 16",
/// "hop.line.p99_ns < 5".
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace xive::sweep {

class ExpressionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Expression {
 public:
  /// Throws ExpressionError for text that is no expression.
  explicit Expression(std::string text);

  const std::string& text() const { return text_; }
  /// Names used, sorted.
  const std::vector<std::string>& names() const { return names_; }
  /// `value_of` gives nullopt for a name that has no value: ExpressionError.
  double evaluate(const std::function<std::optional<double>(const std::string&)>& value_of) const;

 private:
  std::string text_;
  std::vector<std::string> names_;
};

}  // namespace xive::sweep
