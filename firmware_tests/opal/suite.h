// SPDX-License-Identifier: Apache-2.0
/// Every XIVE call with good and bad arguments, as named checks, on any booted firmware and any
/// thread that has called in. The caller has EE off. Starts with XIVE_RESET and ends with it: all
/// that was set up before is gone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

struct SuiteOptions {
  std::uint64_t scratch = 0x00200000;  ///< 4 KiB for results
  std::uint64_t queues = 0x00210000;   ///< 2 x 64 KiB, used as event queues
  std::uint64_t pages = 0x08000000;    ///< 64 KiB pages to donate, up to `pages_count`
  unsigned pages_count = 64;
  /// Numbers of a chip are used up only if there are no more of them than this.
  std::uint32_t exhaust_limit = 8192;
};

struct SuiteResult {
  std::string name;  ///< e.g. "XIVE_SET_QUEUE_INFO/size 13"
  Token token{};
  bool passed = false;
  std::string detail;  ///< when failed: what came and what was expected, with the property
};

/// In order; one entry for each check. A FirmwareError ends the suite with a failed check.
std::vector<SuiteResult> run_call_suite(Cpu& cpu, Firmware& firmware,
                                        const SuiteOptions& options = {});

/// Number of failed checks.
unsigned failures(const std::vector<SuiteResult>& results);

}  // namespace xive::opal
