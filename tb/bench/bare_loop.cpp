// SPDX-License-Identifier: Apache-2.0
// Compiled once for each number of threads.
#include "tb/bench/bare_loop.h"

#include XIVE_VERILATED_HEADER
#include XIVE_VERILATED_ROOT_HEADER

#include <type_traits>

#include "bridge/verilated_clock.h"
#include "tb/bench/stopwatch.h"

#define XIVE_PASTE_(a, b) a##b
#define XIVE_PASTE(a, b) XIVE_PASTE_(a, b)

namespace xive::bench {
namespace {

using Top = XIVE_VERILATED_CLASS;
using Root = std::remove_pointer_t<decltype(Top::rootp)>;

/// Clock phases through the public interface of the class.
struct BothEdges {
  static void low(Top& p) {
    p.clk_i = 0;
    p.eval();
  }
};
struct RisingEdgeOnly {
  static void low(Top& p) { bridge::ClockPhase<Root>::was_low(*p.rootp); }
};

template <typename Clock>
LoopResult loop(const std::vector<tima::MmioRequest>& trace) {
  VerilatedContext context;
  context.traceEverOn(true);  // as in the bridge: waves possible, closed
  Top p{&context, "tima"};
  const auto clock = [&p] {
    p.clk_i = 0;
    p.eval();
    p.clk_i = 1;
    p.eval();
  };
  p.cfg_knobs_i = 0x078;
  p.mm_rsp_ready_i = p.pm_rsp_ready_i = p.rq_ready_i = 1;
  clock();
  p.rst_ni = 1;
  p.cfg_thread_en_i = static_cast<std::uint8_t>((1U << XIVE_VERILATED_THREADS) - 1U);
  do {
    clock();
  } while (p.idle_o == 0);

  LoopResult result;
  const auto drive = [&p](const tima::MmioRequest& r) {
    p.mm_req_valid_i = 1;
    p.mm_req_thread_i = r.thread;
    p.mm_req_page_i = static_cast<std::uint8_t>(r.page);
    p.mm_req_offset_i = r.offset;
    p.mm_req_write_i = r.write;
    p.mm_req_size_i = r.size_log2;
    p.mm_req_wdata_i = r.wdata;
  };
  p.rs_ok_i = 1;
  const double start = cpu_seconds();
  std::size_t next = 0;
  drive(trace[next]);
  bool asked = false;
  for (;;) {
    if (asked) p.rs_valid_i = 1;
    asked = p.rq_valid_o != 0;
    Clock::low(p);
    const bool accepted = p.mm_req_valid_i != 0 && p.mm_req_ready_o != 0;
    const bool answered = p.rs_valid_i != 0 && p.rs_ready_o != 0;
    p.clk_i = 1;
    p.eval();
    ++result.cycles;
    if (accepted) p.mm_req_valid_i = 0;
    if (answered) p.rs_valid_i = 0;
    if (p.mm_rsp_valid_o != 0) {
      result.check = mix(result.check, p.mm_rsp_rdata_o);
      if (++next == trace.size()) break;
      drive(trace[next]);
    }
  }
  result.seconds = cpu_seconds() - start;
  return result;
}

}  // namespace

LoopResult XIVE_PASTE(bare_loop_,
                      XIVE_VERILATED_THREADS)(const std::vector<tima::MmioRequest>& trace,
                                              bool one_evaluation) {
  return one_evaluation && bridge::ClockPhase<Root>::kKnown ? loop<RisingEdgeOnly>(trace)
                                                            : loop<BothEdges>(trace);
}

}  // namespace xive::bench
