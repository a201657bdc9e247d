// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/rules/conservation.h"

#include <fmt/format.h>

namespace xive::machine {

namespace reg = tima::reg;
using tima::EventKind;
using tima::Ring;

namespace {

constexpr std::uint8_t bit_of(unsigned prio) {
  return prio <= 7 ? static_cast<std::uint8_t>(0x80U >> prio) : std::uint8_t{0};
}
constexpr std::uint8_t ipb_of_word4(std::uint32_t word) {
  return static_cast<std::uint8_t>(word >> 8U);
}
constexpr std::uint8_t without(std::uint8_t a, std::uint8_t b) {
  return static_cast<std::uint8_t>(a & ~b);
}

}  // namespace

Conservation::Conservation(const RuleContext& context)
    : context_(context),
      check_(context, {"CHK-CONS", "a pending bit is in exactly one place until it is accepted",
                       "scenarios.md 0.1"}) {}

// ---- Memory

void Conservation::on_nvt(const ic::NvtEvent& event) {
  Vp& vp = vps_[key(event.blk, event.idx)];
  const std::uint8_t before = ipb_of_word4(event.before), after = ipb_of_word4(event.after);
  const auto where = [&] { return fmt::format("NVT {}/{:#x}", event.blk, event.idx); };
  check_.expect(without(vp.nvt, before) == 0, [&] {
    return fmt::format("{}: bits {:#04x} have disappeared from memory", where(),
                       without(vp.nvt, before));
  });
  if (event.fetch) {
    check_.expect(event.answered == before, [&] {
      return fmt::format("{}: memory held {:#04x}, the push was given {:#04x}", where(), before,
                         event.answered);
    });
    check_.expect((after & event.answered) == 0, [&] {
      return fmt::format("{}: bits {:#04x} are in memory and in the ring", where(),
                         after & event.answered);
    });
    vp.fetched |= event.answered;
  } else {
    check_.expect(after == (before | bit_of(event.prio)), [&] {
      return fmt::format("{}: priority {} recorded, IPB {:#04x} -> {:#04x}", where(), event.prio,
                         before, after);
    });
  }
  vp.nvt = after;
}

/// Software rewrites an NVT through the cache watch.
void Conservation::on_watch(const ic::WatchEvent& event) {
  if (event.kind != ic::WatchEvent::Kind::Commit || !event.nvt || !event.written) return;
  vps_[key(event.blk, event.idx)].nvt =
      ipb_of_word4(static_cast<std::uint32_t>(event.after[2] >> 32U));
}

void Conservation::on_present(const ic::PresentEvent& event) {
  if (!event.delivered || event.match.format) return;
  std::uint64_t& acks = acks_[key(event.match.blk, event.match.idx) << 3U | event.match.prio];
  check_.expect(acks > 0, [&] {
    return fmt::format("END {}/{:#x}: delivered, but no TIMA took it", event.end_blk,
                       event.end_idx);
  });
  if (acks > 0) {
    --acks;
    --open_acks_;
  }
}

void Conservation::on_outcome(ic::TraceId trace, ic::Outcome outcome) {
  if (!require_records_) return;
  check_.expect(outcome != ic::Outcome::NotRecorded, [&] {
    return fmt::format("the notification of event {} is nowhere: not delivered, no backlog", trace);
  });
}

// ---- TIMAs

void Conservation::on_tima(unsigned core, const tima::Event& event, platform::Time) {
  if (vain(event)) return;
  const unsigned first = core * context_.threads_per_core;
  if (event.kind == EventKind::Reset) {
    for (auto& [id, vp] : vps_) {
      const auto t = static_cast<unsigned>(vp.thread);
      if (vp.thread >= 0 && t >= first && t < first + context_.threads_per_core) {
        vp.thread = -1;
        vp.pulled = false;
      }
    }
    return;
  }
  const unsigned thread = first + event.thread;
  if (event.kind == EventKind::Enable) {
    if (!event.after.enabled) forget(thread, event.before);
    return;
  }
  if (event.kind == EventKind::Present && event.presenter_response.ack && !event.presenter.format) {
    ++acks_[key(event.presenter.blk, event.presenter.idx) << 3U | event.presenter.prio];
    ++open_acks_;
    if (event.presenter.ring == Ring::Os) {
      const auto here = os_vp(event.before);
      check_.expect(here && here->blk == event.presenter.blk && here->idx == event.presenter.idx,
                    [&] {
                      return fmt::format(
                          "thread {}: took priority {} of VP {}/{:#x}, which does not run here",
                          thread, event.presenter.prio, event.presenter.blk, event.presenter.idx);
                    });
    }
  }
  const auto ack = accepted(event);
  for (const Ring which : {Ring::Os, Ring::Pool, Ring::Phys}) ring(thread, which, event, ack);
  if (event.before.word2(Ring::Os) != event.after.word2(Ring::Os) ||
      (event.kind == EventKind::Mmio && event.mmio.write && (event.mmio.offset & 0x83fU) == 0x18)) {
    os_moved(thread, event);
  }
}

/// What happened to the bits of a ring that was valid before and after.
void Conservation::ring(unsigned thread, Ring which, const tima::Event& event,
                        const std::optional<Accepted>& ack) {
  if (!event.before.valid(which) || !event.after.valid(which)) return;
  if (which == Ring::Os && event.before.word2(which) != event.after.word2(which)) return;
  const std::uint8_t before = event.before.at(which, reg::kIpb);
  const std::uint8_t after = event.after.at(which, reg::kIpb);
  std::uint8_t set = 0, cleared = 0;
  if (event.kind == EventKind::Present) {
    if (event.presenter_response.ack && event.presenter.ring == which) {
      set = bit_of(event.presenter.prio);
      check_.expect((after & set) == set, [&] {
        return fmt::format("thread {}: PRESENT of priority {} acked, IPB {:#04x}", thread,
                           event.presenter.prio, after);
      });
    }
  } else if (ack) {
    if (ack->presenting == which) {
      cleared = bit_of(ack->prio);
      check_.expect((after & cleared) == 0, [&] {
        return fmt::format("thread {}: priority {} accepted and still pending", thread, ack->prio);
      });
    }
  } else if (event.kind == EventKind::Mmio && event.mmio.write && which == Ring::Os) {
    const unsigned at = event.mmio.offset & 0x83fU;
    if (at == 0x812) set = bit_of(static_cast<unsigned>(event.mmio.wdata & 0xffU));
    // A push over the same context fetches once more.
    if (at == 0x18) {
      if (const auto id = os_vp(event.after)) set = vp(*id).fetched;
    }
    // Software may add bits by hand; taking one away loses an event.
    if (at < 0x800 && at != 0x18) set = 0xff;
  } else if (event.kind == EventKind::Mmio && event.mmio.write &&
             (event.mmio.offset & 0x800U) == 0) {
    set = 0xff;
  }
  if (before == after && set == 0 && cleared == 0) return;
  check_.expect(without(without(before, after), cleared) == 0, [&] {
    return fmt::format("thread {} ring {}: bits {:#04x} have disappeared", thread,
                       static_cast<unsigned>(which), without(without(before, after), cleared));
  });
  check_.expect(without(without(after, before), set) == 0, [&] {
    return fmt::format("thread {} ring {}: bits {:#04x} come from nowhere", thread,
                       static_cast<unsigned>(which), without(without(after, before), set));
  });
}

/// An OS context was pulled, pushed, replaced, or pushed again.
void Conservation::os_moved(unsigned thread, const tima::Event& event) {
  const std::uint8_t before = event.before.at(Ring::Os, reg::kIpb);
  const std::uint8_t after = event.after.at(Ring::Os, reg::kIpb);
  const auto from = os_vp(event.before), to = os_vp(event.after);
  const bool same = from && to && from->blk == to->blk && from->idx == to->idx;
  if (from && !same) {
    Vp& old = vp(*from);
    old.thread = -1;
    old.pulled = true;
    old.saved = before;
  }
  if (!to) return;
  Vp& now = vp(*to);
  if (!same) {
    check_.expect(after == (before | now.fetched), [&] {
      return fmt::format(
          "thread {}: pushed with IPB {:#04x} and {:#04x} from memory, holds {:#04x}", thread,
          before, now.fetched, after);
    });
    if (now.pulled) {
      check_.expect(without(now.saved, before) == 0, [&] {
        return fmt::format("VP {}/{:#x}: bits {:#04x} of its last pull were not restored", to->blk,
                           to->idx, without(now.saved, before));
      });
      check_.expect(without(before, now.saved) == 0, [&] {
        return fmt::format("VP {}/{:#x}: pushed with bits {:#04x} that are not its own", to->blk,
                           to->idx, without(before, now.saved));
      });
    }
    check_.expect(now.thread < 0 || now.thread == static_cast<int>(thread), [&] {
      return fmt::format("VP {}/{:#x}: pushed on thread {} while it runs on thread {}", to->blk,
                         to->idx, thread, now.thread);
    });
  }
  now.fetched = 0;
  now.pulled = false;
  now.thread = static_cast<int>(thread);
}

/// The thread was reset: its bits are gone, by design (tima.md 1.7).
void Conservation::forget(unsigned, const tima::ThreadState& before) {
  if (const auto id = os_vp(before)) {
    Vp& vp_here = vp(*id);
    vp_here.thread = -1;
    vp_here.pulled = false;
  }
}

void Conservation::finish() {
  check_.expect(open_acks_ == 0, [&] {
    return fmt::format("{} notifications were taken by a TIMA and not counted as delivered",
                       open_acks_);
  });
}

}  // namespace xive::machine
