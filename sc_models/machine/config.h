// SPDX-License-Identifier: Apache-2.0
/// What a machine is made of. Plain data: whoever reads a configuration file fills it in.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sc_models/platform/target.h"
#include "sc_models/platform/time.h"
#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/host/host_cpu.h"
#include "sc_models/ppc/iss/iss_cpu.h"
#include "sc_models/tima/types.h"
#include "sc_models/xive/router/structure_cache.h"

namespace xive::machine {

using platform::Time;

/// How long each part of the way takes, in picoseconds. "After X" lies between X and the next
/// station of an interrupt (xive-chip.md 1.2).
struct Latencies {
  Time memory = 60 * platform::kNanosecond;    ///< load or store of a thread to memory
  Time mmio = 100 * platform::kNanosecond;     ///< load or store of a thread to IC, ESB, END pages
  Time xscom = 500 * platform::kNanosecond;    ///< register access through XSCOM
  Time tima = 10 * platform::kNanosecond;      ///< thread to its TIMA and back, beside its cycles
  Time message = 40 * platform::kNanosecond;   ///< trigger message to an idle router
  Time forward = 300 * platform::kNanosecond;  ///< message to another chip
  Time after_eas = 20 * platform::kNanosecond;
  Time after_end = 30 * platform::kNanosecond;
  Time after_eq_write = 60 * platform::kNanosecond;  ///< until the entry is visible (order O1)
  Time after_backlog = 60 * platform::kNanosecond;
  Time after_escalation = 20 * platform::kNanosecond;
  Time presenter = 20 * platform::kNanosecond;  ///< answer of a TIMA to the presenter
  Time memory_request = 0;  ///< request of a TIMA to NVT memory; 0: answered in its cycle
  Time line = 2 * platform::kNanosecond;       ///< exception line, TIMA to thread
  Time doorbell = 50 * platform::kNanosecond;  ///< msgsnd
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
  Latencies latency{};
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
