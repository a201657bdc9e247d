// SPDX-License-Identifier: Apache-2.0
// Rules on the way of an event through EAS, END, presenter and escalation (xive-chip.md section 6).
#include <fmt/format.h>

#include "sc_models/xive/rules/chip_observer.h"

namespace xive::ic {

namespace {

using Image = std::array<std::uint8_t, 32>;

std::uint32_t word(const Image& image, unsigned n) {
  return static_cast<std::uint32_t>(
      platform::from_big_endian(std::span(image).subspan(std::size_t{4} * n, 4)));
}

constexpr std::uint32_t kV = 0x80000000, kQ = 0x40000000, kN = 0x20000000, kB = 0x10000000,
                        kU = 0x02000000, kS = 0x01000000;

}  // namespace

void ChipObserver::on_trigger(const TriggerEvent& event) {
  ++rules_.time_;
  const bool fresh = rules_.open_.insert(event.trace, true).second;
  rules_.check(ChipRule::Cons, fresh,
               [&] { return fmt::format("event {} began twice", event.trace); });
  const std::uint64_t source = static_cast<std::uint64_t>(event.blk) << 32U | event.idx;
  if (rules_.expect_trigger_ && !event.end_trigger && source == rules_.expected_source_) {
    rules_.expect_trigger_ = false;
  }
}

void ChipObserver::on_outcome(TraceId trace, Outcome outcome) {
  ++rules_.time_;
  rules_.check(ChipRule::Cons, rules_.open_.erase(trace),
               [&] { return fmt::format("event {} ended twice", trace); });
  const auto kind = [&] { return fmt::format("outcome {}", static_cast<unsigned>(outcome)); };
  if (trace == eas_fault_) {
    rules_.check(ChipRule::P14, outcome == Outcome::Fault, kind);
    eas_fault_ = 0;
  }
  if (trace == masked_end_) {
    rules_.check(ChipRule::P24, outcome == Outcome::EndMasked, kind);
    masked_end_ = 0;
  }
  if (trace == owes_backlog_) {
    rules_.check(ChipRule::P30, outcome == Outcome::Fault, kind);
    owes_backlog_ = 0;
  }
}

void ChipObserver::on_eas(const EasEvent& event) {
  ++rules_.time_;
  const auto text = [&] {
    return fmt::format("EAS {}:{:#x} = {:#018x}, PQ checked {} run {}, END triggered {}", event.blk,
                       event.idx, event.eas, event.pq_checked, event.pq_run, event.end_triggered);
  };
  if (!event.read) return;
  rules_.check(ChipRule::P11, event.pq_run != event.pq_checked, text);
  if ((event.eas >> 63U) == 0) {
    rules_.check(ChipRule::P14, !event.end_triggered, text);
    if (event.pq_checked) eas_fault_ = event.trace;
  } else if ((event.eas & 0x80000000U) != 0) {
    rules_.check(ChipRule::P13, !event.end_triggered, text);
  }
}

void ChipObserver::on_end(const EndEvent& event) {
  ++rules_.time_;
  const Image& before = *event.before;
  const Image& after = *event.after;
  const std::uint32_t w0 = word(before, 0);
  end_w0_ = w0;
  end_trace_ = event.trace;
  const auto text = [&] {
    return fmt::format("END {}:{:#x} W0 {:#010x} W1 {:#010x} -> {:#010x} queue {} next {}",
                       event.blk, event.idx, w0, word(before, 1), word(after, 1), event.eq_written,
                       static_cast<unsigned>(event.next));
  };
  rules_.check(ChipRule::P58, event.local, text);
  bool only_w1 = true;
  for (unsigned n = 0; n < 8; ++n) only_w1 &= n == 1 || word(before, n) == word(after, n);
  rules_.check(ChipRule::P20, only_w1, text);
  if ((w0 & kV) == 0) {
    rules_.check(ChipRule::P15,
                 !event.eq_written && before == after && event.next == EndEvent::Next::Error, text);
    return;
  }
  check_queue(event);
  if (event.next != EndEvent::Next::Error) check_notification(event);
}

void ChipObserver::check_queue(const EndEvent& event) {
  const Image& before = *event.before;
  const std::uint32_t w0 = word(before, 0);
  const std::uint32_t w1 = word(before, 1);
  const std::uint32_t w1_after = word(*event.after, 1);
  constexpr std::uint32_t kGen = 0x00400000, kOff = 0x003fffff;
  const auto text = [&] {
    return fmt::format("END {}:{:#x} W0 {:#010x} W1 {:#010x} -> {:#010x}: {:#010x} at {:#x}",
                       event.blk, event.idx, w0, w1, w1_after, event.eq_word, event.eq_address);
  };
  const bool wanted = (w0 & kQ) != 0 && !event.redistribute;
  const bool moved = ((w1 ^ w1_after) & (kGen | kOff)) != 0;
  if (event.next != EndEvent::Next::Error || !wanted) {
    rules_.check(ChipRule::P19, event.eq_written == wanted && (wanted || !moved), text);
  }
  if (!event.eq_written) return;
  const std::uint32_t generation = (w1 & kGen) != 0 ? 0x80000000U : 0U;
  bool in_memory = true;
  if (rules_.memory_ != nullptr) {
    const auto stored = platform::load_be<4>(*rules_.memory_, event.eq_address);
    in_memory = stored && *stored == event.eq_word;
  }
  rules_.check(ChipRule::P16,
               event.eq_word == (generation | (event.data & 0x7fffffffU)) && in_memory, text);
  const std::uint64_t address =
      (static_cast<std::uint64_t>(word(before, 2) & 0x0fffffffU) << 32U | word(before, 3)) +
      4U * std::uint64_t{w1 & kOff};
  rules_.check(ChipRule::P18, event.eq_address == address, text);
  const std::uint32_t entries = 1024U << (w0 >> 16U & 0xfU);
  const bool wraps = (w1 & kOff) + 1U == entries;
  const std::uint32_t next = wraps ? 0U : (w1 & kOff) + 1U;
  rules_.check(ChipRule::P17,
               (w1_after & kOff) == next && ((w1 ^ w1_after) & kGen) == (wraps ? kGen : 0U), text);
}

void ChipObserver::check_notification(const EndEvent& event) {
  const Image& before = *event.before;
  const std::uint32_t w0 = word(before, 0);
  const std::uint32_t w6 = word(before, 6);
  const std::uint32_t w7 = word(before, 7);
  const auto esn = static_cast<Pq>(word(before, 1) >> 30U);
  const auto esn_after = static_cast<Pq>(word(*event.after, 1) >> 30U);
  const auto text = [&] {
    return fmt::format("END {}:{:#x} W0 {:#010x} W7 {:#010x} ESn {:02b} -> {:02b} next {}",
                       event.blk, event.idx, w0, w7, static_cast<unsigned>(esn),
                       static_cast<unsigned>(esn_after), static_cast<unsigned>(event.next));
  };
  using Next = EndEvent::Next;
  if ((w0 & kS) != 0 && event.enable_s) {
    rules_.check(ChipRule::P25, event.next == Next::Escalate && esn == esn_after, text);
  } else if ((w6 & 0x00800000U) == 0 && (w7 >> 16U & 0xffU) == 0xff) {
    rules_.check(ChipRule::P24, event.next == Next::Masked, text);
    masked_end_ = event.trace;
  } else if ((w0 & kN) != 0) {
    rules_.check(ChipRule::P22, event.next == Next::Notify && esn == esn_after, text);
  } else {
    const bool passes = esn == Pq::Reset;
    const Pq expected = passes ? Pq::Pending : esn == Pq::Off ? Pq::Off : Pq::Queued;
    rules_.check(ChipRule::P21,
                 event.next == (passes ? Next::Notify : Next::Coalesced) && esn_after == expected,
                 text);
  }
}

void ChipObserver::on_present(const PresentEvent& event) {
  ++rules_.time_;
  const auto text = [&] {
    return fmt::format("VP {}:{:#x} matches {} core {} thread {}", event.match.blk, event.match.idx,
                       event.matches, event.core, event.thread);
  };
  delivered_ = event.delivered ? event.trace : 0;
  // From here on the event could do the wrong thing, whether it does or not.
  rules_.hit(ChipRule::P32);
  rules_.hit(event.delivered ? ChipRule::P29 : ChipRule::P30);
  if (event.matches > 1) rules_.check(ChipRule::Multi, event.multi_reported, text);
  if (event.delivered) {
    const auto known =
        rules_.enables_.find(static_cast<std::uint64_t>(event.core) << 8U | event.thread);
    rules_.check(ChipRule::P32, known == rules_.enables_.end() || known->second, text);
  } else if ((end_w0_ & kB) != 0 && end_trace_ == event.trace) {
    owes_backlog_ = event.trace;
  }
}

void ChipObserver::on_nvt(const NvtEvent& event) {
  ++rules_.time_;
  const auto text = [&] {
    return fmt::format("VP {}:{:#x} prio {} b {} W4 {:#010x} -> {:#010x} answered {:#04x}",
                       event.blk, event.idx, event.prio, event.b, event.before, event.after,
                       event.answered);
  };
  if (event.fetch) {
    rules_.check(
        ChipRule::P31,
        event.answered == (event.before >> 8U & 0xffU) && event.after == (event.before & ~0xff00U),
        text);
    return;
  }
  const std::uint32_t bit = (0x80U >> event.prio) << 8U;
  rules_.check(ChipRule::P30, event.b && event.after == (event.before | bit), text);
  rules_.check(ChipRule::P29, event.trace == 0 || event.trace != delivered_, text);
  if (event.trace == owes_backlog_) owes_backlog_ = 0;
}

void ChipObserver::on_escalation(const EscalationEvent& event) {
  ++rules_.time_;
  const std::uint32_t w0 = word(*event.before, 0);
  const auto ese = static_cast<Pq>(word(*event.before, 1) >> 28U & 3U);
  const auto ese_after = static_cast<Pq>(word(*event.after, 1) >> 28U & 3U);
  const auto text = [&] {
    return fmt::format(
        "END {}:{:#x} W0 {:#010x} ESe {:02b} -> {:02b} escalated {} to {}:{:#x} "
        "data {:#x}",
        event.blk, event.idx, w0, static_cast<unsigned>(ese), static_cast<unsigned>(ese_after),
        event.escalated, event.to_blk, event.to_idx, event.to_data);
  };
  rules_.check(ChipRule::P29, !event.delivered, text);
  if ((w0 & kU) != 0 && event.enable_u) {
    rules_.check(ChipRule::P27, event.escalated && ese == ese_after, text);
  } else {
    const bool passes = ese == Pq::Reset;
    const Pq expected = passes ? Pq::Pending : ese == Pq::Off ? Pq::Off : Pq::Queued;
    rules_.check(ChipRule::P26, event.escalated == passes && ese_after == expected, text);
  }
  const std::uint32_t w4 = word(*event.before, 4);
  rules_.check(ChipRule::P28,
               event.to_blk == (w4 >> 24U & 0xfU) && event.to_idx == (w4 & 0xffffffU) &&
                   event.to_data == (word(*event.before, 5) & 0x7fffffffU),
               text);
}

}  // namespace xive::ic
