// SPDX-License-Identifier: Apache-2.0
/// A debugger's look at every interrupt and every processor, from any thread at any time
/// (scenarios.md S5.12). It must change nothing and survive whatever it finds.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "firmware_tests/driver/host_driver.h"

namespace xive::driver {

/// Ways to get it wrong.
enum class DumpFault : std::uint8_t {
  None,
  EoiOffset,     ///< PQ is read through offset 0x000
  ResetOffset,   ///< PQ is read through offset 0xc00
  NoIpiCheck,    ///< the IPI of a processor that was never started is followed
  OpalAnywhere,  ///< routing is asked from OPAL, in a partition too
  NoRecovery,    ///< a page that is not there is loaded from without being ready for it
};

/// What differs between bare metal and a partition.
struct DumpPlatform {
  std::string name;
  /// Target, priority and logical number of a source; a negative result code on error.
  std::function<std::int64_t(Cpu&, std::uint64_t number)> routing;
  /// Load of 8 bytes at `offset` of the management page; nullopt: the page did not answer.
  std::function<std::optional<std::uint64_t>(Cpu&, const Irq&, std::uint64_t offset)> esb_load;
};

/// Routing from OPAL, results to `scratch` (16 bytes of memory); loads of the ESB page itself.
DumpPlatform native_platform(OpalClient& opal, std::uint64_t scratch);

struct DumpReport {
  std::vector<std::string> lines;  ///< one for each interrupt and each processor
  unsigned sources = 0, processors = 0;
  unsigned faults = 0;   ///< pages that did not answer
  unsigned frozen = 0;   ///< pages of a frozen bridge
  unsigned skipped = 0;  ///< processors without an IPI
};

DumpReport dump(Cpu& cpu, HostDriver& host, const std::vector<const Irq*>& sources,
                const DumpPlatform& platform, DumpFault fault = DumpFault::None);

}  // namespace xive::driver
