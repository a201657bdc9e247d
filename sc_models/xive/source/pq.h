// SPDX-License-Identifier: Apache-2.0
/// The PQ automaton of event state buffers (xive-chip.md 5.1) as one table. Sources, ESn and ESe of
/// ENDs all use it.
#pragma once

#include <array>
#include <cstdint>

namespace xive::ic {

/// P has value 2, Q value 1.
enum class Pq : std::uint8_t { Reset = 0, Off = 1, Pending = 2, Queued = 3 };

enum class PqOp : std::uint8_t { Trigger, Eoi, Get, Set00, Set01, Set10, Set11, Assert };
inline constexpr unsigned kPqOps = 8;

struct PqStep {
  Pq next;
  bool forward;
};

/// `Assert` is the level of an LSI going or staying high: it fires from 00 only and never sets Q.
inline constexpr std::array<std::array<PqStep, 4>, kPqOps> kPqTable = {{
    // 00                    01                 10                    11
    {{{Pq::Pending, true}, {Pq::Off, false}, {Pq::Queued, false}, {Pq::Queued, false}}},
    {{{Pq::Reset, false}, {Pq::Off, false}, {Pq::Reset, false}, {Pq::Pending, true}}},
    {{{Pq::Reset, false}, {Pq::Off, false}, {Pq::Pending, false}, {Pq::Queued, false}}},
    {{{Pq::Reset, false}, {Pq::Reset, false}, {Pq::Reset, false}, {Pq::Reset, false}}},
    {{{Pq::Off, false}, {Pq::Off, false}, {Pq::Off, false}, {Pq::Off, false}}},
    {{{Pq::Pending, false}, {Pq::Pending, false}, {Pq::Pending, false}, {Pq::Pending, false}}},
    {{{Pq::Queued, false}, {Pq::Queued, false}, {Pq::Queued, false}, {Pq::Queued, false}}},
    {{{Pq::Pending, true}, {Pq::Off, false}, {Pq::Pending, false}, {Pq::Queued, false}}},
}};

constexpr PqStep pq_step(PqOp op, Pq before) {
  return kPqTable[static_cast<unsigned>(op)][static_cast<unsigned>(before)];
}

constexpr PqOp pq_set(unsigned pq) {
  return static_cast<PqOp>(static_cast<unsigned>(PqOp::Set00) + (pq & 3U));
}

}  // namespace xive::ic
