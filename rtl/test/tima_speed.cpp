// SPDX-License-Identifier: Apache-2.0
// Speed of the bare Verilated TIMA: clock cycles per second in a loop that drives the inputs and
// samples the outputs each cycle, while operations of all kinds flow back to back.
//   tima_speed [cycles]
#include <verilated.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include XIVE_VERILATED_HEADER

namespace {

constexpr std::uint64_t kResetCycles = 2;

struct Op {
  std::uint16_t offset;
  std::uint8_t page, write, size;
  std::uint64_t wdata;
};

/// A context switch and a few interrupts, as a hypervisor and a guest do them.
constexpr Op kOps[] = {
    {0x010, 1, 1, 3, 0x00FF'00FF'FF00'0000},  // restore words 0 and 1
    {0x018, 1, 1, 2, 0x8000'0123},            // push OS
    {0x011, 2, 1, 0, 0xFF},                   // open CPPR
    {0x812, 2, 1, 0, 5},                      // set pending
    {0x810, 2, 0, 1, 0},                      // ack
    {0x011, 2, 1, 0, 0xFF},                   // close the interrupt
    {0x010, 2, 0, 3, 0},                      // raw load
    {0x818, 1, 0, 2, 0},                      // pull OS
};
constexpr unsigned kOpCount = sizeof kOps / sizeof kOps[0];

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t cycles = argc > 1 ? std::strtoull(argv[1], nullptr, 0) : 20'000'000;
  VerilatedContext context;
  XIVE_VERILATED_CLASS top{&context, "tima"};
  constexpr unsigned kThreads = TIMA_THREADS;

  top.cfg_blk_i = 1;
  top.cfg_thread_en_i = (1U << kThreads) - 1U;
  top.cfg_knobs_i = 0x078;
  top.mm_rsp_ready_i = 1;
  top.pm_rsp_ready_i = 1;
  top.rq_ready_i = 1;

  std::uint64_t ops = 0, matches = 0, events = 0, requests = 0, check = 0;
  unsigned op = 0;
  unsigned thread = 0;
  bool wait_rs = false;
  const std::clock_t start = std::clock();  // CPU time: other load on the machine does not count
  for (std::uint64_t n = 0; n < cycles; ++n) {
    top.rst_ni = n >= kResetCycles;
    const Op& o = kOps[op];
    top.mm_req_valid_i = n >= kResetCycles;
    top.mm_req_thread_i = static_cast<CData>(thread);
    top.mm_req_page_i = o.page;
    top.mm_req_offset_i = o.offset;
    top.mm_req_write_i = o.write;
    top.mm_req_size_i = o.size;
    top.mm_req_wdata_i = o.wdata;
    // MATCH and PRESENT in turn, one every 16 cycles
    const bool pm = (n & 15U) == 8U && n >= kResetCycles;
    top.pm_req_valid_i = pm;
    top.pm_req_cmd_i = (n & 16U) != 0;
    top.pm_req_idx_i = 0x123;
    top.pm_req_thread_i = static_cast<CData>(thread);
    top.pm_req_ring_i = 1;
    top.pm_req_prio_i = 3;
    top.rs_valid_i = wait_rs;
    top.rs_ok_i = 1;
    top.rs_ipb_i = 0;

    top.clk_i = 0;
    top.eval();
    const bool accept = top.mm_req_valid_i && top.mm_req_ready_o;
    const bool request = top.rq_valid_o && top.rq_ready_i;
    const bool answered = top.rs_valid_i && top.rs_ready_o;
    if (top.mm_rsp_valid_o) check += top.mm_rsp_rdata_o;
    if (top.pm_rsp_valid_o) ++matches;
    if ((top.xti_o[1243 / 32] >> (1243 % 32)) & 1U) ++events;
    check += top.os_ext_o + top.hv_ext_o + top.idle_o;
    top.clk_i = 1;
    top.eval();
    if (accept) {
      ++ops;
      if (++op == kOpCount) {
        op = 0;
        if (++thread == kThreads) thread = 0;
      }
    }
    if (answered) wait_rs = false;
    if (request) {
      ++requests;
      wait_rs = true;
    }
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf(
      "threads %u: %.2f M cycles/s, %.2f M operations/s of CPU time (%llu operations, %llu "
      "presenter answers, "
      "%llu events, %llu requests, check %llx)\n",
      kThreads, static_cast<double>(cycles) / seconds * 1e-6,
      static_cast<double>(ops) / seconds * 1e-6, static_cast<unsigned long long>(ops),
      static_cast<unsigned long long>(matches), static_cast<unsigned long long>(events),
      static_cast<unsigned long long>(requests), static_cast<unsigned long long>(check));
  return 0;
}
