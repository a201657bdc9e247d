// SPDX-License-Identifier: Apache-2.0
#include "tb/run/run_options.h"

#include <cmath>

namespace xive::run {
machine::MachineConfig machine_config(const PlatformOptions& platform, std::uint64_t seed) {
  machine::MachineConfig config;
  config.generation = platform.generation;
  config.chips = platform.chips;
  config.cores = platform.cores;
  config.threads = platform.threads;
  config.chip_ids = platform.chip_ids;
  config.memory_bytes = platform.memory_mib << 20U;
  config.tima_period = platform.tima_period_ps;
  config.cpu.instruction_time = platform.instruction_ps;
  config.cpu.quantum = platform.quantum_ns * platform::kNanosecond;
  config.iss.instruction_time = platform.instruction_ps;
  config.vp_filter = platform.vp_filter;
  config.caches = platform.write_back_caches ? ic::CacheMode::Back : ic::CacheMode::Through;
  config.msi_sources = platform.msi_sources;
  config.lsi_sources = platform.lsi_sources;
  config.knobs = platform.knobs;
  config.hops = platform.hops;
  config.router_caches = platform.router_caches;
  config.seed = seed;
  return config;
}

machine::LoadConfig load_config(const WorkOptions& work) {
  return {.seed = work.seed,
          .triggers = work.triggers,
          .vps = work.vps,
          .priorities = work.priorities,
          .guest_sources = work.guest_sources,
          .host_sources = work.host_sources,
          .device_percent = work.device_percent,
          .dispatch_percent = work.dispatch_percent,
          .pause = static_cast<platform::Time>(std::llround(work.pause_us * 1e6))};
}

}  // namespace xive::run
