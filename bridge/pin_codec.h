// SPDX-License-Identifier: Apache-2.0
/// Between the messages of sc_models/tima/types.h and the ports of rtl/tima.sv. Templates over the
/// pin class, because each number of threads has its own port types.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <type_traits>

#include "bridge/image.h"
#include "rtl/xti.h"
#include "sc_models/tima/event.h"
#include "sc_models/tima/mmio_head.h"
#include "sc_models/tima/types.h"

namespace xive::bridge {

/// cfg_knobs_i, bit 0 first: ack_recompute, pull64_lo, g1_pool_push, save_clr_ipb, pool_cppr,
/// lsmfb_min, low400_alias, user_ring, cppr_load.
constexpr unsigned knob_bits(const tima::Knobs& k) {
  return (k.ack_recompute ? 1U : 0U) | (k.pull64_lo ? 2U : 0U) | (k.g1_pool_push ? 4U : 0U) |
         (k.save_clr_ipb ? 8U : 0U) | (k.pool_cppr ? 16U : 0U) | (k.lsmfb_min ? 32U : 0U) |
         (k.low400_alias ? 64U : 0U) | (k.user_ring ? 128U : 0U) | (k.cppr_load ? 256U : 0U);
}

/// Bits [lsb + width - 1 : lsb] of a port, which is an integer or a vector of 32-bit words. At most
/// 32 bits, `value` must fit.
template <typename Pin>
void put_bits(Pin& pin, unsigned lsb, unsigned width, std::uint32_t value) {
  if constexpr (std::is_integral_v<Pin>) {
    const std::uint64_t mask = ((std::uint64_t{1} << width) - 1U) << lsb;
    pin = static_cast<Pin>((pin & ~mask) | (std::uint64_t{value} << lsb));
  } else {
    for (unsigned i = 0; i < width; ++i) {
      auto& word = pin.data()[(lsb + i) / 32U];
      const std::uint32_t bit = 1U << (lsb + i) % 32U;
      word = (value >> i & 1U) != 0 ? word | bit : word & ~bit;
    }
  }
}

template <typename Pins>
void drive_mmio(Pins& p, const tima::MmioRequest& r) {
  p.mm_req_thread_i = r.thread;
  p.mm_req_page_i = static_cast<std::uint8_t>(r.page);
  p.mm_req_offset_i = r.offset;
  p.mm_req_write_i = r.write;
  p.mm_req_size_i = r.size_log2;
  p.mm_req_wdata_i = r.wdata;
}

template <typename Pins>
void drive_presenter(Pins& p, const tima::PresenterRequest& r) {
  p.pm_req_cmd_i = static_cast<std::uint8_t>(r.cmd);
  p.pm_req_format_i = r.format;
  p.pm_req_crowd_i = r.crowd;
  p.pm_req_ignore_i = r.ignore;
  p.pm_req_blk_i = r.blk;
  p.pm_req_idx_i = r.idx;
  p.pm_req_prio_i = r.prio;
  p.pm_req_logic_serv_i = r.logic_serv;
  p.pm_req_level_i = r.level;
  p.pm_req_thread_i = r.thread;
  p.pm_req_ring_i = static_cast<std::uint8_t>(r.ring);
}

/// The answer's fields that are narrower than their C++ type; std::out_of_range. A Verilated model
/// trusts its inputs: a value wider than its port corrupts memory.
inline void check_answer_limits(const tima::MemoryResponse& r) {
  if (r.t > 1 || r.pgofirst > 0x3f || r.scan_level > 0x3f) {
    throw std::out_of_range("TIMA port: a field of the memory response is wider than its port");
  }
}

template <typename Pins>
void drive_answer(Pins& p, const tima::MemoryResponse& r) {
  p.rs_ok_i = r.ok;
  p.rs_ipb_i = r.ipb;
  p.rs_cppr_i = r.cppr;
  p.rs_lsmfb_i = r.lsmfb;
  p.rs_lgs_i = r.lgs;
  p.rs_t_i = r.t;
  p.rs_nvp_hw_i = r.nvp_hw;
  p.rs_pgofirst_i = r.pgofirst;
  p.rs_scan_prio_i = r.scan_prio;
  p.rs_scan_level_i = r.scan_level;
}

/// Only the part that the command fills; the rest is zero.
template <typename Pins>
tima::PresenterResponse decode_presenter(const Pins& p, tima::PresenterCmd cmd, unsigned threads) {
  tima::PresenterResponse r;
  r.code = static_cast<tima::ErrorCode>(p.pm_rsp_err_code_o);
  if (cmd == tima::PresenterCmd::Present) {
    r.ack = p.pm_rsp_ack_o != 0;
    return r;
  }
  r.count = p.pm_rsp_count_o;
  if (cmd == tima::PresenterCmd::Bcast) return r;
  r.match = p.pm_rsp_match_o;
  r.precluded = p.pm_rsp_precluded_o;
  r.multi_err = p.pm_rsp_multi_err_o != 0;
  if (r.match == 0) return r;
  for (unsigned t = 0; t < threads; ++t) {
    if ((r.match >> t & 1U) != 0) {
      r.ring[t] = static_cast<tima::Ring>(p.pm_rsp_ring_o >> (2U * t) & 3U);
      r.pipr[t] = static_cast<std::uint8_t>(std::uint64_t{p.pm_rsp_pipr_o} >> (8U * t));
    }
  }
  return r;
}

/// `wdata` is right-justified on the port: its last byte is in bits [7:0].
template <typename Pins>
tima::MemoryRequest decode_memory_request(const Pins& p) {
  tima::MemoryRequest r;
  r.op = static_cast<tima::MemoryOp>(p.rq_op_o);
  r.thread = p.rq_thread_o;
  r.blk = p.rq_blk_o;
  r.idx = p.rq_idx_o;
  r.priv = p.rq_priv_o;
  r.pir = p.rq_pir_o;
  r.level = p.rq_level_o;
  r.prio = p.rq_prio_o;
  r.line_odd = p.rq_line_odd_o != 0;
  r.len = p.rq_len_o;
  const unsigned len = r.len <= r.wdata.size() ? r.len : 64U;
  for (unsigned i = 0; i < len; ++i) {
    const unsigned byte = len - 1U - i;
    r.wdata[i] = static_cast<std::uint8_t>(p.rq_wdata_o.data()[byte / 4U] >> (8U * (byte % 4U)));
  }
  return r;
}

/// Single fields of the packed record.
inline XtiKind xti_kind(const std::uint32_t* words) {
  return static_cast<XtiKind>(xti_detail::bits<xti_lsb::kKind, 3>(words));
}
inline unsigned xti_thread(const std::uint32_t* words) {
  return static_cast<unsigned>(xti_detail::bits<xti_lsb::kThread, 3>(words));
}
inline bool xti_last(const std::uint32_t* words) {
  return xti_detail::bits<xti_lsb::kLast, 1>(words) != 0;
}
/// regs_after as words, least significant first.
inline const std::uint32_t* xti_regs_after(const std::uint32_t* words) {
  return words + xti_lsb::kRegsAfter / 32U;
}

/// Field `Lsb`, `Width` bits wide, as a T.
template <typename T, unsigned Lsb, unsigned Width>
T xti_field(const std::uint32_t* words) {
  return static_cast<T>(xti_detail::bits<Lsb, Width>(words));
}
template <unsigned Lsb>
bool xti_flag(const std::uint32_t* words) {
  return (words[Lsb / 32U] >> Lsb % 32U & 1U) != 0;
}

/// Fills what the record says except the register images; cycle, lines and logic_serv are the
/// caller's. An MMIO record leaves the presenter part alone.
inline void decode_head(const std::uint32_t* words, tima::Event& e) {
  using std::uint8_t;
  const auto kind = xti_kind(words);
  e.kind = static_cast<tima::EventKind>(kind);
  e.thread = static_cast<uint8_t>(xti_thread(words));
  e.last = xti_last(words);
  e.code = xti_field<tima::ErrorCode, xti_lsb::kErrCode, 4>(words);
  e.before.l_os = xti_flag<xti_lsb::kLOsBefore>(words);
  e.before.l_hv = xti_flag<xti_lsb::kLHvBefore>(words);
  e.before.enabled = xti_flag<xti_lsb::kEnabledBefore>(words);
  e.after.l_os = xti_flag<xti_lsb::kLOsAfter>(words);
  e.after.l_hv = xti_flag<xti_lsb::kLHvAfter>(words);
  e.after.enabled = xti_flag<xti_lsb::kEnabledAfter>(words);
  if (kind == XtiKind::Mmio) {
    tima::set_head(e.mmio, xti_thread(words), xti_field<unsigned, xti_lsb::kPage, 2>(words),
                   xti_field<unsigned, xti_lsb::kOffset, 16>(words),
                   xti_flag<xti_lsb::kWrite>(words), xti_field<unsigned, xti_lsb::kSize, 2>(words));
    e.mmio.wdata = xti_field<std::uint64_t, xti_lsb::kWdata, 64>(words);
    e.mmio_response = {xti_field<std::uint64_t, xti_lsb::kRdata, 64>(words),
                       xti_flag<xti_lsb::kErr>(words), e.code};
    return;
  }
  e.presenter = {};
  e.presenter_response = {};
  if (kind == XtiKind::Enable) return;
  const bool present = kind == XtiKind::Present;
  e.presenter.cmd = present ? tima::PresenterCmd::Present : tima::PresenterCmd::Bcast;
  e.presenter.format = xti_flag<xti_lsb::kFormat>(words);
  e.presenter.crowd = xti_flag<xti_lsb::kCrowd>(words);
  e.presenter.ignore = xti_flag<xti_lsb::kIgnore>(words);
  e.presenter.blk = xti_field<uint8_t, xti_lsb::kBlk, 4>(words);
  e.presenter.idx = xti_field<std::uint32_t, xti_lsb::kIdx, 24>(words);
  e.presenter.prio = xti_field<uint8_t, xti_lsb::kPrio, 8>(words);
  e.presenter_response.code = e.code;
  if (present) {
    e.presenter.level = xti_field<uint8_t, xti_lsb::kLevel, 6>(words);
    e.presenter.thread = e.thread;
    e.presenter.ring = xti_field<tima::Ring, xti_lsb::kRing, 2>(words);
    e.presenter_response.ack = xti_flag<xti_lsb::kAck>(words);
  } else {
    e.presenter_response.count = xti_field<uint8_t, xti_lsb::kCount, 4>(words);
  }
}

/// As decode_head(), with the register images.
inline void decode_event(const std::uint32_t* words, tima::Event& e) {
  decode_head(words, e);
  image_bytes(words + xti_lsb::kRegsBefore / 32U, e.before.r);
  image_bytes(xti_regs_after(words), e.after.r);
}

}  // namespace xive::bridge
