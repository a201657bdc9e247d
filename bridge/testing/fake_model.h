// SPDX-License-Identifier: Apache-2.0
/// A stand-in for a Verilated class: the pins of rtl/tima.sv with two threads and a behaviour that
/// a test supplies. For faults that the RTL does not have.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "rtl/xti.h"

namespace xive::bridge::testing {

template <unsigned Words>
struct FakeWide {
  std::array<std::uint32_t, Words> words{};
  std::uint32_t* data() { return words.data(); }
  const std::uint32_t* data() const { return words.data(); }
};

struct FakePins {
  std::uint8_t clk_i = 0, rst_ni = 0;
  std::uint8_t cfg_blk_i = 0, cfg_thread_en_i = 0, cfg_tid8_i = 0, cfg_save_restore_i = 0,
               cfg_gen1_tima_i = 0;
  std::uint32_t cfg_pir_i = 0;
  std::uint16_t cfg_knobs_i = 0;
  std::uint8_t mm_req_valid_i = 0, mm_req_ready_o = 0, mm_req_thread_i = 0, mm_req_page_i = 0,
               mm_req_write_i = 0, mm_req_size_i = 0;
  std::uint16_t mm_req_offset_i = 0;
  std::uint64_t mm_req_wdata_i = 0;
  std::uint8_t mm_rsp_valid_o = 0, mm_rsp_ready_i = 0, mm_rsp_err_o = 0, mm_rsp_err_code_o = 0;
  std::uint64_t mm_rsp_rdata_o = 0;
  std::uint8_t pm_req_valid_i = 0, pm_req_ready_o = 0, pm_req_cmd_i = 0, pm_req_format_i = 0,
               pm_req_crowd_i = 0, pm_req_ignore_i = 0, pm_req_blk_i = 0, pm_req_prio_i = 0,
               pm_req_level_i = 0, pm_req_thread_i = 0, pm_req_ring_i = 0;
  std::uint32_t pm_req_idx_i = 0, pm_req_logic_serv_i = 0;
  std::uint8_t pm_rsp_valid_o = 0, pm_rsp_ready_i = 0, pm_rsp_match_o = 0, pm_rsp_ring_o = 0,
               pm_rsp_precluded_o = 0, pm_rsp_count_o = 0, pm_rsp_multi_err_o = 0, pm_rsp_ack_o = 0,
               pm_rsp_err_code_o = 0;
  std::uint16_t pm_rsp_pipr_o = 0;
  std::uint8_t rq_valid_o = 0, rq_ready_i = 0, rq_op_o = 0, rq_thread_o = 0, rq_blk_o = 0,
               rq_priv_o = 0, rq_level_o = 0, rq_prio_o = 0, rq_line_odd_o = 0, rq_len_o = 0;
  std::uint32_t rq_idx_o = 0;
  std::uint16_t rq_pir_o = 0;
  FakeWide<16> rq_wdata_o;
  std::uint8_t rs_valid_i = 0, rs_ready_o = 0, rs_ok_i = 0, rs_ipb_i = 0, rs_cppr_i = 0,
               rs_lsmfb_i = 0, rs_lgs_i = 0, rs_t_i = 0, rs_nvp_hw_i = 0, rs_pgofirst_i = 0,
               rs_scan_prio_i = 0, rs_scan_level_i = 0;
  std::uint8_t os_ext_o = 0, hv_ext_o = 0, user_ebb_o = 0, err_pulse_o = 0, err_thread_o = 0,
               busy_o = 0, idle_o = 1;
  FakeWide<kXtiWords> xti_o;
};

/// The `Model` of VerilatedTimaImpl over FakePins.
class FakeModel {
 public:
  static constexpr unsigned kThreads = 2;
  static constexpr bool kMutants = false;
  /// Called at each rising edge outside of reset; set by the test before it makes the port.
  static inline std::function<void(FakePins&)> on_clock = [](FakePins&) {};

  FakePins& pins() { return pins_; }
  const FakePins& pins() const { return pins_; }
  template <bool kWaves>
  void falling_edge() {
    pins_.clk_i = 0;
  }
  template <bool kWaves>
  void rising_edge() {
    pins_.clk_i = 1;
    if (pins_.rst_ni != 0) {
      enabled_ = pins_.cfg_thread_en_i;
      on_clock(pins_);
    }
  }
  const std::uint32_t* ctx(unsigned thread) const { return ctx_[thread].data(); }
  unsigned l_os() const { return 0; }
  unsigned l_hv() const { return 0; }
  unsigned enabled() const { return enabled_; }
  void open_waves(const std::string&) {}
  void close_waves() {}
  void dump(std::uint64_t) {}

 private:
  FakePins pins_;
  unsigned enabled_ = 0;
  std::array<std::array<std::uint32_t, 16>, kThreads> ctx_{};
};

}  // namespace xive::bridge::testing
