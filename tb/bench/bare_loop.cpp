// SPDX-License-Identifier: Apache-2.0
// Compiled once for each number of threads.
#include "tb/bench/bare_loop.h"

#include XIVE_VERILATED_HEADER

#include <chrono>

#define XIVE_PASTE_(a, b) a##b
#define XIVE_PASTE(a, b) XIVE_PASTE_(a, b)

namespace xive::bench {

LoopResult XIVE_PASTE(bare_loop_,
                      XIVE_VERILATED_THREADS)(const std::vector<tima::MmioRequest>& trace) {
  VerilatedContext context;
  context.traceEverOn(true);  // as in the bridge: waves possible, closed
  XIVE_VERILATED_CLASS p{&context, "tima"};
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
  for (int i = 0; i < 20; ++i) clock();

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
  const auto start = std::chrono::steady_clock::now();
  std::size_t next = 0;
  drive(trace[next]);
  bool asked = false;
  for (;;) {
    p.rs_valid_i = p.rs_valid_i != 0 || asked;
    p.rs_ok_i = 1;
    asked = p.rq_valid_o != 0;
    p.clk_i = 0;
    p.eval();
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
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace xive::bench
