// SPDX-License-Identifier: Apache-2.0
// What an interrupt costs as the machine grows: the mixed load, trigger store to EOI, on 8 to 1,536
// threads, with the reference model, the RTL or both in lock-step as TIMA. Every thread and every
// source takes part at random, and each router and each thread has the same load whatever the size,
// so that the cost of an interrupt is that of its own work plus whatever the size of the machine
// adds to it.
#include <sys/resource.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <ctime>

#include <string>
#include <vector>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "tb/run/tima_factory.h"

namespace xive {
namespace {

struct Size {
  unsigned chips, cores;
  unsigned threads() const { return 4 * chips * cores; }
};

struct Figures {
  double ns = 0;  ///< processor time of one interrupt
  double accesses = 0, tima_events = 0, switches = 0, faults = 0;
  std::uint64_t interrupts = 0;
};

struct Sample {
  double seconds;
  std::uint64_t interrupts, accesses, tima_events, switches;
  long faults;
};

long faults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

Figures measure(const Size& size, bridge::TimaKind tima, unsigned per_thread) {
  machine::MachineConfig config;
  config.chips = size.chips;
  config.cores = size.cores;
  run::TimaSet timas(tima);
  ppc::host::FiberExecutor executor(64 * 1024);
  machine::Machine machine(config, executor, timas.factory());
  machine::DirectTables tables(machine);
  machine::LoadConfig load_config;
  load_config.triggers = std::uint64_t{per_thread} * size.threads();
  load_config.vps = 64 * size.chips;
  load_config.guest_sources = 128 * size.chips;
  load_config.pause = 4 * platform::kMicrosecond * size.threads() / (8 * size.chips);
  machine::MixedLoad load(machine, tables, load_config);
  // The steady state: neither the first touch of everything nor the end, in which threads wait for
  // the last of them.
  const auto look = [&] {
    return Sample{static_cast<double>(std::clock()) / CLOCKS_PER_SEC,
                  load.handled_so_far(),
                  machine.accesses(),
                  machine.tima_events(),
                  executor.switches(),
                  faults()};
  };
  const platform::Time step = load_config.pause;
  while (load.sent_so_far() < load_config.triggers / 5) executor.run(executor.now() + step);
  const Sample begin = look();
  while (load.sent_so_far() < load_config.triggers * 4 / 5) executor.run(executor.now() + step);
  const Sample end = look();
  executor.run(100 * platform::kSecond);
  if (!load.result().passed()) throw std::runtime_error("the load failed");
  Figures figures;
  figures.interrupts = end.interrupts - begin.interrupts;
  const auto n = static_cast<double>(figures.interrupts);
  figures.ns = (end.seconds - begin.seconds) * 1e9 / n;
  figures.accesses = static_cast<double>(end.accesses - begin.accesses) / n;
  figures.tima_events = static_cast<double>(end.tima_events - begin.tima_events) / n;
  figures.switches = static_cast<double>(end.switches - begin.switches) / n;
  figures.faults = static_cast<double>(end.faults - begin.faults) / n;
  return figures;
}

}  // namespace
}  // namespace xive

int main(int argc, char** argv) {
  CLI::App app("Processor time of an interrupt, 8 to 1,536 threads");
  unsigned chips = 0, cores = 24, per_thread = 400;
  app.add_option("--chips", chips, "One size only: chips (0: all sizes)");
  app.add_option("--cores", cores, "One size only: cores of a chip");
  unsigned repeat = 1;
  app.add_option("--repeat", repeat, "Runs of each size in turn; the quickest one counts");
  app.add_option("--per-thread", per_thread, "Triggers of each thread");
  std::string word = "model";
  app.add_option("--tima", word, "What answers for the TIMA: model, rtl or lockstep")
      ->check(CLI::IsMember({"model", "rtl", "lockstep"}));
  CLI11_PARSE(app, argc, argv);
  auto tima = xive::bridge::TimaKind::Model;
  for (const auto kind : {xive::bridge::TimaKind::Rtl, xive::bridge::TimaKind::Lockstep}) {
    if (word == to_string(kind)) tima = kind;
  }
  std::vector<xive::Size> sizes = {{1, 2}, {1, 24}, {4, 24}, {16, 24}};
  if (chips != 0) sizes = {{chips, cores}};
  fmt::print("threads interrupts  ns/int  ratio accesses  TIMA switches  faults\n");
  std::vector<xive::Figures> best(sizes.size());
  for (unsigned round = 0; round < repeat; ++round) {
    for (std::size_t n = 0; n < sizes.size(); ++n) {
      // Small machines need more interrupts for the same certainty.
      const unsigned threads = sizes[n].threads();
      const unsigned triggers =
          threads < 400 && chips == 0 ? per_thread * 400 / threads : per_thread;
      const xive::Figures f = xive::measure(sizes[n], tima, triggers);
      if (round == 0 || f.ns < best[n].ns) best[n] = f;
    }
  }
  for (std::size_t n = 0; n < sizes.size(); ++n) {
    const xive::Figures& f = best[n];
    fmt::print("{:>7} {:>10} {:>7.0f} {:>6.2f} {:>8.2f} {:>5.2f} {:>8.2f} {:>7.3f}\n",
               sizes[n].threads(), f.interrupts, f.ns, f.ns / best[0].ns, f.accesses, f.tima_events,
               f.switches, f.faults);
  }
  return 0;
}
