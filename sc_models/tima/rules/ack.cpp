// SPDX-License-Identifier: Apache-2.0
/// Properties 53-60 of spec/tima.md section 7: acknowledge by a 2-byte load.
#include <fmt/format.h>

#include "sc_models/tima/rules/groups.h"

namespace xive::tima::rules {

namespace {

std::string ack_text(const View& v) {
  const Ring s = v.acked_ring();
  return fmt::format("{}: before {}, after {}, POOL IPB {:02X} -> {:02X}", v.text(),
                     ring_text(v.before, s), ring_text(v.after, s), v.was(Ring::Pool, reg::kIpb),
                     v.is(Ring::Pool, reg::kIpb));
}

/// The ring whose interrupt an ack takes; USER = none that the specification names.
Ring presented_ring(const View& v) {
  if (v.op == Op::AckOs) {
    return Ring::Os;
  }
  const unsigned code = he(v.was(Ring::Phys, reg::kNsr));
  return code == kHePool ? Ring::Pool : code == kHePhys ? Ring::Phys : Ring::User;
}

void check_ipbs(Checker& c, const View& v) {
  const Ring s = v.acked_ring();
  const bool directed = (v.was(s, reg::kNsr) & 0x3fU) == 0;
  if (!directed) {
    return;
  }
  const Ring from = presented_ring(v);
  bool ok = true;
  for (const Ring ring : {Ring::Os, Ring::Pool, Ring::Phys}) {
    const unsigned keep = ring == from ? 0xffU & ~unsigned{ipb_bit(v.was(s, reg::kPipr))} : 0xffU;
    ok = ok && v.is(ring, reg::kIpb) == (v.was(ring, reg::kIpb) & keep);
  }
  c.expect(RuleId::P56, ok, [&] { return ack_text(v); });
  if (from == Ring::Pool) {
    c.expect(RuleId::P59, v.was(Ring::Phys, reg::kIpb) == v.is(Ring::Phys, reg::kIpb),
             [&] { return ack_text(v); });
  }
}

}  // namespace

void check_ack(Checker& c, const View& v) {
  if (!v.is_ack()) {
    return;
  }
  const Ring s = v.acked_ring();
  const Lines& was = v.event.lines_before;
  const Lines& is = v.event.lines_after;
  const auto describe = [&] { return ack_text(v); };

  c.expect(RuleId::P53, v.event.mmio_response.rdata == expected_rdata(v, c.params.knobs), describe);
  std::uint8_t pipr = v.was(s, reg::kPipr);
  if (v.accepted) {
    const bool line = s == Ring::Os ? is.os_ext : is.hv_ext;
    c.expect(RuleId::P55,
             v.is(s, reg::kCppr) == pipr && v.is(s, reg::kNsr) == 0 && !latch(v.after, s) && !line,
             describe);
    check_ipbs(c, v);
    if (c.params.knobs.ack_recompute) {
      pipr = most_favoured(v.is(s, reg::kIpb));
    }
  } else {
    c.expect(RuleId::P54, v.untouched() && was == is, describe);
  }
  c.expect(RuleId::P57, v.is(s, reg::kPipr) == pipr, describe);
  const bool raised = (v.after.l_os && !v.before.l_os) || (v.after.l_hv && !v.before.l_hv) ||
                      (is.os_ext && !was.os_ext) || (is.hv_ext && !was.hv_ext);
  c.expect(RuleId::P58, !raised, describe);
  if (s == Ring::Os ? v.shadow.acked_os : v.shadow.acked_hv) {
    c.expect(RuleId::P60, (v.event.mmio_response.rdata >> 8U) == 0, describe);
  }
}

}  // namespace xive::tima::rules
