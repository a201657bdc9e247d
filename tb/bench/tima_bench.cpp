// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "bridge/make_tima.h"
#include "sc_models/tima/rules/rules.h"
#include "tb/bench/bare_loop.h"
#include "tb/bench/port_loop.h"

namespace xive::bench {
namespace {
void keep_best(LoopResult& best, const LoopResult& r) {
  if (best.seconds == 0 || r.seconds < best.seconds) best = r;
}
}  // namespace
int run(int argc, char** argv) {
  const std::size_t ops = argc > 1 ? std::strtoull(argv[1], nullptr, 0) : 300000;
  const int reps = argc > 2 ? std::atoi(argv[2]) : 5;
  const char* only = argc > 3 ? argv[3] : nullptr;
  auto want = [&](char c) { return !only || std::string_view(only).find(c) != std::string_view::npos; };
  for (unsigned threads : {1U, 4U, 8U}) {
    if (argc > 4 && threads != (unsigned)std::atoi(argv[4])) continue;
    const auto trace = make_trace(threads, ops);
    LoopResult a, b, bm, c, cr;
    for (int i = 0; i < reps; ++i) {
      if (want('a')) keep_best(a, threads == 1   ? bare_loop_1(trace)
                   : threads == 4 ? bare_loop_4(trace)
                                  : bare_loop_8(trace));
      tima::Params params;
      params.threads = threads;
      if (want('b')) {
        auto t = bridge::make_tima(bridge::TimaKind::Rtl, params);
        keep_best(b, port_loop(*t.port, trace));
      }
      if (want('d')) {
        RuleBook book;
        bridge::TimaOptions o;
        o.rtl.rules = &book;
        auto t = bridge::make_tima(bridge::TimaKind::Rtl, params, o);
        keep_best(bm, port_loop(*t.port, trace));
      }
      if (want('l')) {
        RuleBook book;
        bridge::TimaOptions o;
        o.rtl.rules = &book;
        auto t = bridge::make_tima(bridge::TimaKind::Lockstep, params, o);
        keep_best(c, port_loop(*t.port, trace));
      }
      if (want('r')) {
        RuleBook book;
        bridge::TimaOptions o;
        o.rtl.rules = &book;
        auto t = bridge::make_tima(bridge::TimaKind::Lockstep, params, o);
        tima::Rules rules(params, book);
        t.port->observe(&rules);
        keep_best(cr, port_loop(*t.port, trace));
        for (auto& v : book.violations()) fmt::print("{} {}\n", v.rule, v.detail);
      }
    }
    auto show = [&](const char* n, const LoopResult& r) {
      fmt::print(
          "{} threads {:12} {:6.2f} Mcycles/s {:6.3f} Mops/s  {:.2f} cycles/op  {:6.1f} ns/op "
          "check {:x} rel {:.2f}\n",
          threads, n, r.cycles / r.seconds / 1e6, ops / r.seconds / 1e6, double(r.cycles) / ops,
          r.seconds / ops * 1e9, r.check, a.seconds / r.seconds);
    };
    show("bare", a);
    show("port", b);
    show("port+pins", bm);
    show("lockstep", c);
    show("lockstep+rules", cr);
  }
  return 0;
}
}  // namespace xive::bench
int main(int argc, char** argv) {
  return xive::bench::run(argc, argv);
}
