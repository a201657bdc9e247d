// SPDX-License-Identifier: Apache-2.0
// Bring-up vectors of spec/tima.md section 10 for generation 1, and the rules of the ports, on the
// bare RTL.
#include XIVE_VERILATED_COMB_HEADER
#include "rtl/test/driver.h"

using namespace xive::rtl_test;

// Else the bridge evaluates each cycle twice: right, but slow.
static_assert(XIVE_VERILATED_COMBINATIONAL == 0, "an output depends on inputs of the same cycle");

namespace {

constexpr unsigned kHw = 0, kHv = 1, kOs = 2, kUser = 3;       // pages
constexpr unsigned kRingOs = 1, kRingPool = 2, kRingPhys = 3;  // rings
constexpr std::uint32_t kOsCam = 0x8000'0123;                  // block 0, index 0x123
constexpr unsigned kAllThreads = (1U << kThreads) - 1U;

void v1() {
  Driver d;
  d.enable(1);
  expect("V1", d.load(kOs, 0x10, 8), 0x0000'00FF'FF00'00FF);
  expect("V1 err", d.err, 0);
}

void v2() {
  Driver d;
  d.enable(1);
  d.pins().cfg_blk_i = 2;
  d.store(kHv, 0x38, 1, 0x80);
  d.store(kHv, 0x31, 1, 0xFF);
  expect("V2 match", d.match(2, 0x80), 1);
  expect("V2 match ring", d.match_ring & 3U, kRingPhys);
  expect("V2 wrong block", d.match(3, 0x80), 0);
  expect("V2 ack of PRESENT", d.present(kRingPhys, 2, 0x80, 5), 1);
  expect("V2 hv_ext", d.hv_ext(), 1);
  expect("V2 word 0", d.load(kHv, 0x30, 4), 0x80FF'0400);
  expect("V2 ack", d.load(kHv, 0x830, 2), 0x8005);
  expect("V2 hv_ext after", d.hv_ext(), 0);
  expect("V2 second ack", d.load(kHv, 0x830, 2), 0x0005);
}

/// V4, V5, V7 and V8 are one story.
void v4_to_v8() {
  Driver d;
  d.enable(1);
  d.nvt_ipb[0x123] = 0;
  d.store(kHv, 0x18, 4, kOsCam);
  expect("push fetches once", d.fetches, 1);
  d.store(kOs, 0x11, 1, 7);
  expect("V4 PRESENT", d.present(kRingOs, 0, 0x123, 3), 1);
  expect("V4 os_ext", d.os_ext(), 1);
  d.store(kOs, 0x11, 1, 2);
  expect("V4 os_ext after", d.os_ext(), 0);
  auto r = d.image(0);
  expect("V4 NSR", r[0x10], 0);
  expect("V4 IPB", r[0x12], 0x10);
  expect("V4 PIPR", r[0x17], 3);

  d.store(kOs, 0x11, 1, 4);
  r = d.image(0);
  expect("V5 os_ext", d.os_ext(), 1);
  expect("V5 NSR", r[0x10], 0x80);
  expect("V5 PIPR", r[0x17], 3);

  for (const unsigned ipb : {0x00U, 0x80U}) {
    expect("V7 pull", d.load(kHv, 0x818, 4), kOsCam);
    expect("V7 os_ext after pull", d.os_ext(), 0);
    expect("V7 no match after pull", d.match(0, 0x123), 0);
    const std::uint64_t saved = d.load(kHv, 0x10, 8);
    d.nvt_ipb[0x123] = static_cast<std::uint8_t>(ipb);
    d.store(kHv, 0x10, 8, (saved & ~0x0000'00FF'FF00'0000ULL) | 0x0000'0000'FF00'0000ULL);
    d.store(kHv, 0x18, 4, kOsCam);
    r = d.image(0);
    expect("V7/V8 os_ext after push", d.os_ext(), 1);
    expect("V7/V8 IPB", r[0x12], 0x10U | ipb);
    expect("V7/V8 PIPR", r[0x17], ipb != 0 ? 0 : 3);
    expect("V7/V8 NVT.IPB", d.nvt_ipb[0x123], 0);
  }
}

void v9_v10() {
  Driver d;
  d.enable(1);
  const Image before = d.image(0);
  expect("V9 OS page", d.load(kOs, 0x830, 2), 0xFFFF);
  expect("V9 err", d.err, 1);
  expect("V9 USER page", d.load(kUser, 0x810, 2), 0xFFFF);
  expect("V9 state", d.image(0) == before, 1);
  expect("misaligned", d.load(kHv, 0x12, 4), 0xFFFF'FFFF);
  expect("misaligned code", d.code, 2);
  d.store(kHw, 0x28, 4, 0x8000'0101);
  expect("V10", d.load(kHv, 0x28, 4), 0x0000'0101);
  expect("V10 from page 0", d.load(kHw, 0x28, 4), 0x8000'0101);
}

void pool_presents_in_phys() {
  Driver d;
  d.enable(1);
  d.store(kHw, 0x28, 4, 0x8000'0101);
  d.store(kHv, 0x38, 1, 0x80);
  d.store(kHv, 0x31, 1, 0xFF);
  expect("POOL present", d.present(kRingPool, 0, 0x101, 5), 1);
  expect("HE = POOL", d.image(0)[0x30], 0x40);
  expect("PHYS present", d.present(kRingPhys, 0, 0x80, 4), 1);
  expect("HE = PHYS", d.image(0)[0x30], 0x80);
  expect("ack", d.load(kHv, 0x830, 2), 0x8004);
  d.store(kHv, 0x31, 1, 0xFF);
  expect("POOL again", d.load(kHv, 0x830, 2), 0x4005);
  expect("pull POOL", d.load(kHv, 0x828, 8), 0x8000'0101'0000'0000);
}

/// MATCH while a push waits for memory; order of WORD2 and rq (rules A4, O4).
void match_during_fetch() {
  Driver d;
  d.enable(1);
  d.nvt_ipb[0x123] = 0x01;
  d.memory_delay = 50;
  d.send(MmRequest{0, kHv, 0x18, 1, 2, kOsCam});
  expect("match while the push waits", d.match(0, 0x123), 1);
  expect("push still waiting", d.mm_answers, 0);
  PmRequest p;
  p.cmd = 1, p.ring = kRingOs, p.idx = 0x123, p.prio = 2;
  d.send(p);
  d.wait_mm();
  d.wait_pm();
  expect("PRESENT during the fetch is not lost", d.image(0)[0x12], 0x21);

  // The answer that becomes valid together with rq still saw the old WORD2.
  d.settle();
  d.load(kHv, 0x818, 4);
  d.settle();
  auto& pins = d.pins();
  pins.mm_req_valid_i = pins.pm_req_valid_i = 1;
  pins.mm_req_offset_i = 0x18, pins.mm_req_write_i = 1, pins.mm_req_size_i = 2;
  pins.mm_req_page_i = kHv, pins.mm_req_wdata_i = kOsCam;
  pins.pm_req_cmd_i = 0, pins.pm_req_idx_i = 0x123;
  d.tick();
  pins.mm_req_valid_i = pins.pm_req_valid_i = 0;
  d.tick();
  pins.clk_i = 0;
  pins.eval();
  expect("rq and the answer of MATCH in the same cycle", pins.rq_valid_o & pins.pm_rsp_valid_o, 1);
  expect("that answer saw the state before", pins.pm_rsp_match_o, 0);
  d.wait_mm();
}

void enables() {
  Driver d;
  expect("disabled", d.load(kHv, 0x10, 8), ~0ULL);
  expect("disabled code", d.code, 1);
  d.enable(kAllThreads);
  expect("one event per thread", d.events.size(), kThreads + 1U);
  d.store(kHv, 0x31, 1, 0xFF);
  d.events.clear();
  // a low pulse of one cycle still resets the thread
  d.pins().cfg_thread_en_i = kAllThreads & ~1U;
  d.tick();
  d.pins().cfg_thread_en_i = kAllThreads;
  d.settle();
  expect("fall and rise", d.events.size(), 2);
  expect("fall first", d.events[0].enabled_before && !d.events[0].enabled_after, 1);
  expect("then the rise", !d.events[1].enabled_before && d.events[1].enabled_after, 1);
  expect("CPPR after thread reset", d.image(0)[0x31], 0);
  if (kThreads < 8) {
    expect("no such thread", d.load(kHv, 0x10, 8, kThreads), ~0ULL);
    expect("no such thread: code", d.code, 1);
    expect("no such thread: PRESENT", d.present(kRingOs, 0, 0x123, 3, kThreads), 0);
  }
}

void responses_wait() {
  Driver d;
  d.enable(1);
  auto& pins = d.pins();
  pins.mm_rsp_ready_i = 0;
  d.send(MmRequest{0, kOs, 0x10, 0, 3, 0});
  for (int i = 0; i < 5; ++i) d.tick();
  expect("response is held", pins.mm_rsp_valid_o, 1);
  expect("not idle while it is held", pins.idle_o, 0);
  d.send(MmRequest{0, kOs, 0x11, 1, 0, 3});  // accepted, must not commit
  for (int i = 0; i < 5; ++i) d.tick();
  expect("second operation waits", d.image(0)[0x11], 0);
  expect("first response stands", pins.mm_rsp_rdata_o, 0x0000'00FF'FF00'00FF);
  pins.mm_rsp_ready_i = 1;
  d.wait_mm();
  d.wait_mm();
  expect("second operation", d.image(0)[0x11], 3);
}

void errors() {
  Driver d;
  d.enable(1);
  d.store(kHv, 0x18, 4, kOsCam);  // NVT not readable
  expect("ERR_NVP", d.code, 6);
  expect("ERR_NVP is no bus error", d.err, 0);
  expect("ERR_NVP pulses", d.err_pulse, 6);
  d.load(kHv, 0x828, 4);
  expect("ERR_PULL_INVALID", d.code, 4);
  d.load(kHv, 0x818, 4);
  expect("ERR_UNDEF: no valid chain", d.code, 3);
  PmRequest p;
  p.cmd = 1, p.ignore = 1, p.ring = kRingOs;
  d.send(p);
  d.wait_pm();
  expect("ERR_GROUP_G1", d.pm_code, 8);
  expect("nack", d.ack, 0);
  p.cmd = 2;
  d.send(p);
  d.wait_pm();
  expect("BCAST", d.pm_code, 8);
  expect("BCAST is an event", static_cast<unsigned>(d.events.back().kind), 2);
}

void report_cycles() {
  Driver d;
  d.enable(1);
  d.nvt_ipb[0x123] = 0;
  const auto cycles = [&](const char* what, std::uint64_t limit) {
    std::printf("  %-34s %llu cycles\n", what, static_cast<unsigned long long>(d.latency()));
    if (d.latency() > limit) fail("too slow");
  };
  d.store(kHv, 0x18, 4, kOsCam);
  cycles("push OS, memory answers at once", 5);
  d.store(kOs, 0x11, 1, 7);
  cycles("CPPR store", 2);
  d.present(kRingOs, 0, 0x123, 3);
  cycles("PRESENT", 2);
  d.load(kOs, 0x810, 2);
  cycles("ack", 2);
  d.load(kOs, 0x10, 8);
  cycles("raw load", 2);
  d.load(kHv, 0x818, 4);
  cycles("pull", 2);
  d.match(0, 0x123);
  cycles("MATCH", 2);
}

}  // namespace

int main() {
  v1();
  v2();
  v4_to_v8();
  v9_v10();
  pool_presents_in_phys();
  match_during_fetch();
  enables();
  responses_wait();
  errors();
  report_cycles();
  std::printf("smoke test of the RTL with %u threads: good\n", kThreads);
  return 0;
}
