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

/// What the rules ask of an operation, as bits, so that they need not compare with each of several.
inline constexpr unsigned kIsAck = 1;
inline constexpr unsigned kIsPull = 2;
inline constexpr unsigned kIsCppr = 4;      ///< the CPPR operation
inline constexpr unsigned kIsQuiet = 8;     ///< changes nothing
inline constexpr unsigned kIsForHv = 16;    ///< of the PHYS ring alone
inline constexpr unsigned kIsForOs = 32;    ///< of the OS ring alone
inline constexpr unsigned kLowersAny = 64;  ///< lowers latches of the OS and the PHYS ring
constexpr unsigned traits_of(Op op) {
  switch (op) {
    case Op::SetOsCppr:
      return kIsCppr | kIsForOs;
    case Op::SetHvCppr:
      return kIsCppr | kIsForHv;
    case Op::AckOs:
      return kIsAck | kIsForOs;
    case Op::AckHv:
      return kIsAck | kIsForHv;
    case Op::SetOsPending:
    case Op::PushOs:
      return kIsForOs;
    case Op::PullOs:
      return kIsPull;
    case Op::PullPool:
    case Op::PullPhys:
      return kIsPull | kLowersAny;
    case Op::RawLoad:
    case Op::PollVt:
    case Op::LoadOsCppr:
    case Op::LoadHvCppr:
      return kIsQuiet;
    default:
      return 0;
  }
}

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
  bool accepts_os = false, accepts_hv = false;  ///< the same by ring
  bool push = false;                            ///< OS push with V = 1
  bool eval_os = false;                         ///< SET_PIPR(OS) was performed
  bool eval_hv = false;                         ///< SET_PIPR(POOL) or SET_PIPR(PHYS) was performed
  ByteSet changed = 0;                          ///< register bytes that differ
  bool latches_moved = false;
  unsigned traits = 0;                  ///< of `op`
  ByteSet stored = 0;                   ///< raw store: the bytes it may write
  bool raw_os = false, raw_hv = false;  ///< and whether the NSR of this ring is among them
  std::uint8_t data8 = 0;               ///< low byte of the store data

  Ring acked_ring() const { return op == Op::AckOs ? Ring::Os : Ring::Phys; }
  bool is_ack() const { return (traits & kIsAck) != 0; }
  bool is_pull() const { return (traits & kIsPull) != 0; }
  bool is_cppr() const { return (traits & kIsCppr) != 0; }
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
