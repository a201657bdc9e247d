// SPDX-License-Identifier: Apache-2.0
#include "tb/config/error.h"

#include <fmt/format.h>

#include <utility>

namespace xive::config {
namespace {

std::string message(const Problem& problem) {
  std::string text;
  if (problem.origin.kind != Origin::Kind::Default) {
    text += problem.origin.text() + ": ";
  }
  if (!problem.key.empty()) {
    text += problem.key + ": ";
  }
  text += fmt::format("expected {}, found {}", problem.expected, problem.found);
  if (!problem.nearest.empty()) {
    text += fmt::format("; did you mean '{}'?", problem.nearest);
  }
  return text;
}

}  // namespace

std::string Origin::text() const {
  switch (kind) {
    case Kind::File:
      return line > 0 ? fmt::format("{}:{}", name, line) : name;
    case Kind::CommandLine:
      return name;
    case Kind::Default:
      break;
  }
  return "default";
}

ConfigError::ConfigError(Problem problem)
    : std::runtime_error(message(problem)), problem_(std::move(problem)) {}

}  // namespace xive::config
