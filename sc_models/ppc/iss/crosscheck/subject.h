// SPDX-License-Identifier: Apache-2.0
/// The ISS as one of the two machines, and the comparison of both.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "sc_models/ppc/iss/crosscheck/case.h"

namespace xive::ppc::iss::crosscheck {

class Subject {
 public:
  explicit Subject(const Setting& setting);
  ~Subject();
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  /// Registers and data after the words. Interrupts and unimplemented instructions are told in
  /// `complaint`.
  Case run(const Case& the_case, std::string& complaint);

 private:
  struct Machine;
  Setting setting_;
  std::unique_ptr<Machine> machine_;
};

struct Summary {
  std::uint64_t cases = 0, instructions = 0, failures = 0;
  std::string first_failure;                         ///< with the command that repeats it
  std::map<std::string, std::uint64_t> by_mnemonic;  ///< words generated
};

/// Cases first .. first + count - 1 of a series on both machines. `report` hears of each failure.
Summary compare(std::uint64_t seed, std::uint64_t first, std::uint64_t count,
                const Setting& setting,
                const std::function<void(const std::string&)>& report = nullptr);

}  // namespace xive::ppc::iss::crosscheck
