// SPDX-License-Identifier: Apache-2.0
/// Options of `xive-cosim run`: plain data that configuration file and command line are bound to.
/// The defaults are the platform of configs/platforms/p9.yaml.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bridge/make_tima.h"
#include "sc_models/machine/config.h"
#include "sc_models/machine/load/mixed_load.h"
#include "tb/run/boot/boot_options.h"
#include "tb/validate/validate_options.h"

namespace xive::run {

/// How accesses of threads reach the bus.
enum class TransportTiming : std::uint8_t {
  Direct,  ///< calls, on fibers without SystemC
  Lt,      ///< TLM-2.0, loosely timed: b_transport
  At,      ///< TLM-2.0, approximately timed: four phases, contention
};

struct PlatformOptions {
  unsigned generation = 1;
  unsigned chips = 1;
  std::vector<unsigned> chip_ids;
  unsigned cores = 2;
  unsigned threads = 4;
  std::uint64_t memory_mib = 0;
  bridge::TimaKind tima = bridge::TimaKind::Lockstep;
  std::uint64_t tima_period_ps = 500;
  std::uint64_t instruction_ps = 500;
  TransportTiming timing = TransportTiming::Direct;
  std::uint64_t quantum_ns = 0;
  bool vp_filter = true;
  bool skip_idle = true;
  bool write_back_caches = false;
  unsigned msi_sources = 8;
  unsigned lsi_sources = 8;
  machine::HopConfigs hops{};
  machine::RouterCaches router_caches{};
  tima::Knobs knobs{};
};

/// What runs on the threads.
enum class FirmwareKind : std::uint8_t {
  Tables,   ///< no firmware: tables are programmed directly
  Opal,     ///< OPAL-style firmware with its suite of calls
  Skiboot,  ///< a firmware image, executed by the instruction set simulator
};

struct WorkOptions {
  FirmwareKind firmware = FirmwareKind::Opal;
  std::uint64_t seed = 1;
  std::uint64_t triggers = 200'000;
  unsigned vps = 64;
  unsigned priorities = 3;
  unsigned guest_sources = 128;
  unsigned host_sources = 4;
  unsigned device_percent = 20;
  unsigned dispatch_percent = 25;
  double pause_us = 4;
  double limit_s = 10;  ///< simulated time after which the run is given up
  bool checks = true;   ///< rules watch the run
};

struct RunOptions {
  PlatformOptions platform;
  WorkOptions work;
  BootOptions boot;
  std::string json;      ///< result as JSON, empty = none
  std::string junit;     ///< result as JUnit XML, empty = none
  std::string waves;     ///< folder for the waves (FST) of each core, empty = none
  std::string trace;     ///< Chrome/Perfetto trace, empty = none
  bool profile = false;  ///< firmware by function, register and call (instrumented, slower)
  std::string gdb;       ///< port or socket on which a debugger is waited for, empty = none
  bool table = true;     ///< print the latency table and the rules
  validate::BuildIdentity build{};
};

/// `seed` of the run, for the jitter of the hops.
machine::MachineConfig machine_config(const PlatformOptions& platform, std::uint64_t seed);
machine::LoadConfig load_config(const WorkOptions& work);

}  // namespace xive::run
