// SPDX-License-Identifier: Apache-2.0
/// Properties 34-52 of spec/tima.md section 7, and rule A3 of 6.4: what is presented when.
#include <fmt/format.h>

#include "sc_models/tima/rules/groups.h"

namespace xive::tima::rules {

namespace {

std::string state_text(const View& v, Ring ring) {
  return fmt::format("{}: before {}, after {}", v.text(), ring_text(v.before, ring),
                     ring_text(v.after, ring));
}

/// After SET_PIPR(s) (34, 51).
void check_evaluated(Checker& c, const View& v, Ring s) {
  const bool below = v.is(s, reg::kPipr) < v.is(s, reg::kCppr);
  const bool shown = shows_exception(s, v.is(s, reg::kNsr));
  const bool up = latch(v.after, s);
  c.expect(RuleId::P34, below == shown && shown == up, [&] { return state_text(v, s); });
  if (v.is(s, reg::kCppr) == 0) {
    c.expect(RuleId::P51, !shown && !up, [&] { return state_text(v, s); });
  }
}

void check_g1_evaluation(Checker& c, const View& v) {
  const bool by_op = v.op == Op::SetOsCppr || v.op == Op::SetOsPending || v.push;
  if (v.eval_os) {
    const bool below = v.is(Ring::Os, reg::kPipr) < v.is(Ring::Os, reg::kCppr);
    c.expect(RuleId::P35, below == ((v.is(Ring::Os, reg::kNsr) & 0x80U) != 0),
             [&] { return state_text(v, Ring::Os); });
  }
  if (by_op) {
    const std::uint8_t best = most_favoured(v.is(Ring::Os, reg::kIpb));
    c.expect(RuleId::P36, v.is(Ring::Os, reg::kPipr) == best, [&] {
      return fmt::format("{}; PIPR expected {:02X}", state_text(v, Ring::Os), best);
    });
  }
  if (v.op == Op::SetHvCppr) {
    const std::uint8_t phys = most_favoured(v.is(Ring::Phys, reg::kIpb));
    const std::uint8_t best = most_favoured_phys(v.after);
    const std::uint8_t cppr = v.is(Ring::Phys, reg::kCppr);
    const unsigned expected = best >= cppr ? 0 : best < phys ? kHePool : kHePhys;
    c.expect(RuleId::P37,
             v.is(Ring::Phys, reg::kPipr) == best && he(v.is(Ring::Phys, reg::kNsr)) == expected,
             [&] {
               return fmt::format("{}, {}; PIPR expected {:02X}, HE expected {}",
                                  state_text(v, Ring::Phys), ring_text(v.after, Ring::Pool), best,
                                  expected);
             });
  }
}

void check_directed(Checker& c, const View& v) {
  const Ring ring = v.event.presenter.ring;
  const Ring s = signalling(ring);
  const unsigned prio = v.event.presenter.prio;
  const auto expected = static_cast<std::uint8_t>(v.was(ring, reg::kIpb) | ipb_bit(prio));
  if (prio <= 7) {
    const ByteSet others = v.changed & kIpbs & ~byte_of(ring, reg::kIpb);
    c.expect(RuleId::P43, v.is(ring, reg::kIpb) == expected && others == 0, [&] {
      return fmt::format("{}; IPB expected {:02X}, other IPBs changed: {}", state_text(v, ring),
                         expected, bytes_text(others));
    });
  }
  const ByteSet presentation =
      byte_of(s, reg::kNsr) | byte_of(s, reg::kCppr) | byte_of(s, reg::kPipr);
  if (capped(prio) >= v.was(s, reg::kPipr)) {
    c.expect(RuleId::P44,
             (v.changed & presentation) == 0 && !v.latches_moved &&
                 v.event.lines_before == v.event.lines_after,
             [&] { return state_text(v, s); });
  }
  if (ring == Ring::Pool) {
    const ByteSet allowed = byte_of(Ring::Pool, reg::kIpb) | byte_of(Ring::Phys, reg::kNsr) |
                            byte_of(Ring::Phys, reg::kPipr);
    c.expect(RuleId::P49, (v.changed & ~allowed) == 0, [&] {
      return fmt::format("{}: changed {}", v.text(), bytes_text(v.changed & ~allowed));
    });
  }
  if (prio == 0 && v.was(s, reg::kCppr) > 0 && v.was(s, reg::kPipr) > 0) {
    c.expect(RuleId::P50, latch(v.after, s), [&] { return state_text(v, s); });
  }
}

void check_switch(Checker& c, const View& v) {
  const unsigned was = he(v.was(Ring::Phys, reg::kNsr));
  const unsigned is = he(v.is(Ring::Phys, reg::kNsr));
  const bool switched = (was == kHePool && is == kHePhys) || (was == kHePhys && is == kHePool);
  if (!switched || !v.eval_hv) {
    return;
  }
  const unsigned lost_pool = v.was(Ring::Pool, reg::kIpb) & ~unsigned{v.is(Ring::Pool, reg::kIpb)};
  const unsigned lost_phys = v.was(Ring::Phys, reg::kIpb) & ~unsigned{v.is(Ring::Phys, reg::kIpb)};
  c.expect(RuleId::P52, lost_pool == 0 && lost_phys == 0, [&] {
    return fmt::format("{}: lost POOL {:02X}, PHYS {:02X}", v.text(), lost_pool, lost_phys);
  });
}

/// Re-validation of a PRESENT when it is executed (A3, D-4, D-5, D-11, D-17).
void check_revalidation(Checker& c, const View& v) {
  const PresenterRequest& request = v.event.presenter;
  const bool needs_pir = request.ring == Ring::Phys && !request.format && !request.ignore;
  if (!index_in_range(request) || (needs_pir && !c.configured)) {
    return;
  }
  bool expected = false;
  if (v.before.enabled && !request.ignore) {
    if (request.format) {
      expected = c.params.knobs.user_ring && request.ring == Ring::User &&
                 takes_user_event(v.before, request);
    } else {
      expected = request.ring != Ring::User &&
                 ring_holds(c, v.event.thread, v.before, request.ring, request);
    }
  }
  const bool ack = v.event.presenter_response.ack;
  const bool user_line = v.event.lines_before.user_ebb != v.event.lines_after.user_ebb;
  c.expect(RuleId::A3, ack == expected && (ack || (v.untouched() && !user_line)), [&] {
    return fmt::format("{}: expected {}; the ring was {}, changed {}", v.text(),
                       expected ? "ack" : "nack without change", ring_text(v.before, request.ring),
                       bytes_text(v.changed));
  });
}

}  // namespace

void check_presentation(Checker& c, const View& v) {
  if (v.eval_os) {
    check_evaluated(c, v, Ring::Os);
  }
  if (v.eval_hv) {
    check_evaluated(c, v, Ring::Phys);
    check_switch(c, v);
  }
  check_g1_evaluation(c, v);
  if (v.present) {
    check_directed(c, v);
  }
  if (v.event.kind == EventKind::Present) {
    check_revalidation(c, v);
  }
}

}  // namespace xive::tima::rules
