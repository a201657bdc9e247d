// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/rules/line_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "sc_models/machine/rules/context_view.h"

namespace xive::machine {

namespace reg = tima::reg;
using tima::Ring;

namespace {

/// Most favoured pending priority that the line stands for.
unsigned pending_pipr(const tima::ThreadState& state, bool os) {
  if (os) return pipr_of(state.at(Ring::Os, reg::kIpb));
  const unsigned phys = pipr_of(state.at(Ring::Phys, reg::kIpb));
  if (!state.valid(Ring::Pool)) return phys;
  return std::min(phys, pipr_of(state.at(Ring::Pool, reg::kIpb)));
}

/// What the two lines ask of an event.
struct Facts {
  explicit Facts(const tima::Event& e)
      : event(e),
        mmio(e.kind == tima::EventKind::Mmio),
        store(mmio && e.mmio.write),
        at(e.mmio.offset & 0x83fU),
        pool_pull(e.before.valid(Ring::Pool) && !e.after.valid(Ring::Pool)),
        phys_pull(e.before.valid(Ring::Phys) && !e.after.valid(Ring::Phys)) {}

  /// A CPPR operation (1-byte store to CPPR of OS or PHYS, page 0..2).
  bool cppr_store(bool os) const {
    return store && event.mmio.size_log2 == 0 && at == (os ? 0x11U : 0x31U);
  }

  /// After this event PIPR has been computed from IPB for the line.
  bool evaluates(bool os) const {
    if (cppr_store(os)) return true;
    if (!mmio) {
      return event.kind == tima::EventKind::Enable || event.kind == tima::EventKind::Reset;
    }
    if (!os) return pool_pull;
    // A push, or an interrupt set pending.
    return store && (at == 0x18 || at == 0x812) && event.after.valid(Ring::Os);
  }

  /// After this event PIPR may be another than IPB says, legally (tima.md 1.6, 3.8, 5.2, 5.3).
  bool unsettles(bool os) const {
    if (event.code == tima::ErrorCode::Undef || event.code == tima::ErrorCode::Nvp) return true;
    if (!mmio) return false;
    const Ring ring = os ? Ring::Os : Ring::Phys;
    const bool raw = store && (at & 0x800U) == 0;
    if (raw && event.before.at(ring, reg::kIpb) != event.after.at(ring, reg::kIpb) &&
        event.before.word2(ring) == event.after.word2(ring)) {
      return true;
    }
    if (os) return false;
    // A PHYS push evaluates nothing, nor does a POOL push; a pull of PHYS drops both lines.
    return event.before.valid(Ring::Phys) != event.after.valid(Ring::Phys) ||
           (!event.before.valid(Ring::Pool) && event.after.valid(Ring::Pool));
  }

