// SPDX-License-Identifier: Apache-2.0
/// Properties 1-8, 20 and 21 of spec/tima.md section 7, and the footprint of each event.
#include <fmt/format.h>

#include <array>

#include "sc_models/tima/rules/groups.h"
#include "sc_models/tima/rules/shadow.h"

namespace xive::tima::rules {

namespace {

constexpr ByteSet kPiprs = byte_of(Ring::User, reg::kPipr) | byte_of(Ring::Os, reg::kPipr) |
                           byte_of(Ring::Pool, reg::kPipr) | byte_of(Ring::Phys, reg::kPipr);

constexpr ByteSet presentation_of(Ring s) {
  return byte_of(s, reg::kNsr) | byte_of(s, reg::kPipr);
}
constexpr ByteSet word2_of(Ring ring) {
  return ByteSet{0xf} << (static_cast<unsigned>(ring) * 16U + 8U);
}

/// Bytes that the event may change.
ByteSet footprint(const View& v, const Knobs& knobs) {
  const auto ack_pipr = [&] { return knobs.ack_recompute ? ~ByteSet{0} : ~kPiprs; };
  switch (v.event.kind) {
    case EventKind::Mmio:
      break;
    case EventKind::Present: {
      if (!v.event.presenter_response.ack) {
        return 0;
      }
      const Ring ring = v.event.presenter.ring;
      return ring == Ring::User ? byte_of(Ring::User, reg::kNsr)
                                : byte_of(ring, reg::kIpb) | presentation_of(signalling(ring));
    }
    case EventKind::Bcast:
      return 0;
    case EventKind::Enable:
    case EventKind::Reset:
      return ~ByteSet{0};
  }
  switch (v.op) {
    case Op::RawStore:
      return v.stored;
    case Op::SetOsCppr:
      return presentation_of(Ring::Os) | byte_of(Ring::Os, reg::kCppr);
    case Op::SetHvCppr:
      return presentation_of(Ring::Phys) | byte_of(Ring::Phys, reg::kCppr);
    case Op::PushOs:
      return word2_of(Ring::Os) |
             (v.push ? presentation_of(Ring::Os) | byte_of(Ring::Os, reg::kIpb) : 0);
    case Op::SetVt:
    case Op::PullPhys:
      return byte_of(Ring::Phys, reg::kWord2);
    case Op::AckOs:
      return v.accepted ? (presentation_of(Ring::Os) | byte_of(Ring::Os, reg::kCppr) |
                           byte_of(Ring::Os, reg::kIpb)) &
                              ack_pipr()
                        : 0;
    case Op::AckHv:
      return v.accepted ? (presentation_of(Ring::Phys) | byte_of(Ring::Phys, reg::kCppr) |
                           byte_of(Ring::Phys, reg::kIpb) | byte_of(Ring::Pool, reg::kIpb)) &
                              ack_pipr()
                        : 0;
    case Op::SetOsPending:
      return presentation_of(Ring::Os) | byte_of(Ring::Os, reg::kIpb);
    case Op::PullOs:
      return byte_of(Ring::Os, reg::kWord2);
    case Op::PullPool:
      return byte_of(Ring::Pool, reg::kWord2) | presentation_of(Ring::Phys);
    case Op::UserNsrStore:
    case Op::AckEbb:
      return byte_of(Ring::User, reg::kNsr);
    case Op::PushUser:
      return word2_of(Ring::User);
    case Op::PullUser:
      return byte_of(Ring::User, reg::kWord2);
    default:
      return 0;
  }
}

/// Whether the event may move the line latch of `s` (3.8, generation 1).
bool may_move_latch(const View& v, Ring s) {
  if (v.event.kind == EventKind::Enable || (v.traits & kLowersAny) != 0) {
    return true;
  }
  if (s == Ring::Os) {
    return v.eval_os || v.op == Op::PullOs || v.accepts_os;
  }
  return v.eval_hv || v.accepts_hv;
}

void check_clean_nsr(Checker& c, const View& v) {
  const std::uint8_t os = v.is(Ring::Os, reg::kNsr);
  const std::uint8_t hv = v.is(Ring::Phys, reg::kNsr);
  // The event itself may be what settles or unsettles the ring.
  const bool settled_os = settled_os_after(v);
  const bool settled_hv = settled_hv_after(v);
  if (settled_os) {
    c.expect(RuleId::P02, (os & 0x7fU) == 0, [&] {
      return fmt::format("{}: OS NSR {:02X}, level and bit 1 must be 0", v.text(), os);
    });
  }
  if (settled_hv) {
    c.expect(RuleId::P03, he(hv) != 3 && (hv & 0x3fU) == 0, [&] {
      return fmt::format("{}: PHYS NSR {:02X}, HE must be 0..2 and the level 0", v.text(), hv);
    });
  }
  if (settled_os || settled_hv) {
    const bool os_ok = !settled_os || os == 0 || os == 0x80;
    const bool hv_ok = !settled_hv || hv == 0 || hv == 0x40 || hv == 0x80;
    c.expect(RuleId::P04, os_ok && hv_ok, [&] {
      return fmt::format("{}: OS NSR {:02X}, PHYS NSR {:02X}, expected one of 00, 40 (PHYS), 80",
                         v.text(), os, hv);
    });
  }
}

constexpr std::array<Ring, 3> kIpbRings{Ring::Os, Ring::Pool, Ring::Phys};

/// Whether the event is a legal cause for the IPB of `ring` going from `was` to `is`.
bool ipb_change_allowed(const View& v, Ring ring, std::uint8_t was, std::uint8_t is) {
  const auto set = static_cast<std::uint8_t>(is & ~was);
  const auto cleared = static_cast<std::uint8_t>(was & ~is);
  if (v.event.kind == EventKind::Enable || (v.stored & byte_of(ring, reg::kIpb)) != 0) {
    return true;
  }
  if (v.present) {
    return v.event.presenter.ring == ring && cleared == 0 && set == ipb_bit(v.event.presenter.prio);
  }
  if (ring == Ring::Os && v.op == Op::SetOsPending) {
    return cleared == 0 && set == ipb_bit(v.data8);
  }
  if (ring == Ring::Os && v.push) {
    return cleared == 0;
  }
  if (v.is_ack() && v.accepted) {
    const bool ring_of_ack = (v.op == Op::AckOs) == (ring == Ring::Os);
    return ring_of_ack && set == 0 && (cleared & (cleared - 1U)) == 0;
  }
  return false;
}

constexpr ByteSet kCpprs = byte_of(Ring::Os, reg::kCppr) | byte_of(Ring::Phys, reg::kCppr);

void check_ipb_causes(Checker& c, const View& v) {
  for (const Ring ring : kIpbRings) {
    if ((v.changed & byte_of(ring, reg::kIpb)) == 0) {
      continue;
    }
    const std::uint8_t was = v.was(ring, reg::kIpb);
    const std::uint8_t is = v.is(ring, reg::kIpb);
    c.expect(RuleId::P05, ipb_change_allowed(v, ring, was, is), [&] {
      return fmt::format("{}: {} IPB went from {:02X} to {:02X} without a cause", v.text(),
                         bytes_text(byte_of(ring, reg::kIpb)), was, is);
    });
  }
}

void check_cppr_causes(Checker& c, const View& v) {
  for (const Ring s : {Ring::Os, Ring::Phys}) {
    if ((v.changed & byte_of(s, reg::kCppr)) == 0) {
      continue;
    }
    const bool by_op = v.op == (s == Ring::Os ? Op::SetOsCppr : Op::SetHvCppr);
    const bool by_ack = v.op == (s == Ring::Os ? Op::AckOs : Op::AckHv) && v.accepted;
    const bool by_store = (v.stored & byte_of(s, reg::kCppr)) != 0;
    c.expect(RuleId::P06, by_op || by_ack || by_store || v.event.kind == EventKind::Enable, [&] {
      return fmt::format("{}: {} went from {:02X} to {:02X} without a cause", v.text(),
                         bytes_text(byte_of(s, reg::kCppr)), v.was(s, reg::kCppr),
                         v.is(s, reg::kCppr));
    });
  }
}

bool is_reset_state(const ThreadState& state) {
  return state.r == kResetImage && !state.l_os && !state.l_hv;
}

}  // namespace

void check_structure(Checker& c, const View& v) {
  const ThreadState& a = v.after;
  c.expect(RuleId::P01,
           (a.at(Ring::Pool, reg::kNsr) | a.at(Ring::Pool, reg::kCppr) |
            a.at(Ring::Pool, reg::kPipr)) == 0,
           [&] { return fmt::format("{}: {}", v.text(), ring_text(a, Ring::Pool)); });
  check_clean_nsr(c, v);
  if ((v.changed & kIpbs) != 0) {
    check_ipb_causes(c, v);
  }
  if ((v.changed & kCpprs) != 0) {
    check_cppr_causes(c, v);
  }
  if (v.is_cppr()) {
    const Ring s = v.op == Op::SetOsCppr ? Ring::Os : Ring::Phys;
    c.expect(RuleId::P07, v.is(s, reg::kCppr) == capped(v.data8), [&] {
      return fmt::format("{}: CPPR is {:02X}, expected {:02X}", v.text(), v.is(s, reg::kCppr),
                         capped(v.data8));
    });
  }
  if (v.op == Op::RawStore) {
    c.expect(RuleId::P08, (v.changed & kPiprs) == 0, [&] {
      return fmt::format("{}: changed {}", v.text(), bytes_text(v.changed & kPiprs));
    });
  }
  if (v.event.kind == EventKind::Enable) {
    // A disabled thread stays in the reset state, so a rise shows it too.
    const Lines& lines = v.event.lines_after;
    c.expect(RuleId::P20, is_reset_state(a) && !lines.os_ext && !lines.hv_ext && !lines.user_ebb,
             [&] {
               return fmt::format("{}: not in the reset state: {} | {}", v.text(),
                                  ring_text(a, Ring::Os), ring_text(a, Ring::Phys));
             });
  }
  const ByteSet beyond = v.changed == 0 ? 0 : v.changed & ~footprint(v, c.params.knobs);
  const bool os_ok = v.before.l_os == a.l_os || may_move_latch(v, Ring::Os);
  const bool hv_ok = v.before.l_hv == a.l_hv || may_move_latch(v, Ring::Phys);
  const bool enable_ok = v.before.enabled == a.enabled || v.event.kind == EventKind::Enable;
  c.expect(RuleId::Footprint, beyond == 0 && os_ok && hv_ok && enable_ok, [&] {
    return fmt::format("{}: changed {} beyond its definition{}{}{}", v.text(), bytes_text(beyond),
                       os_ok ? "" : ", and L_os", hv_ok ? "" : ", and L_hv",
                       enable_ok ? "" : ", and the enable");
  });
}

void check_continuity(Checker& c, const View& v) {
  const Shadow& shadow = v.shadow;
  const bool same = same_state(shadow.last, v.before);
  const auto describe = [&] {
    return fmt::format(
        "{}: between this event and the last one of the thread changed {} (L_os {}->{},"
        " L_hv {}->{}, enable {}->{})",
        v.text(), bytes_text(changed_bytes(shadow.last, v.before)), shadow.last.l_os ? 1 : 0,
        v.before.l_os ? 1 : 0, shadow.last.l_hv ? 1 : 0, v.before.l_hv ? 1 : 0,
        shadow.last.enabled ? 1 : 0, v.before.enabled ? 1 : 0);
  };
  if (shadow.after_reset) {
    c.expect(RuleId::P20, same, describe);
    return;
  }
  c.expect(RuleId::P21, same, describe);
  if (shadow.match_since) {
    c.expect(RuleId::P87, same, describe);
  }
}

}  // namespace xive::tima::rules
