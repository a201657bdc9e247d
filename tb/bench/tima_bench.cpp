// SPDX-License-Identifier: Apache-2.0
// How much of the speed of the bare RTL is left behind TimaPort, behind TLM and in lock-step.
// One command: build/bin/tima_bench
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "bridge/make_tima.h"
#include "sc_models/tima/rules/rules.h"
#include "tb/bench/bare_loop.h"
#include "tb/bench/operation_cycles.h"
#include "tb/bench/port_loop.h"
#include "tb/bench/tlm_loop.h"

namespace xive::bench {
namespace {

struct Options {
  std::size_t operations = 12'000;
  unsigned repeats = 40;
  std::vector<unsigned> threads{1, 4, 8};
  /// Announcements that reference and rules get at once.
  unsigned batch = bridge::kEfficientBatch;
  std::string only;  ///< for a profiler: one loop of "bare", "port", "tlm", "rules", "lockstep"

  bool wanted(const char* loop) const { return only.empty() || only == loop; }
};

/// Everything behind one TlmBench.
struct Stack {
  Stack(const std::string& name, bridge::TimaKind kind, unsigned threads, unsigned batch,
        bool all_rules) {
    tima::Params params;
    params.threads = threads;
    bridge::TimaOptions options;
    if (all_rules) options.rtl.rules = &book;
    options.rtl.batch = batch;
    tima = bridge::make_tima(kind, params, options);
    if (all_rules) {
      rules = std::make_unique<tima::Rules>(params, book);
      rules->configure({});
      tima.port->observe(rules.get());
    }
    bench = std::make_unique<TlmBench>(name, *tima.port);
  }
  RuleBook book;
  bridge::Tima tima;
  std::unique_ptr<tima::Rules> rules;
  std::unique_ptr<TlmBench> bench;
};

void keep_best(LoopResult& best, const LoopResult& r) {
  if (best.seconds == 0 || r.seconds < best.seconds) best = r;
}

/// The loops at one number of threads. The repeats are interleaved and the best of each loop
/// counts, so that a busy machine disturbs all of them alike.
struct Comparison {
  Comparison(const Options& o, unsigned n)
      : options(o),
        threads(n),
        trace(make_trace(n, o.operations)),
        rtl(fmt::format("rtl_{}", n), bridge::TimaKind::Rtl, n, o.batch, false),
        checked(fmt::format("checked_{}", n), bridge::TimaKind::Rtl, n, o.batch, true),
        lockstep(fmt::format("lockstep_{}", n), bridge::TimaKind::Lockstep, n, o.batch, true) {}

  void run() {
    BareLoop* const bare_loop = threads == 1   ? bare_loop_1
                                : threads == 4 ? bare_loop_4
                                               : bare_loop_8;
    for (unsigned i = 0; i < options.repeats; ++i) {
      if (options.wanted("bare")) {
        keep_best(bare, bare_loop(trace, false));
        keep_best(bare_one, bare_loop(trace, true));
      }
      if (options.wanted("port")) {
        tima::Params params;
        params.threads = threads;
        const bridge::Tima direct = bridge::make_tima(bridge::TimaKind::Rtl, params);
        keep_best(port, port_loop(*direct.port, trace));
      }
      if (options.wanted("tlm")) keep_best(tlm, rtl.bench->run(trace));
      if (options.wanted("rules")) keep_best(tlm_rules, checked.bench->run(trace));
      if (options.wanted("lockstep")) keep_best(all, lockstep.bench->run(trace));
      checked.tima.rtl->announce_all();
      lockstep.tima.rtl->announce_all();
    }
  }

