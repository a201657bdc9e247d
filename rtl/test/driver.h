// SPDX-License-Identifier: Apache-2.0
/// Pin-level driver of one Verilated TIMA for the tests of the RTL itself: no lock-step, no model,
/// only handshakes, a little NVT memory and the checks that hold for every event.
#pragma once

#include <verilated.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include XIVE_VERILATED_HEADER
#include XIVE_VERILATED_ROOT_HEADER
#include "rtl/xti.h"

namespace xive::rtl_test {

using Top = XIVE_VERILATED_CLASS;
using bridge::Xti;
using Image = std::array<std::uint8_t, 64>;

inline constexpr unsigned kThreads = TIMA_THREADS;
inline constexpr unsigned kHangCycles = 1000;
inline constexpr std::uint16_t kDefaultKnobs = 0x078;

[[noreturn]] inline void fail(const std::string& what) {
  std::fprintf(stderr, "FAIL: %s\n", what.c_str());
  std::exit(1);
}

inline void expect(const char* what, std::uint64_t got, std::uint64_t want) {
  if (got != want) {
    char text[200];
    std::snprintf(text, sizeof text, "%s: got %llx, expected %llx", what,
                  static_cast<unsigned long long>(got), static_cast<unsigned long long>(want));
    fail(text);
  }
}

struct MmRequest {
  unsigned thread, page, offset, write, size;  ///< size = log2 of the bytes
  std::uint64_t wdata;
};

struct PmRequest {
  unsigned cmd = 0, format = 0, crowd = 0, ignore = 0, blk = 0, idx = 0, prio = 0;
  unsigned logic_serv = 0, level = 0, thread = 0, ring = 0;
};

class Driver {
 public:
  explicit Driver(unsigned mutant = 0) : top_{&context(), "tima"} {
#ifdef TIMA_MUTANTS
    top_.mutant_i = static_cast<CData>(mutant);
#else
    if (mutant != 0) fail("built without mutants");
#endif
    top_.cfg_knobs_i = kDefaultKnobs;
    top_.cfg_save_restore_i = 1;
    top_.mm_rsp_ready_i = 1;
    top_.pm_rsp_ready_i = 1;
    top_.rq_ready_i = 1;
    reset();
  }

  Top& pins() {
    return top_;
  }

  void reset() {
    top_.rst_ni = 0;
    tick();
    tick();
    top_.rst_ni = 1;
    memory_wait_ = -1;
    for (unsigned t = 0; t < kThreads; ++t) shadow_[t] = image(t);
  }

  /// Thread enables, then wait until they are taken over.
  void enable(unsigned mask) {
    top_.cfg_thread_en_i = static_cast<CData>(mask);
    settle();
    expect("thread enable taken over", top_.rootp->tima__DOT__u_regs__DOT__thread_en_q, mask);
  }

  /// One clock cycle. Outputs are sampled before the rising edge.
  void tick() {
    memory();
    top_.clk_i = 0;
    top_.eval();
    if (top_.rst_ni) sample();
    top_.clk_i = 1;
    top_.eval();
    ++cycle_;
  }

  void settle() {
    for (unsigned n = 0; n < kHangCycles; ++n) {
      top_.clk_i = 0;
      top_.eval();
      if (top_.idle_o) return;
      tick();
    }
    fail("not idle after many cycles");
  }

  void send(const MmRequest& r) {
    top_.mm_req_valid_i = 1;
    top_.mm_req_thread_i = static_cast<CData>(r.thread);
    top_.mm_req_page_i = static_cast<CData>(r.page);
    top_.mm_req_offset_i = static_cast<SData>(r.offset);
    top_.mm_req_write_i = static_cast<CData>(r.write);
    top_.mm_req_size_i = static_cast<CData>(r.size);
    top_.mm_req_wdata_i = r.wdata;
    for (unsigned n = 0;; ++n) {
      if (n == kHangCycles) fail("MMIO request not accepted");
      const bool ready = top_.mm_req_ready_o;
      tick();
      if (ready) break;
    }
    top_.mm_req_valid_i = 0;
    accepted_ = cycle_ - 1;
  }

