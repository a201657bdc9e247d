// SPDX-License-Identifier: Apache-2.0
/// Properties 22-33 of spec/tima.md section 7: the exception lines.
#include <fmt/format.h>

#include "sc_models/tima/rules/groups.h"

namespace xive::tima::rules {

namespace {

std::string line_text(const View& v, Ring s) {
  const Lines& was = v.event.lines_before;
  const Lines& is = v.event.lines_after;
  return s == Ring::Os
             ? fmt::format("{}: os_ext {} -> {}, before {}, after {}", v.text(), was.os_ext ? 1 : 0,
                           is.os_ext ? 1 : 0, ring_text(v.before, s), ring_text(v.after, s))
             : fmt::format("{}: hv_ext {} -> {}, before {}, after {}", v.text(), was.hv_ext ? 1 : 0,
                           is.hv_ext ? 1 : 0, ring_text(v.before, s), ring_text(v.after, s));
}

/// A line is its latch gated by V: a chance wherever gate or latch can show.
void check_gate(Checker& c, const View& v, RuleId id, Ring s, bool line) {
  const bool valid = v.after.valid(s);
  const bool latched = latch(v.after, s);
  if (!valid || latched || line) {
    c.expect(id, line == (valid && latched), [&] { return line_text(v, s); });
  }
}

void check_exception(Checker& c, const View& v, RuleId id, Ring s, bool line, bool settled) {
  const bool raw = s == Ring::Os ? v.raw_os : v.raw_hv;
  if (line && !raw && settled) {
    c.expect(id, shows_exception(s, v.is(s, reg::kNsr)), [&] { return line_text(v, s); });
  }
}

/// V of `s` rises while its latch is set: the line follows without an evaluation.
bool gate_opens(const View& v, Ring s) {
  return !v.before.valid(s) && v.after.valid(s) && latch(v.before, s);
}

void check_rise(Checker& c, const View& v, RuleId id, Ring s, bool last, bool was, bool is,
                bool evaluated) {
  const bool known = v.shadow.known && !v.shadow.after_reset;
  if (known && !last && was) {
    c.expect(id, false, [&] {
      return fmt::format("{}: the line was up before the event without one", v.text());
    });
  }
  if (!was && is) {
    c.expect(id, evaluated || gate_opens(v, s), [&] { return line_text(v, s); });
  }
}

}  // namespace

void check_lines(Checker& c, const View& v) {
  const Lines& was = v.event.lines_before;
  const Lines& is = v.event.lines_after;
  check_gate(c, v, RuleId::P22, Ring::Os, is.os_ext);
  check_gate(c, v, RuleId::P23, Ring::Phys, is.hv_ext);
  check_exception(c, v, RuleId::P24, Ring::Os, is.os_ext, v.shadow.settled_os || v.eval_os);
  check_exception(c, v, RuleId::P25, Ring::Phys, is.hv_ext, v.shadow.settled_hv || v.eval_hv);
  check_rise(c, v, RuleId::P30, Ring::Os, v.shadow.lines.os_ext, was.os_ext, is.os_ext, v.eval_os);
  check_rise(c, v, RuleId::P31, Ring::Phys, v.shadow.lines.hv_ext, was.hv_ext, is.hv_ext,
             v.eval_hv);

  if (v.op == Op::PullOs) {
    c.expect(RuleId::P28, !is.os_ext, [&] { return line_text(v, Ring::Os); });
  }
  if (v.op == Op::PullPhys) {
    c.expect(RuleId::P29, !is.os_ext && !is.hv_ext,
             [&] { return line_text(v, is.os_ext ? Ring::Os : Ring::Phys); });
  }
  const bool quiet = (v.traits & kIsQuiet) != 0 || v.event.kind == EventKind::Bcast;
  if (quiet) {
    c.expect(RuleId::P32, !v.latches_moved && was == is,
             [&] { return line_text(v, was.os_ext != is.os_ext ? Ring::Os : Ring::Phys); });
  }
  const bool present_os = v.present && v.event.presenter.ring == Ring::Os;
  const bool hv_event = (v.present && !present_os) || (v.traits & kIsForHv) != 0;
  const bool os_event = present_os || (v.traits & kIsForOs) != 0;
  if (hv_event) {
    c.expect(RuleId::P33, v.before.l_os == v.after.l_os && was.os_ext == is.os_ext,
             [&] { return line_text(v, Ring::Os); });
  } else if (os_event) {
    c.expect(RuleId::P33, v.before.l_hv == v.after.l_hv && was.hv_ext == is.hv_ext,
             [&] { return line_text(v, Ring::Phys); });
  }
}

}  // namespace xive::tima::rules
