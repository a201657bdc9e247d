// SPDX-License-Identifier: Apache-2.0
#include "tb/run/run_options.h"

#include <cmath>

namespace xive::run {
namespace {

platform::Time ps(double ns) {
  return static_cast<platform::Time>(std::llround(ns * 1000.0));
}

}  // namespace

machine::MachineConfig machine_config(const PlatformOptions& platform) {
  machine::MachineConfig config;
  config.generation = platform.generation;
  config.chips = platform.chips;
  config.cores = platform.cores;
  config.threads = platform.threads;
  config.chip_ids = platform.chip_ids;
  config.memory_bytes = platform.memory_mib << 20U;
  config.tima_period = platform.tima_period_ps;
  config.cpu.instruction_time = platform.instruction_ps;
  config.iss.instruction_time = platform.instruction_ps;
  config.vp_filter = platform.vp_filter;
  config.caches = platform.write_back_caches ? ic::CacheMode::Back : ic::CacheMode::Through;
  config.msi_sources = platform.msi_sources;
  config.lsi_sources = platform.lsi_sources;
  config.knobs = platform.knobs;
  const LatencyOptions& ns = platform.latency;
  config.latency = {.memory = ps(ns.memory),
                    .mmio = ps(ns.mmio),
                    .xscom = ps(ns.xscom),
                    .tima = ps(ns.tima),
                    .message = ps(ns.message),
                    .forward = ps(ns.forward),
                    .after_eas = ps(ns.after_eas),
                    .after_end = ps(ns.after_end),
                    .after_eq_write = ps(ns.after_eq_write),
                    .after_backlog = ps(ns.after_backlog),
                    .after_escalation = ps(ns.after_escalation),
                    .presenter = ps(ns.presenter),
                    .memory_request = ps(ns.memory_request),
                    .line = ps(ns.line),
                    .doorbell = ps(ns.doorbell)};
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
          .pause = ps(work.pause_us * 1000.0)};
}

}  // namespace xive::run
