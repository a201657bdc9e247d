// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/rules/shadow.h"

namespace xive::tima::rules {

namespace {

ThreadState reset_state() {
  ThreadState state;
  state.r = kResetImage;
  return state;
}

void commit_settled(Shadow& shadow, const View& v) {
  shadow.settled_os = settled_os_after(v);
  shadow.settled_hv = settled_hv_after(v);
}

void commit_acked(Shadow& shadow, const View& v) {
  shadow.acked_os = (shadow.acked_os || v.accepts_os) && !v.eval_os && !v.raw_os;
  shadow.acked_hv = (shadow.acked_hv || v.accepts_hv) && !v.eval_hv && !v.raw_hv;
}

void commit_pulled(Shadow& shadow, const View& v) {
  if (v.op != Op::PullOs) {
    return;
  }
  const ThreadState& b = v.before;
  PulledContext& p = shadow.pulled;
  p.word2 = b.word2(Ring::Os);
  p.ipb = b.at(Ring::Os, reg::kIpb);
  p.cppr = b.at(Ring::Os, reg::kCppr);
  p.pipr = b.at(Ring::Os, reg::kPipr);
  p.nsr = b.at(Ring::Os, reg::kNsr);
  p.os_ext = v.event.lines_before.os_ext;
  // Only an evaluated context comes back as it was: after an ack PIPR is CPPR until the next
  // evaluation, and a raw store or the pull of POOL leaves NSR and line apart.
  const bool presents = p.pipr < p.cppr;
  p.usable = b.valid(Ring::Os) && p.pipr == most_favoured(p.ipb) &&
             p.nsr == (presents ? 0x80 : 0x00) && b.l_os == presents && p.os_ext == presents;
}

}  // namespace

void reset_shadows(Checker& c) {
  for (Shadow& shadow : c.threads) {
    shadow = Shadow{};
    shadow.known = true;
    shadow.after_reset = true;
    shadow.settled_os = shadow.settled_hv = true;
    shadow.last = reset_state();
  }
  c.waiting_count = 0;
  c.deferred_count = 0;
}

void adopt(Shadow& shadow, const ThreadState& state, const Lines& lines) {
  const bool reset = state.r == kResetImage;
  const Fetch fetch = shadow.fetch;
  shadow = Shadow{};
  shadow.fetch = fetch;
  shadow.known = true;
  shadow.last = state;
  shadow.lines = lines;
  shadow.settled_os = shadow.settled_hv = reset;
  for (const Ring ring : {Ring::Os, Ring::Pool, Ring::Phys}) {
    shadow.ledger |= std::uint32_t{state.at(ring, reg::kIpb)} << (8U * static_cast<unsigned>(ring));
  }
}

void commit(Checker& c, const View& v) {
  Shadow& shadow = c.threads[v.event.thread % kMaxThreads];
  if (v.event.kind == EventKind::Enable) {
    shadow.settled_os = shadow.settled_hv = true;
    shadow.acked_os = shadow.acked_hv = false;
    shadow.pulled = PulledContext{};
  } else {
    commit_settled(shadow, v);
    commit_acked(shadow, v);
    commit_pulled(shadow, v);
  }
  shadow.known = true;
  shadow.after_reset = false;
  shadow.match_since = false;
  shadow.last = v.after;
  shadow.lines = v.event.lines_after;
  if (shadow.fetch.requests != 0 || shadow.fetch.answered) {
    shadow.fetch = Fetch{};
  }
  c.last_event = v.event.cycle;
}

}  // namespace xive::tima::rules
