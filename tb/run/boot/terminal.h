// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

namespace xive::run {

/// Standard input as the keyboard of the simulated console, when it is a terminal: without echo and
/// line by line editing, while this object lives. Ctrl-C stays what it is.
class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  bool interactive() const { return interactive_; }
  /// What was typed since the last call; does not wait.
  std::string typed();

 private:
  struct Saved;
  std::unique_ptr<Saved> saved_;
  bool interactive_ = false;
};

}  // namespace xive::run
