// SPDX-License-Identifier: Apache-2.0
/// What a machine is made of. Plain data: whoever reads a configuration file fills it in.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sc_models/machine/hops.h"
#include "sc_models/platform/target.h"
#include "sc_models/platform/time.h"
#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/host/host_cpu.h"
#include "sc_models/ppc/iss/iss_cpu.h"
#include "sc_models/tima/types.h"
#include "sc_models/xive/router/tables.h"

namespace xive::machine {

/// Table entries that the caches of each router hold, for their timing; 0: every entry is there.
struct RouterCaches {
  unsigned eas = 0, end = 0, vp = 0;
};

/// What the hardware threads execute.
enum class Execution : std::uint8_t {
  None,  ///< nothing: somebody else drives them
  Host,  ///< firmware compiled into the harness (Machine::cpu)
  Iss,   ///< PPC64 machine code in memory (Machine::iss)
};

struct MachineConfig {
  unsigned generation = 1;
  unsigned chips = 1;
  unsigned cores = 2;              ///< per chip
  unsigned threads = 4;            ///< per core, 1..8; more than 4: fused cores, 8 PIRs each
  std::vector<unsigned> chip_ids;  ///< 0..15, ascending; empty: 0, 1, 2, ...
  std::uint64_t memory_bytes = 0;  ///< from address 0; 0: 1 GiB for each chip
  Time tima_period = 500;          ///< of the TIMA clock
  HopConfigs hops{};
  RouterCaches router_caches{};
  std::uint64_t seed = 1;  ///< of the jitter of the hops
  tima::Knobs knobs{};
  ic::CacheMode caches = ic::CacheMode::Through;
  bool vp_filter = true;  ///< false: ask every core for every notification; same results
  Execution execution = Execution::Host;
  /// What thread `thread` accesses in place of the machine's port, e.g. a socket; empty: the port.
  std::function<platform::Target&(unsigned thread, platform::Target& port)> route{};
  unsigned lsi_sources = 8;    ///< LSIs of the source unit of each chip
  unsigned msi_sources = 8;    ///< edge sources of that unit, below the LSIs
  ppc::ThreadConfig thread{};  ///< common part of all threads
  ppc::host::HostCpuConfig cpu{};
  ppc::iss::IssConfig iss{};
};

}  // namespace xive::machine
