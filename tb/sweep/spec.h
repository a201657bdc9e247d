// SPDX-License-Identifier: Apache-2.0
/// A sweep file: which suite runs at which points of the configuration, with which seeds, and what
/// is expected of it. docs/sweeps.md describes the format.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tb/config/document.h"

namespace xive::sweep {

/// What a job runs.
enum class Suite : std::uint8_t {
  Validate,   ///< constrained-random validation of a TIMA
  Load,       ///< interrupt load on a machine without firmware calls
  Opal,       ///< OPAL-style firmware with its calls and the load
  Scenarios,  ///< an executable scenario
  Skiboot,    ///< a firmware image with its payload on the instruction set simulator
};
/// Every suite with its name in a sweep file.
const std::vector<std::pair<std::string, Suite>>& suites();
std::string_view name(Suite suite);
/// The key that the seed of a job goes to.
std::string_view seed_key(Suite suite);

/// One key with one value, and where they stand.
struct Setting {
  std::string key;
  config::Scalar value;
  config::Origin origin;
};

/// One key with the values it takes, in order.
struct Axis {
  std::string key;
  std::vector<Setting> values;
};

/// One key with the range its values are drawn from.
struct Range {
  std::string key;
  config::Origin origin;
  double min = 0, max = 0;  ///< both included
  bool integer = true;      ///< both bounds were written as integers
};

/// Points drawn from ranges.
struct Sample {
  std::uint64_t count = 0;
  std::uint64_t seed = 1;
  std::vector<Range> keys;
};

/// The parts of a block multiply; the blocks of a sweep add up.
struct Block {
  std::vector<Axis> cartesian;             ///< every combination
  std::vector<Axis> zip;                   ///< first values together, second values together, ...
  std::vector<std::vector<Setting>> list;  ///< points written out
  Sample random;                           ///< independent draws
  Sample latin_hypercube;                  ///< each of `count` slices of each range used once
};

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t count = 1;
};

/// Limits of one job.
struct JobLimits {
  double deadline_s = 600;       ///< wall clock; then it is killed
  std::uint64_t memory_mib = 0;  ///< address space; 0: no limit
  friend bool operator==(const JobLimits&, const JobLimits&) = default;
};

/// What jobs get and need on a Slurm cluster.
struct SlurmSpec {
  std::string partition;  ///< empty: the cluster's default
  unsigned cpus = 1;      ///< processors of a job
  double patience_s = 300;
  std::vector<std::string> options;  ///< of sbatch, e.g. "--account=chips"
};

struct SweepSpec {
  std::string name;
  std::vector<std::string> sweeps;  ///< files, relative to this one; then no jobs of its own
  Suite suite = Suite::Load;
  std::string config;  ///< base configuration, relative to the sweep file; empty: defaults
  std::vector<Setting> set;
  Seeds seeds;
  std::vector<Block> points;  ///< empty: the base configuration alone
  std::vector<std::string> constraints;
  std::vector<std::string> expect;
  JobLimits job;
  SlurmSpec slurm;
};

const config::Schema<SweepSpec>& sweep_schema();

/// The file with the origins of everything in it, and the files that it lists.
struct SweepFile {
  std::string path;
  SweepSpec spec;
  config::Origins origins;
  std::vector<SweepFile> sweeps;
};
/// Throws ConfigError.
SweepFile load_sweep(const std::string& path);
/// Where a path of a sweep file leads.
std::string beside(const SweepFile& file, const std::string& path);

}  // namespace xive::sweep
