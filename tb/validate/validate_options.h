// SPDX-License-Identifier: Apache-2.0
/// Options of the two commands `validate` and `replay`: plain data that the command line and the
/// configuration file are bound to. Values are checked by run_validate() and run_replay() once
/// more.
#pragma once

#include <cstdint>
#include <string>

#include "bridge/tima_kind.h"
#include "sc_models/tima/types.h"

namespace xive::validate {

using bridge::TimaKind;

/// When the progress line is shown: Auto = a live line on a terminal, plain lines in a log.
enum class Progress : std::uint8_t { Auto, Live, Plain, Off };

/// Identity of the program, written into results and capsules. Empty = not known.
struct BuildIdentity {
  std::string version;
  std::string commit;
  bool dirty = false;
};

struct ValidateOptions {
  // What is checked.
  unsigned generation = 1;             ///< --gen: 1 or 2
  unsigned threads = 4;                ///< --threads: 1..8
  TimaKind tima = TimaKind::Lockstep;  ///< --tima model|rtl|lockstep
  bool random_knobs = true;            ///< draw the knobs of spec/tima.md 0.4 anew for each shard
  tima::Knobs knobs{};                 ///< used when random_knobs is false
  unsigned mutant = 0;                 ///< --mutant: 0 none, else the number of the RTL mutant

  // How much.
  std::uint64_t seed = 1;             ///< --seed
  std::uint64_t ops = 1'000'000;      ///< --ops; 0 = no limit (then minutes must be set)
  double minutes = 0;                 ///< --minutes; 0 = no limit
  std::uint64_t shard_ops = 250'000;  ///< --shard-ops: operations of one shard; part of the digest
  unsigned jobs = 1;                  ///< --jobs: worker processes, 0 = one per processor

  // How.
  bool waves = false;     ///< --waves: dump FST of every shard (slow)
  bool skip_idle = true;  ///< --no-skip-idle clears it: idle cycles are evaluated too
  bool stalls = true;     ///< --no-stalls clears it: random stalls on each handshake

  // Results.
  std::string out = "xive-validate-out";  ///< --out: directory of shard results and capsules
  bool resume = false;                    ///< --resume: keep finished shards of the same run
  std::string json;                       ///< --json: result as JSON, empty = none
  std::string junit;                      ///< --junit: result as JUnit XML, empty = none
  Progress progress = Progress::Auto;     ///< --progress auto|live|plain|off

  // On a violation.
  bool shrink = true;          ///< --no-shrink clears it
  double shrink_seconds = 60;  ///< --shrink-seconds: bound of the reduction

  // Mutation run.
  bool mutants = false;                ///< --mutants: run every mutant of the catalogue instead
  std::string mutant_list;             ///< --mutant-list: rtl/mutants.json, empty = as built
  std::uint64_t mutant_ops = 200'000;  ///< --mutant-ops: operations before a mutant has survived

  BuildIdentity build{};
  std::string program;  ///< path of the program for capsules, empty = /proc/self/exe
};

struct ReplayOptions {
  std::string capsule;  ///< the capsule folder
  bool waves = false;   ///< --waves: write waves of the whole replay into the capsule
  bool shrunk = false;  ///< --shrunk: replay the reduced operation list
  std::string json;     ///< --json: outcome as JSON, empty = none
  BuildIdentity build{};
};

}  // namespace xive::validate
