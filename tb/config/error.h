// SPDX-License-Identifier: Apache-2.0
/// Bad input: one error with all its parts, so that a test or an editor need not parse text.
#pragma once

#include <stdexcept>
#include <string>

namespace xive::config {

/// Where a value came from: nowhere (a default), a file, or the command line.
struct Origin {
  enum class Kind { Default, File, CommandLine };

  Kind kind = Kind::Default;
  std::string name;  ///< the file as the user named it, or the option, e.g. "--ops"
  int line = 0;      ///< 1-based; 0 = the file as a whole

  /// "default", "configs/a.yaml:3", "configs/a.yaml" or "--ops".
  std::string text() const;
};

/// The parts of one problem.
struct Problem {
  enum class Kind { File, Syntax, UnknownKey, DuplicateKey, Type, Range, Choice, Constraint };

  Kind kind = Kind::Syntax;
  Origin origin;
  std::string key;       ///< dotted path, e.g. "validate.ops"; may be empty
  std::string expected;  ///< follows "expected", e.g. "an integer from 1 to 8"
  std::string found;     ///< follows "found", e.g. "'x'"
  std::string nearest;   ///< what the user probably meant; empty: nothing is close
};

/// what() is one line: "FILE:LINE: KEY: expected E, found F; did you mean 'N'?".
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(Problem problem);
  const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

}  // namespace xive::config
