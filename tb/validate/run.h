// SPDX-License-Identifier: Apache-2.0
/// The commands on any kind of subject: what validate.h offers, with the maker of subjects open, so
/// that tests can put in a faulty one.
#pragma once

#include <iosfwd>

#include "tb/validate/subject.h"
#include "tb/validate/validate_options.h"

namespace xive::validate {

inline constexpr int kExitGood = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitEnvironment = 3;

int run_validate_on(const ValidateOptions& options, SubjectFactory factory, std::ostream& out,
                    std::ostream& err);
int run_replay_on(const ReplayOptions& options, SubjectFactory factory, std::ostream& out,
                  std::ostream& err);

/// `--mutants`: see mutants.cpp.
int run_mutants_on(const ValidateOptions& options, SubjectFactory factory, std::ostream& out,
                   std::ostream& err);

/// A message for each option that is out of range, empty if all is well.
std::string check_options(const ValidateOptions& options);

}  // namespace xive::validate