  void send(const PmRequest& r) {
    top_.pm_req_valid_i = 1;
    top_.pm_req_cmd_i = static_cast<CData>(r.cmd);
    top_.pm_req_format_i = static_cast<CData>(r.format);
    top_.pm_req_crowd_i = static_cast<CData>(r.crowd);
    top_.pm_req_ignore_i = static_cast<CData>(r.ignore);
    top_.pm_req_blk_i = static_cast<CData>(r.blk);
    top_.pm_req_idx_i = r.idx;
    top_.pm_req_prio_i = static_cast<CData>(r.prio);
    top_.pm_req_logic_serv_i = r.logic_serv;
    top_.pm_req_level_i = static_cast<CData>(r.level);
    top_.pm_req_thread_i = static_cast<CData>(r.thread);
    top_.pm_req_ring_i = static_cast<CData>(r.ring);
    for (unsigned n = 0;; ++n) {
      if (n == kHangCycles) fail("presenter request not accepted");
      const bool ready = top_.pm_req_ready_o;
      tick();
      if (ready) break;
    }
    top_.pm_req_valid_i = 0;
    accepted_ = cycle_ - 1;
  }

  void wait_mm() {
    for (unsigned n = 0; mm_answers == 0; ++n) {
      if (n == kHangCycles) fail("no MMIO response");
      tick();
    }
    mm_answers = 0;
  }
  void wait_pm() {
    for (unsigned n = 0; pm_answers == 0; ++n) {
      if (n == kHangCycles) fail("no presenter response");
      tick();
    }
    pm_answers = 0;
  }

  std::uint64_t mmio(const MmRequest& r) {
    send(r);
    wait_mm();
    return rdata;
  }
  std::uint64_t load(unsigned page, unsigned offset, unsigned bytes, unsigned thread = 0) {
    return mmio({thread, page, offset, 0, log2(bytes), 0});
  }
  void store(unsigned page, unsigned offset, unsigned bytes, std::uint64_t data,
             unsigned thread = 0) {
    mmio({thread, page, offset, 1, log2(bytes), data});
  }
  bool present(unsigned ring, unsigned blk, unsigned idx, unsigned prio, unsigned thread = 0) {
    PmRequest r;
    r.cmd = 1, r.ring = ring, r.blk = blk, r.idx = idx, r.prio = prio, r.thread = thread;
    send(r);
    wait_pm();
    return ack;
  }
  unsigned match(unsigned blk, unsigned idx, unsigned prio = 0) {
    PmRequest r;
    r.blk = blk, r.idx = idx, r.prio = prio;
    send(r);
    wait_pm();
    return match_mask;
  }

  Image image(unsigned thread) const {
    Image to{};
    const auto& words = top_.rootp->tima__DOT__u_regs__DOT__ctx_q[thread];
    bridge::xti_detail::bytes<0>(words.data(), to);
    return to;
  }
  unsigned os_ext() const {
    return top_.os_ext_o;
  }
  unsigned hv_ext() const {
    return top_.hv_ext_o;
  }
  unsigned latches_os() const {
    return top_.rootp->tima__DOT__u_regs__DOT__l_os_q;
  }

  /// Cycles from the accepting edge to the cycle in which the response was valid.
  std::uint64_t latency() const {
    return answered_at - accepted_;
  }

  // memory side
  std::map<std::uint32_t, std::uint8_t> nvt_ipb;  ///< key = blk << 24 | idx; missing = not readable
  int memory_delay = 0;                           ///< cycles between request and answer
  unsigned fetches = 0;

  // last answers and everything announced
  std::uint64_t rdata = 0;
  unsigned err = 0, code = 0, ack = 0, match_mask = 0, match_ring = 0, count = 0, pm_code = 0;
  std::uint64_t match_pipr = 0;
  unsigned mm_answers = 0, pm_answers = 0, err_pulse = 0;
  std::uint64_t answered_at = 0;
  std::vector<Xti> events;

  /// Everything visible from outside in the last cycle, folded into one number.
  std::uint64_t digest = 0;