  /// False if a loop did something else than the others or a rule fired.
  bool print() const {
    const double n = static_cast<double>(trace.size());
    bool same = true;
    const auto row = [&](const char* what, const LoopResult& r, const char* ratio_name,
                         const LoopResult* to) {
      if (r.seconds == 0) return;
      fmt::print("{:>7}  {:<42}{:>8.2f}{:>10.3f}{:>8.1f}{:>10.3f}", threads, what,
                 static_cast<double>(r.cycles) / r.seconds / 1e6, n / r.seconds / 1e6,
                 r.seconds / n * 1e9, static_cast<double>(r.cycles) / n);
      if (to != nullptr && to->seconds != 0)
        fmt::print("   {} {:.2f}", ratio_name, to->seconds / r.seconds);
      fmt::print("\n");
      if (bare.seconds != 0 && r.check != bare.check) {
        fmt::print("         load data differ from the bare loop\n");
        same = false;
      }
    };
    row("(a) bare loop, both clock edges", bare, "", nullptr);
    row("    bare loop, rising edge only", bare_one, "", nullptr);
    row("    TimaPort", port, "/a", &bare);
    row("(b) TLM b_transport", tlm, "b/a", &bare);
    row("    TLM, pin and TIMA rules", tlm_rules, "/b", &tlm);
    row("(c) TLM, lock-step and all rules", all, "c/b", &tlm);
    for (const RuleBook* book : {&checked.book, &lockstep.book}) {
      if (book->clean()) continue;
      const Violation& v = book->violations().front();
      fmt::print("         {}: {}\n", v.rule, v.detail);
      same = false;
    }
    return same;
  }

  const Options& options;
  unsigned threads;
  std::vector<tima::MmioRequest> trace;
  Stack rtl, checked, lockstep;
  LoopResult bare, bare_one, port, tlm, tlm_rules, all;
};

void print_operation_cycles() {
  tima::Params params;
  const bridge::Tima rtl = bridge::make_tima(bridge::TimaKind::Rtl, params);
  fmt::print("\nClock cycles of an operation, 4 threads, memory answering at once\n");
  fmt::print("{:<28}{:>12}{:>16}\n", "operation", "alone", "back to back");
  for (const OperationCycles& o : operation_cycles(*rtl.port)) {
    if (o.back_to_back == 0) {
      fmt::print("{:<28}{:>12}\n", o.operation, o.alone);
    } else {
      fmt::print("{:<28}{:>12}{:>16.2f}\n", o.operation, o.alone, o.back_to_back);
    }
  }
}

int run(const Options& options) {
  std::vector<std::unique_ptr<Comparison>> comparisons;
  for (const unsigned threads : options.threads) {
    comparisons.push_back(std::make_unique<Comparison>(options, threads));
  }
  start_simulation();

  fmt::print("{} accesses, processor time, best of {} runs\n", options.operations, options.repeats);
  fmt::print("{:>7}  {:<42}{:>8}{:>10}{:>8}{:>10}\n", "threads", "loop", "Mcyc/s", "Mops/s",
             "ns/op", "cyc/op");
  bool good = true;
  for (const auto& comparison : comparisons) {
    comparison->run();
    good = comparison->print() && good;
  }
  if (!options.only.empty()) return good ? 0 : 1;
  print_operation_cycles();
  fmt::print("\n(d) one second of simulated idle time, {} TIMAs: {:.3f} ms\n",
             3 * comparisons.size(), run_simulation(1.0) * 1e3);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace xive::bench

int sc_main(int argc, char** argv) {
  xive::bench::Options options;
  CLI::App app{"Speed of the TIMA RTL: bare, behind TLM and in lock-step"};
  app.add_option("--ops", options.operations, "accesses of a run")
      ->check(CLI::Range(1'000U, 100'000'000U));
  app.add_option("--repeat", options.repeats, "runs of each loop; the best counts")
      ->check(CLI::Range(1U, 10'000U));
  app.add_option("--threads", options.threads, "numbers of threads")
      ->check(CLI::IsMember({1, 4, 8}))
      ->delimiter(',');
  app.add_option("--batch", options.batch, "announcements that reference and rules get at once")
      ->check(CLI::Range(1U, 100'000U));
  app.add_option("--only", options.only, "only this loop, for a profiler")
      ->check(CLI::IsMember({"bare", "port", "tlm", "rules", "lockstep"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    return code == 0 ? 0 : 2;
  }
  return xive::bench::run(options);
}

int main(int argc, char** argv) {
  return sc_core::sc_elab_and_sim(argc, argv);
}
