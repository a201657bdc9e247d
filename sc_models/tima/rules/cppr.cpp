// SPDX-License-Identifier: Apache-2.0
/// Properties 62 and 63 of spec/tima.md section 7: the CPPR operation.
#include <fmt/format.h>

#include "sc_models/tima/rules/groups.h"

namespace xive::tima::rules {

void check_cppr(Checker& c, const View& v) {
  if (!v.is_cppr()) {
    return;
  }
  const Ring s = v.op == Op::SetOsCppr ? Ring::Os : Ring::Phys;
  const std::uint8_t cppr = capped(v.data8);
  const std::uint8_t pending =
      s == Ring::Os ? most_favoured(v.was(Ring::Os, reg::kIpb)) : most_favoured_phys(v.before);
  const bool line = s == Ring::Os ? v.event.lines_after.os_ext : v.event.lines_after.hv_ext;
  const auto describe = [&] {
    return fmt::format("{}: most favoured pending {:02X}, before {}, after {}", v.text(), pending,
                       ring_text(v.before, s), ring_text(v.after, s));
  };
  // The chain of an OS ring is rarely complete in generation 1, whose evaluation does not look at
  // it: there V of the ring itself is enough.
  const bool valid = c.params.generation == 1 ? v.before.valid(s) : chain_valid(v.before, s);
  if (cppr == 0xff && pending != 0xff && valid && !shows_exception(s, v.was(s, reg::kNsr))) {
    c.expect(RuleId::P62, line, describe);
  }
  if (cppr <= pending) {
    c.expect(RuleId::P63, !shows_exception(s, v.is(s, reg::kNsr)) && !latch(v.after, s) && !line,
             describe);
  }
}

}  // namespace xive::tima::rules
