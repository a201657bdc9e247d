// SPDX-License-Identifier: Apache-2.0
/// A capsule: a folder with everything about one violation, and the means to see it again.
///
///   capsule.json     what, where, with which configuration; the outcome of reproducing it
///   stimulus.jsonl   every operation up to the violation
///   shrunk.jsonl     the reduced list (not always there)
///   events.log       the last events before the violation and a few after it, for people
///   events.jsonl     the same for programs
///   states.txt       registers of the thread before and after, device and reference
///   waves.fst        a window around the violation (not with the reference model alone)
///   reproduce.sh     one command that shows it again
///   reproduction.json  what that command has reported when it was tried
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tb/validate/shard.h"
#include "tb/validate/validate_options.h"

namespace xive::validate {

struct CapsuleRequest {
  ShardConfig config{};
  Finding finding{};
  ValidateOptions options{};
};

struct CapsuleOutcome {
  std::string folder;
  std::string note;  ///< lines for the summary
  bool reproduced = false;
};

/// Repeats the shard of the finding, writes the capsule, reduces the stimulus and runs the command
/// of the capsule once. FileError if it cannot be written.
CapsuleOutcome write_capsule(const CapsuleRequest& request, SubjectFactory factory);

/// What replay needs of a capsule.
struct Capsule {
  TimaKind kind = TimaKind::Lockstep;
  unsigned mutant = 0;
  bool skip_idle = true;
  ShardConfig config{};  ///< only what a subject and its bench need
  std::vector<Operation> operations;
  Finding finding{};  ///< of this list
};

/// FormatError if the capsule is damaged, of another kind or has no reduced list.
Capsule read_capsule(const std::filesystem::path& folder, bool shrunk);

/// Runs the list of a capsule.
ShardResult run_list(const Capsule& capsule, SubjectFactory factory, const ShardRun& run = {});

/// Same rule in the same cycle.
bool same_violation(const std::optional<Finding>& found, const Finding& expected);

}  // namespace xive::validate
