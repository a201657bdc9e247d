// SPDX-License-Identifier: Apache-2.0
/// The independent machine: the runner program under QEMU's user mode, driven through pipes.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sc_models/ppc/iss/crosscheck/case.h"

namespace xive::ppc::iss::crosscheck {

/// What is missing to make an oracle (with the name of the Debian package); empty: nothing.
std::string missing_for_oracle(const Setting& setting);

class Oracle {
 public:
  /// std::runtime_error when the program cannot be started.
  explicit Oracle(const Setting& setting);
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  /// Executes the cases. std::runtime_error with the number of the case when the program died.
  std::vector<Case> run(std::span<const Case> cases);

 private:
  Setting setting_;
  int pid_ = -1;
  int to_ = -1, from_ = -1;
};

}  // namespace xive::ppc::iss::crosscheck
