// SPDX-License-Identifier: Apache-2.0
/// Results like those of a latency sweep, made up: as many as a test or benchmark wants.
#pragma once

#include <cstdint>
#include <vector>

#include "tb/ledger/ledger.h"
#include "tb/report/html.h"

namespace xive::report::testing {

struct SampleSweep {
  std::uint64_t points = 10'000;
  std::uint64_t seeds = 1;
  std::uint64_t night = 0;  ///< other nights have other host times and a few other failures
};

/// The record of job `number` (0 .. points * seeds - 1): 345 metrics, 128 rules, some failures.
result::Record sample_record(const SampleSweep& sweep, std::uint64_t number);
std::vector<result::Record> sample_records(const SampleSweep& sweep);

ledger::Batch sample_batch(const SampleSweep& sweep);

/// A page of it with a trend of `nights`.
Page sample_page(const SampleSweep& sweep, std::uint64_t nights);

}  // namespace xive::report::testing
