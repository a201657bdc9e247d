// SPDX-License-Identifier: Apache-2.0
/// A sweep file: which suite runs at which points of the configuration, with which seeds, and what
/// is expected of it. docs/sweeps.md describes the format.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tb/config/document.h"

namespace xive::sweep {

/// What a job runs.
enum class Suite : std::uint8_t {
  Validate,  ///< constrained-random validation of a TIMA
  Load,      ///< interrupt load on a machine without firmware calls
  Opal,      ///< OPAL-style firmware with its calls and the load
};
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
};

struct SweepSpec {
  std::string name;
  Suite suite = Suite::Load;
  std::string config;  ///< base configuration, relative to the sweep file; empty: defaults
  std::vector<Setting> set;
  Seeds seeds;
  std::vector<Block> points;  ///< empty: the base configuration alone
  std::vector<std::string> constraints;
  std::vector<std::string> expect;
  JobLimits job;
};

const config::Schema<SweepSpec>& sweep_schema();

/// The file with the origins of everything in it. Throws ConfigError.
struct SweepFile {
  std::string path;
  SweepSpec spec;
  config::Origins origins;
};
SweepFile load_sweep(const std::string& path);

}  // namespace xive::sweep