  const tima::Event& event;
  const bool mmio, store;
  const unsigned at;  ///< offset without what aliases leave open
  const bool pool_pull, phys_pull;
};

const char* line_name(bool os) {
  return os ? "OS line" : "HV line";
}

}  // namespace

LineRules::LineRules(const RuleContext& context, unsigned threads)
    : context_(context),
      off_(context,
           {"CHK-LINE-OFF", "no line is high while its ring is not valid", "scenarios.md 0.1"}),
      on_(context, {"CHK-LINE-ON", "a pending priority more favoured than CPPR raises the line",
                    "scenarios.md 0.1"}),
      nsr_(context, {"CHK-NSR", "NSR tells of an exception only if one is pending below CPPR",
                     "scenarios.md 0.1"}),
      lines_(threads),
      ahead_((threads + context.threads_per_core - 1) / context.threads_per_core) {}

template <typename Facts>
LineRules::Change LineRules::change(const Facts& facts, bool os) {
  const tima::ThreadState& after = facts.event.after;
  const Ring ring = os ? Ring::Os : Ring::Phys;
  Change change;
  change.evaluates = facts.evaluates(os);
  // A pull of POOL or PHYS drops the OS line too, although its ring stays valid.
  change.unsettles =
      (facts.unsettles(os) && !change.evaluates) || (os && (facts.pool_pull || facts.phys_pull));
  change.valid = after.valid(ring);
  change.pipr = static_cast<std::uint8_t>(pending_pipr(after, os));
  change.cppr = after.at(ring, reg::kCppr);
  change.ipb = after.at(ring, reg::kIpb);
  change.nsr = after.at(ring, reg::kNsr);
  return change;
}

LineRules::Told LineRules::told(const tima::Event& event, Time time) {
  Told told;
  told.time = time;
  told.thread = event.thread;
  told.reset = event.kind == tima::EventKind::Reset;
  told.vain = vain(event);
  if (told.vain) return told;
  if (const auto ack = accepted(event)) told.accepted = static_cast<std::uint8_t>(ack->prio);
  const Facts facts(event);
  told.changes = {change(facts, false), change(facts, true)};
  return told;
}

void LineRules::on_tima(unsigned core, const tima::Event& event, Time time) {
  const Time until = context_.told_until();
  catch_up(core, until);
  if (time <= until && ahead_[core].empty()) {
    handle(core, told(event, time));
  } else {
    ahead_[core].push(told(event, time));
  }
}

void LineRules::catch_up(unsigned core, Time until) {
  tima::Fifo<Told>& ahead = ahead_[core];
  while (!ahead.empty() && ahead.front().time <= until) {
    handle(core, ahead.front());
    ahead.pop();
  }
}

void LineRules::handle(unsigned core, const Told& event) {
  if (event.reset) {
    for (unsigned t = 0; t < context_.threads_per_core; ++t) {
      for (Line& line : lines_[core * context_.threads_per_core + t]) {
        line.valid = line.wanted = false;
        line.valid_since = event.time;
      }
    }
    return;
  }
  const unsigned thread = core * context_.threads_per_core + event.thread;
  if (event.vain) {
    for (const unsigned os : {0U, 1U}) settle(lines_[thread][os], thread, os != 0, event.time);
    return;
  }
  for (const unsigned os : {0U, 1U}) {
    update(lines_[thread][os], thread, os != 0, event.changes[os], event.time);
  }
  check_nsr(thread, event);
}

void LineRules::update(Line& line, unsigned thread, bool os, const Change& change, Time time) {
  settle(line, thread, os, time);
  if (change.evaluates) line.suspended = false;
  if (change.unsettles) line.suspended = true;
  if (change.valid != line.valid) {
    line.valid = change.valid;
    line.valid_since = time;
    line.reported = false;
  }
  const bool wanted = change.valid && !line.suspended && change.pipr < change.cppr;
  if (wanted && !line.wanted) {
    on_.hit();
    line.wanted_since = time;
    line.reported = false;
  }
  line.wanted = wanted;
}

void LineRules::judge(Line& line, unsigned thread, bool os, Time time) {
  if (line.reported) return;
  const Time bound = context_.line_bound;
  if (line.level && !line.valid && time > line.valid_since + bound) {
    line.reported = true;
    off_.fire(fmt::format("thread {}: {} high, its ring has been invalid since {} ps", thread,
                          line_name(os), line.valid_since));
  } else if (!line.level && line.wanted && time > line.wanted_since + bound) {
    line.reported = true;
    on_.fire(fmt::format("thread {}: {} low, an exception has been due since {} ps", thread,
                         line_name(os), line.wanted_since));
  }
}

void LineRules::on_lines(unsigned thread, const tima::Lines& before, const tima::Lines& after,
                         Time time) {
  catch_up(thread / context_.threads_per_core, time);
  const auto changed = [&](bool os, bool was, bool is) {
    if (was == is) return;
    Line& line = lines_[thread][os ? 1 : 0];
    settle(line, thread, os, time);
    off_.hit();
    line.level = is;
    line.reported = false;
    // The edge itself may be the error: raised although the ring has long been invalid.
    if (is) settle(line, thread, os, time);
    if (!is && line.wanted) line.wanted_since = time;
  };
  changed(true, before.os_ext, after.os_ext);
  changed(false, before.hv_ext, after.hv_ext);
}

void LineRules::check_nsr(unsigned thread, const Told& event) {
  for (const unsigned os : {1U, 0U}) {
    const Change& change = event.changes[os];
    if (!change.valid || (change.nsr & 0xc0U) == 0 || lines_[thread][os].suspended) continue;
    nsr_.expect(change.pipr < change.cppr, [&] {
      return fmt::format("thread {}: NSR {:#04x}, IPB {:#04x}, CPPR {:#04x}", thread, change.nsr,
                         change.ipb, change.cppr);
    });
  }
  if (event.accepted) {
    nsr_.expect(*event.accepted != 0xff,
                [&] { return fmt::format("thread {}: an acknowledge left CPPR at 0xff", thread); });
  }
}

void LineRules::finish(Time time) {
  for (unsigned core = 0; core < ahead_.size(); ++core) catch_up(core, platform::kNever);
  check(time);
}

void LineRules::check(Time time) {
  for (unsigned core = 0; core < ahead_.size(); ++core) catch_up(core, time);
  for (unsigned thread = 0; thread < lines_.size(); ++thread) {
    for (const bool os : {false, true}) settle(lines_[thread][os ? 1 : 0], thread, os, time);
  }
}

}  // namespace xive::machine