 private:
  static unsigned log2(unsigned bytes) {
    return bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : 3;
  }

  void fold(std::uint64_t v) {
    digest = (digest ^ v) * 0x9E3779B97F4A7C15ULL + (digest >> 29U);
  }

  void memory() {
    top_.rs_valid_i = memory_wait_ == 0;
    top_.rs_ok_i = memory_ok_;
    top_.rs_ipb_i = memory_ipb_;
    if (memory_wait_ > 0) --memory_wait_;
  }

  void sample() {
    if (top_.mm_rsp_valid_o && top_.mm_rsp_ready_i) {
      ++mm_answers;
      rdata = top_.mm_rsp_rdata_o;
      err = top_.mm_rsp_err_o;
      code = top_.mm_rsp_err_code_o;
      answered_at = cycle_;
      fold(rdata * 32U + err * 16U + code);
    }
    if (top_.pm_rsp_valid_o && top_.pm_rsp_ready_i) {
      ++pm_answers;
      ack = top_.pm_rsp_ack_o;
      match_mask = top_.pm_rsp_match_o;
      match_ring = top_.pm_rsp_ring_o;
      match_pipr = top_.pm_rsp_pipr_o;
      count = top_.pm_rsp_count_o;
      pm_code = top_.pm_rsp_err_code_o;
      answered_at = cycle_;
      fold(match_mask + 256U * match_ring + (std::uint64_t{ack} << 32U) + (match_pipr << 20U) +
           (std::uint64_t{pm_code} << 40U));
    }
    if (top_.rq_valid_o && top_.rq_ready_i) {
      const std::uint32_t key = static_cast<std::uint32_t>(top_.rq_blk_o) << 24U | top_.rq_idx_o;
      ++fetches;
      expect("operation of the request", top_.rq_op_o, 0);
      const auto it = nvt_ipb.find(key);
      memory_ok_ = it != nvt_ipb.end();
      memory_ipb_ = memory_ok_ ? it->second : 0;
      if (memory_ok_) it->second = 0;
      memory_wait_ = memory_delay;
      fold(key);
    }
    if (top_.rs_valid_i && top_.rs_ready_o) memory_wait_ = -1;
    if (top_.err_pulse_o != 0) err_pulse = top_.err_pulse_o;
    fold(top_.os_ext_o + 256U * top_.hv_ext_o + 65536U * top_.user_ebb_o);
    const auto* words = top_.xti_o.data();
    if (bridge::xti_valid(words)) event(bridge::xti_unpack(words));
  }

  /// What holds for every event: the images chain, and `after` is what the registers and lines
  /// show.
  void event(const Xti& e) {
    for (unsigned i = 0; i < bridge::kXtiWords; ++i) fold(top_.xti_o[i]);
    events.push_back(e);
    if (e.thread < kThreads) {
      if (e.regs_before != shadow_[e.thread])
        fail("XTI: the image before does not follow the last one");
      if (e.regs_after != image(e.thread))
        fail("XTI: the image after is not the one in the registers");
      shadow_[e.thread] = e.regs_after;
      const bool os = (top_.os_ext_o >> e.thread) & 1U;
      const bool hv = (top_.hv_ext_o >> e.thread) & 1U;
#ifndef TIMA_MUTANTS
      if (os != (e.l_os_after && (e.regs_after[0x18] & 0x80U) != 0))
        fail("os_ext is not L_os and V");
      if (hv != (e.l_hv_after && (e.regs_after[0x38] & 0x80U) != 0))
        fail("hv_ext is not L_hv and V");
#else
      static_cast<void>(os), static_cast<void>(hv);
#endif
    }
  }

  /// One for all: Verilator 5.006 takes a model out of the thread's current context, whichever it
  /// is.
  static VerilatedContext& context() {
    static VerilatedContext instance;
    return instance;
  }

  Top top_;
  std::uint64_t cycle_ = 0, accepted_ = 0;
  int memory_wait_ = -1;
  bool memory_ok_ = false;
  std::uint8_t memory_ipb_ = 0;
  std::array<Image, 8> shadow_{};
};

}  // namespace xive::rtl_test
