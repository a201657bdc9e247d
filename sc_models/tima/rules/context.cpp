// SPDX-License-Identifier: Apache-2.0
/// Properties 71-78, 84 and 85 of spec/tima.md section 7: pull, push, and what must survive them.
#include <fmt/format.h>

#include "sc_models/tima/rules/groups.h"

namespace xive::tima::rules {

namespace {

std::string context_text(const View& v, Ring ring) {
  return fmt::format("{}: before {}, after {}", v.text(), ring_text(v.before, ring),
                     ring_text(v.after, ring));
}

void check_pull(Checker& c, const View& v) {
  const Ring ring = v.access.ring;
  const std::uint64_t word = expected_rdata(v, c.params.knobs);
  c.expect(RuleId::P71, v.event.mmio_response.rdata == word,
           [&] { return fmt::format("{}: expected {:x}", v.text(), word); });

  // Only bit 0 of byte +8 goes away, and nothing else moves but what SET_PIPR(PHYS) sets.
  ByteSet allowed = byte_of(ring, reg::kWord2);
  if (ring == Ring::Pool) {
    allowed |= byte_of(Ring::Phys, reg::kNsr) | byte_of(Ring::Phys, reg::kPipr);
  }
  const bool only_v = v.is(ring, reg::kWord2) == (v.was(ring, reg::kWord2) & 0x7fU);
  const bool hv_latch_ok = ring == Ring::Os     ? v.before.l_hv == v.after.l_hv
                           : ring == Ring::Phys ? !v.after.l_hv
                                                : true;
  c.expect(RuleId::P72, (v.changed & ~allowed) == 0 && only_v && !v.after.l_os && hv_latch_ok, [&] {
    return fmt::format("{}; changed {}", context_text(v, ring), bytes_text(v.changed));
  });
  if (ring != Ring::Pool) {
    return;
  }
  if (he(v.was(Ring::Phys, reg::kNsr)) == kHePool) {
    c.expect(RuleId::P75,
             he(v.is(Ring::Phys, reg::kNsr)) != kHePool &&
                 v.was(Ring::Pool, reg::kIpb) == v.is(Ring::Pool, reg::kIpb),
             [&] {
               return fmt::format("{}, {}", context_text(v, Ring::Phys),
                                  ring_text(v.after, Ring::Pool));
             });
  }
  if (most_favoured(v.was(Ring::Phys, reg::kIpb)) < v.was(Ring::Phys, reg::kCppr)) {
    const bool line_ok = v.event.lines_after.hv_ext == v.before.valid(Ring::Phys);
    c.expect(RuleId::P76, he(v.is(Ring::Phys, reg::kNsr)) == kHePhys && v.after.l_hv && line_ok,
             [&] { return context_text(v, Ring::Phys); });
  }
}

/// VP of a pushed OS word in generation 1: bits 9:12 and 13:31 (D-9).
bool fetched_the_pushed_vp(const View& v) {
  const auto word = static_cast<std::uint32_t>(v.event.mmio.wdata);
  const Fetch& fetch = v.shadow.fetch;
  return fetch.requests == 1 && fetch.answered && fetch.blk == ((word >> 19U) & 0xfU) &&
         fetch.idx == (word & 0x7ffffU);
}

void check_push(Checker& c, const View& v) {
  const Fetch& fetch = v.shadow.fetch;
  const std::uint8_t memory =
      fetch.answered && fetch.answer.ok ? fetch.answer.ipb : std::uint8_t{0};
  const auto merged = static_cast<std::uint8_t>(v.was(Ring::Os, reg::kIpb) | memory);
  const bool word_ok = v.after.word2(Ring::Os) == static_cast<std::uint32_t>(v.event.mmio.wdata);
  c.expect(
      RuleId::P77, fetched_the_pushed_vp(v) && v.is(Ring::Os, reg::kIpb) == merged && word_ok, [&] {
        return fmt::format("{}; {} fetch(es), VP {:x}/{:x}, memory IPB {:02X}; IPB expected {:02X}",
                           context_text(v, Ring::Os), fetch.requests, fetch.blk, fetch.idx, memory,
                           merged);
      });
  if (memory == 0) {
    const std::uint8_t pipr = v.is(Ring::Os, reg::kPipr);
    const bool below = pipr < v.is(Ring::Os, reg::kCppr);
    const bool shown = (v.is(Ring::Os, reg::kNsr) & 0x80U) != 0;
    c.expect(RuleId::P78,
             pipr == most_favoured(v.is(Ring::Os, reg::kIpb)) && shown == below &&
                 v.after.l_os == below && v.event.lines_after.os_ext == below,
             [&] { return context_text(v, Ring::Os); });
  }
  const PulledContext& pulled = v.shadow.pulled;
  const bool same_context =
      pulled.usable && memory == 0 && v.after.word2(Ring::Os) == pulled.word2 &&
      v.was(Ring::Os, reg::kIpb) == pulled.ipb && v.was(Ring::Os, reg::kCppr) == pulled.cppr;
  if (same_context) {
    c.expect(RuleId::P84,
             v.is(Ring::Os, reg::kPipr) == pulled.pipr && v.is(Ring::Os, reg::kNsr) == pulled.nsr &&
                 v.event.lines_after.os_ext == pulled.os_ext,
             [&] {
               return fmt::format("{}; when pulled PIPR={:02X} NSR={:02X} os_ext={}",
                                  context_text(v, Ring::Os), pulled.pipr, pulled.nsr,
                                  pulled.os_ext ? 1 : 0);
             });
  }
}

}  // namespace

void check_context(Checker& c, const View& v) {
  if (v.is_pull()) {
    check_pull(c, v);
  }
  if (v.push) {
    check_push(c, v);
  }
}

}  // namespace xive::tima::rules
