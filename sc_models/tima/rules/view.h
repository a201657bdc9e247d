// SPDX-License-Identifier: Apache-2.0
/// One event with everything that several rules derive from it, derived once.
#pragma once

#include <cstdint>
#include <string>

#include "sc_models/tima/event.h"
#include "sc_models/tima/rules/bits.h"
#include "sc_models/tima/rules/checker.h"
#include "sc_models/tima/rules/decode.h"

namespace xive::tima::rules {

struct View {
  View(const Checker& checker, const Event& e);

  const Event& event;
  const ThreadState& before;
  const ThreadState& after;
  const Shadow& shadow;  ///< the thread as its last event left it

  bool mmio = false;
  Access access{};        ///< MMIO only, else op None
  Op op = Op::None;       ///< same as access.op
  bool present = false;   ///< acked PRESENT of a directed notification to OS, POOL or PHYS
  bool accepted = false;  ///< ack operation with an exception in NSR
  bool push = false;      ///< OS push with V = 1
  bool eval_os = false;   ///< SET_PIPR(OS) was performed
  bool eval_hv = false;   ///< SET_PIPR(POOL) or SET_PIPR(PHYS) was performed
  ByteSet changed = 0;    ///< register bytes that differ
  bool latches_moved = false;
  ByteSet stored = 0;      ///< raw store: the bytes it may write
  std::uint8_t data8 = 0;  ///< low byte of the store data

  Ring acked_ring() const { return op == Op::AckOs ? Ring::Os : Ring::Phys; }
  bool is_ack() const { return op == Op::AckOs || op == Op::AckHv; }
  bool is_pull() const { return op == Op::PullOs || op == Op::PullPool || op == Op::PullPhys; }
  bool untouched() const { return changed == 0 && !latches_moved; }
  /// Refused as it must be: error, all ones, no change.
  bool refused_cleanly() const {
    return untouched() && event.mmio_response.err &&
           event.mmio_response.rdata == (event.mmio.write ? 0 : access.ones);
  }
  std::uint8_t was(Ring ring, unsigned byte) const { return before.at(ring, byte); }
  std::uint8_t is(Ring ring, unsigned byte) const { return after.at(ring, byte); }

  /// The event in words, e.g. "thread 2 HV load4 0x818 pull OS".
  std::string text() const;
};

/// Register bytes that differ between two images.
ByteSet changed_bytes(const ThreadState& a, const ThreadState& b);
inline bool same_state(const ThreadState& a, const ThreadState& b) {
  return changed_bytes(a, b) == 0 &&
         ((a.l_os ^ b.l_os) | (a.l_hv ^ b.l_hv) | (a.enabled ^ b.enabled)) == 0;
}

/// Data that a load must return. Only for MMIO events.
std::uint64_t expected_rdata(const View& view, const Knobs& knobs);

/// NSR, CPPR, IPB, PIPR of a ring in words.
std::string ring_text(const ThreadState& state, Ring ring);

/// Names of the bytes of a set, e.g. "OS+2 PHYS+7".
std::string bytes_text(ByteSet set);

}  // namespace xive::tima::rules
