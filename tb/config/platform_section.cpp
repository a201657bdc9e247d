// SPDX-License-Identifier: Apache-2.0
#include "tb/config/platform_section.h"

#include <cstdint>

#include "tb/config/tima_choice.h"
#include "tb/config/validate_section.h"

namespace xive::config {
namespace {

using machine::HopConfigs;
using machine::RouterCaches;
using platform::HopConfig;
using run::BootOptions;
using run::BusErrorPolicy;
using run::FirmwareKind;
using run::PlatformOptions;
using run::TransportTiming;
using run::WorkOptions;

Schema<HopConfig> hop_schema(std::string name) {
  using H = HopConfig;
  constexpr double kMaxNs = 1e9;
  const auto count = integer(std::uint32_t{0}, std::uint32_t{1'000'000});
  return object<H>(std::move(name), "One hop; see docs/timing.md.")
      .field("latency_ns", &H::latency, nanoseconds(0, kMaxNs),
             "of the link; any number of requests are on it at once")
      .field("period_ps", &H::period, integer(std::uint64_t{0}, std::uint64_t{1'000'000'000}),
             "clock period: service begins at an edge; 0: no clock, no server")
      .field("bytes_per_cycle", &H::bytes_per_cycle, count,
             "that the server moves; 0: any number at once")
      .field("depth", &H::depth, count, "requests waiting or in service; 0: any number")
      .field("retry_ns", &H::retry, nanoseconds(0.001, kMaxNs),
             "until a request that found the queue full is sent again")
      .field("jitter_ns", &H::jitter, nanoseconds(0, kMaxNs),
             "longest addition to the latency, evenly distributed, seeded by run.seed and the name")
      .constraint("bytes_per_cycle", "0 without a clock (period_ps)",
                  [](const H& hop) { return hop.bytes_per_cycle == 0 || hop.period > 0; })
      .constraint("depth", "0 without a bandwidth (bytes_per_cycle)",
                  [](const H& hop) { return hop.depth == 0 || hop.bytes_per_cycle > 0; });
}

Schema<HopConfigs> hops_schema() {
  ObjectSchema<HopConfigs> schema =
      object<HopConfigs>("hops", "Every place at which an access or an interrupt takes time.");
  for (const machine::HopInfo& hop : machine::kHopInfo) {
    const std::string name(hop.name);
    schema.field(name,
                 std::function<HopConfig&(HopConfigs&)>(
                     [id = hop.id](HopConfigs& hops) -> HopConfig& { return hops[id]; }),
                 hop_schema(name), std::string(hop.what));
  }
  return schema;
}

Schema<RouterCaches> router_caches_schema() {
  using C = RouterCaches;
  const auto entries = integer(0U, 1'000'000U);
  return object<C>("router_caches",
                   "Table entries that each router holds, for timing only: a miss passes the hop "
                   "fetch. 0: every entry is there.")
      .field("eas", &C::eas, entries, "event assignments")
      .field("end", &C::end, entries, "event notification descriptors")
      .field("vp", &C::vp, entries, "virtual processors, for the backlog");
}

}  // namespace

Schema<PlatformOptions> platform_schema() {
  using P = PlatformOptions;
  return object<P>("platform", "What a machine is made of.")
      .field("generation", &P::generation, integer(1U, 1U),
             "generation of the interrupt controller")
      .field("chips", &P::chips, integer(1U, 16U), "chips")
      .field("chip_ids", &P::chip_ids, list(integer(0U, 15U), 0, 16),
             "chip ids, ascending; empty: 0, 1, 2, ...")
      .field("cores", &P::cores, integer(1U, 24U), "cores of each chip")
      .field("threads", &P::threads, integer(1U, tima::kMaxThreads),
             "hardware threads of each core; more than 4: fused cores")
      .field("memory_mib", &P::memory_mib, integer(std::uint64_t{0}, std::uint64_t{1} << 24U),
             "memory in MiB; 0: 1 GiB for each chip")
      .field("tima", &P::tima, tima_choice(),
             "who plays the TIMA: the reference, the Verilated RTL, or both in lock-step")
      .field("tima_period_ps", &P::tima_period_ps,
             integer(std::uint64_t{1}, std::uint64_t{1'000'000}),
             "TIMA clock period in picoseconds")
      .field("instruction_ps", &P::instruction_ps,
             integer(std::uint64_t{1}, std::uint64_t{1'000'000}),
             "time of an instruction in picoseconds, beside what memory adds")
      .field("timing", &P::timing,
             choice<TransportTiming>({{"direct", TransportTiming::Direct},
                                      {"lt", TransportTiming::Lt},
                                      {"at", TransportTiming::At}}),
             "how accesses of threads reach the bus: direct calls, or TLM-2.0 loosely or "
             "approximately timed; same results")
      .field("quantum_ns", &P::quantum_ns, integer(std::uint64_t{0}, std::uint64_t{1'000'000}),
             "how far threads of compiled-in firmware run ahead of each other, in nanoseconds of "
             "simulated time; 0: never so that anybody could tell (of images: boot.quantum_ns)")
      .field("vp_filter", &P::vp_filter, boolean(),
             "ask only the cores that might match; false: every core, with the same functional "
             "result but other times, because a search waits for all answers")
      .field("skip_idle", &P::skip_idle, boolean(),
             "jump over idle cycles of the RTL instead of evaluating them")
      .field("write_back_caches", &P::write_back_caches, boolean(),
             "caches of the interrupt controller keep updates until a scrub")
      .field("msi_sources", &P::msi_sources, integer(0U, 32U),
             "edge sources of the source unit of each chip")
      .field("lsi_sources", &P::lsi_sources, integer(0U, 32U),
             "level sources of the source unit of each chip")
      .field("hops", &P::hops, hops_schema(),
             "latency, bandwidth, queue and jitter of every hop of accesses and interrupts")
      .field("router_caches", &P::router_caches, router_caches_schema(),
             "sizes of the routers' caches, for timing")
      .field("knobs", &P::knobs, knobs_schema(), "choices of the TIMA")
      .constraint("chip_ids", "as many chip ids as chips, ascending, or none",
                  [](const P& platform) {
                    if (platform.chip_ids.empty()) return true;
                    if (platform.chip_ids.size() != platform.chips) return false;
                    for (std::size_t i = 1; i < platform.chip_ids.size(); ++i) {
                      if (platform.chip_ids[i] <= platform.chip_ids[i - 1]) return false;
                    }
                    return true;
                  })
      .constraint("cores", "at most 12 cores of more than 4 threads",
                  [](const P& platform) { return platform.threads <= 4 || platform.cores <= 12; });
}

Schema<WorkOptions> run_schema() {
  using W = WorkOptions;
  return object<W>("run", "What runs on the machine.")
      .field("firmware", &W::firmware,
             choice<FirmwareKind>({{"tables", FirmwareKind::Tables},
                                   {"opal", FirmwareKind::Opal},
                                   {"skiboot", FirmwareKind::Skiboot}}),
             "tables: programmed directly, no firmware; opal: OPAL-style firmware and its calls; "
             "skiboot: the image of boot.image on the instruction set simulator")
      .field("seed", &W::seed, integer(std::uint64_t{0}), "seed; the same seed gives the same run")
      .field("triggers", &W::triggers, integer(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}),
             "interrupts of all kinds to trigger")
      .field("vps", &W::vps, integer(1U, 8192U), "virtual processors, at most 512 for each chip")
      .field("priorities", &W::priorities, integer(1U, 7U), "priorities of a virtual processor")
      .field("guest_sources", &W::guest_sources, integer(1U, 65536U),
             "sources that target virtual processors")
      .field("host_sources", &W::host_sources, integer(1U, 64U),
             "sources that target each hardware thread")
      .field("device_percent", &W::device_percent, integer(0U, 100U),
             "share of the interrupts that devices make")
      .field("dispatch_percent", &W::dispatch_percent, integer(0U, 100U),
             "steps of a thread after which it runs another virtual processor")
      .field("pause_us", &W::pause_us, real(0.001, 1e6),
             "longest pause between two steps of a thread, in microseconds of simulated time")
      .field("limit_s", &W::limit_s, real(1e-6, 1e6),
             "simulated seconds after which the run is given up")
      .field("checks", &W::checks, boolean(),
             "rules watch the run; false: nothing is checked but what lock-step compares, same "
             "results, faster");
}

Schema<BootOptions> boot_schema() {
  using B = BootOptions;
  const auto file = string();
  return object<B>("boot", "A firmware image, its payload, and what it finds.")
      .field("image", &B::image, file, "firmware, raw or ELF; empty: the skiboot.lid of the system")
      .field("payload", &B::payload, file,
             "what firmware starts, raw or ELF; be, be-v1, le: the suites of docs/payload.md; "
             "hello: a "
             "built-in greeting; empty: nothing")
      .field("initrd", &B::initrd, file, "initramfs of the payload; empty: none")
      .field("tree", &B::tree, file,
             "device tree, .dtb or .dts; empty: built from the section platform")
      .field("symbols", &B::symbols, file,
             "ELF file or map with the functions of the firmware; empty: the map in its image")
      .field("bootargs", &B::bootargs, file, "bootargs in /chosen")
      .field("console", &B::console, file, "file for the console's output; empty: the terminal")
      .field("input", &B::input, file,
             "file that is typed into the console; empty: the terminal, if it is one")
      .field("uart", &B::uart,
             choice<platform::ConsoleKind>({{"root", platform::ConsoleKind::Root},
                                            {"lpc", platform::ConsoleKind::Lpc},
                                            {"none", platform::ConsoleKind::None}}),
             "where the tree shows the serial port: at the root, behind the LPC bus, nowhere")
      .field("qemu", &B::qemu, boolean(), "node /qemu in the tree: no time-of-day network")
      .field("awan", &B::awan, boolean(),
             "node /awan in the tree: firmware takes it for a slow simulator and does less")
      .field("psi", &B::psi, boolean(), "PSI host bridge in the tree: way of LPC interrupts")
      .field("strict_xscom", &B::strict_xscom, boolean(),
             "XSCOM registers that nobody models fail; false: they read 0")
      .field("bus_errors", &B::bus_errors,
             choice<BusErrorPolicy>(
                 {{"stop", BusErrorPolicy::Stop}, {"continue", BusErrorPolicy::Continue}}),
             "stop: an access that nobody answers ends the run; continue: it is a machine check")
      .field("quantum_ns", &B::quantum_ns, integer(std::uint64_t{0}, std::uint64_t{1'000'000}),
             "how far threads may run ahead of each other, in nanoseconds of simulated time")
      .field("watchdog_s", &B::watchdog_s, real(1e-6, 1e6),
             "simulated seconds without access to a device after which the run is given up");
}

}  // namespace xive::config
