// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tb/sweep/job.h"
#include "tb/sweep/spec.h"

namespace xive::sweep {

/// The settings of one point.
using Point = std::vector<Setting>;

/// All points of a sweep, in the order of the file; equal ones once. A key that two parts of a
/// block set: ConfigError.
std::vector<Point> expand(const SweepFile& file);

/// The jobs: each point that the constraints let through, with each seed. Every configuration is
/// read and checked. Throws ConfigError.
std::vector<Job> make_jobs(const SweepFile& file);

}  // namespace xive::sweep
