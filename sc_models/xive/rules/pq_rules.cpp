// SPDX-License-Identifier: Apache-2.0
// Rules on event state buffers and their pages (xive-chip.md section 5).
#include <fmt/format.h>

#include "sc_models/xive/rules/chip_observer.h"

namespace xive::ic {

namespace {

constexpr unsigned value(Pq pq) {
  return static_cast<unsigned>(pq);
}

struct Expected {
  Pq after;
  bool forwarded;
};

// Written out in words of the specification, not taken from the model's table.
Expected expected_step(PqOp op, Pq before) {
  switch (op) {
    case PqOp::Trigger:
      if (before == Pq::Reset) return {Pq::Pending, true};
      return {before == Pq::Off ? Pq::Off : Pq::Queued, false};
    case PqOp::Eoi:
      if (before == Pq::Queued) return {Pq::Pending, true};
      return {before == Pq::Off ? Pq::Off : Pq::Reset, false};
    case PqOp::Get:
      return {before, false};
    case PqOp::Set00:
      return {Pq::Reset, false};
    case PqOp::Set01:
      return {Pq::Off, false};
    case PqOp::Set10:
      return {Pq::Pending, false};
    case PqOp::Set11:
      return {Pq::Queued, false};
    case PqOp::Assert:
      if (before == Pq::Reset) return {Pq::Pending, true};
      return {before, false};
  }
  return {before, false};
}

std::string step_text(const PqEvent& event) {
  return fmt::format("place {} blk {} idx {:#x} op {}: {:02b} -> {:02b} forwarded {}",
                     static_cast<unsigned>(event.place), event.blk, event.idx,
                     static_cast<unsigned>(event.op), value(event.before), value(event.after),
                     event.forwarded);
}

std::string access_text(const EsbAccessEvent& event) {
  return fmt::format("{} offset {:#x} size {} idx {:#x}: {:02b} -> {:02b} result {:#x}",
                     event.write ? "store" : "load", event.offset, event.size, event.idx,
                     value(event.before), value(event.after), event.result);
}

}  // namespace

void ChipObserver::on_pq(const PqEvent& event) {
  ++rules_.time_;
  const Expected expected = expected_step(event.op, event.before);
  const auto text = [&] { return step_text(event); };
  rules_.check(ChipRule::P1, event.after == expected.after && event.forwarded == expected.forwarded,
               text);
  if (event.op == PqOp::Get) {
    rules_.check(ChipRule::P3, event.after == event.before && !event.forwarded, text);
  }
  if (event.before == Pq::Off &&
      (event.op == PqOp::Trigger || event.op == PqOp::Eoi || event.op == PqOp::Assert)) {
    rules_.check(ChipRule::P8, event.after == Pq::Off && !event.forwarded, text);
  }
  if (event.op == PqOp::Assert) {
    rules_.check(ChipRule::P9, event.after != Pq::Queued || event.before == Pq::Queued, text);
  }
  if (event.place == PqPlace::Unit) {
    const std::uint64_t key = static_cast<std::uint64_t>(event.blk) << 32U | event.idx;
    if (const auto known = unit_pq_.find(key); known != unit_pq_.end()) {
      rules_.check(ChipRule::P10, known->second == event.before, text);
    }
    unit_pq_[key] = event.after;
  }
  if (event.place == PqPlace::Source && rules_.memory_ != nullptr && esb_lookup_.ok &&
      esb_lookup_.idx == event.idx && esb_lookup_.blk == event.blk) {
    if (const auto byte = platform::load_be<1>(*rules_.memory_, esb_lookup_.address)) {
      const unsigned pair = static_cast<unsigned>(*byte) >> (6U - 2U * (event.idx % 4U)) & 3U;
      rules_.check(ChipRule::P12, pair == value(event.after), text);
    }
  }
}

void ChipObserver::on_esb_access(const EsbAccessEvent& event) {
  ++rules_.time_;
  const auto text = [&] { return access_text(event); };
  const unsigned at = event.offset & 0xfffU;
  const bool quiet = !event.has_pq || (event.before == event.after && !event.forwarded);
  const std::uint64_t ones =
      event.size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8U * event.size)) - 1U;
  rules_.check(ChipRule::P7, !rules_.expect_trigger_, [&] {
    return fmt::format("source {:#x} forwarded, no event followed", rules_.expected_source_);
  });
  rules_.expect_trigger_ = event.place == PqPlace::Source && event.forwarded;
  rules_.expected_source_ = static_cast<std::uint64_t>(event.blk) << 32U | event.idx;

  if (event.page == EsbPageKind::Trigger) {
    if (event.write) {
      const Expected expected = expected_step(PqOp::Trigger, event.before);
      rules_.check(
          ChipRule::P6,
          !event.has_pq || (event.after == expected.after && event.forwarded == expected.forwarded),
          text);
    } else {
      rules_.check(ChipRule::P6, quiet && event.result == ones, text);
    }
    return;
  }
  if (event.place == PqPlace::EndNotify || event.place == PqPlace::EndEscalate) {
    check_end_page(event);
  }
  if (event.write && at >= 0x400U && at < 0x800U) {
    const Expected expected = expected_step(PqOp::Eoi, event.before);
    const bool acts = event.store_eoi && event.has_pq;
    rules_.check(
        ChipRule::P5,
        acts ? event.lsi || (event.after == expected.after && event.forwarded == expected.forwarded)
             : quiet,
        text);
  }
  if (event.write || !event.has_pq) return;
  if (at >= 0xc00U) {
    rules_.check(ChipRule::P2,
                 event.result == value(event.before) && value(event.after) == (at >> 8U & 3U) &&
                     !event.forwarded,
                 text);
  } else if (at >= 0x800U) {
    rules_.check(ChipRule::P3, quiet && event.result == value(event.before), text);
  } else if (event.lsi) {
    if (event.level && event.before != Pq::Off) {
      rules_.check(ChipRule::P9, event.forwarded && event.after == Pq::Pending, text);
    }
  } else {
    const Expected expected = expected_step(PqOp::Eoi, event.before);
    rules_.check(ChipRule::P4,
                 event.after == expected.after && event.forwarded == expected.forwarded &&
                     event.result == static_cast<std::uint64_t>(expected.forwarded),
                 text);
  }
}

void ChipObserver::check_end_page(const EsbAccessEvent& event) {
  // Page size and set come with the decode event of the same access.
  const std::uint64_t index = decode_.edt >> 32U & 0x3fU;
  const std::uint64_t r = index * decode_.set_size + decode_.offset % decode_.set_size;
  const bool odd = (r >> (decode_.four_k ? 12U : 16U) & 1U) != 0;
  rules_.check(ChipRule::P23,
               decode_.end_page && decode_.offset == event.vc_offset && event.idx == decode_.idx &&
                   (event.place == PqPlace::EndEscalate) == odd,
               [&] { return access_text(event); });
}

void ChipObserver::on_vc_decode(const VcDecodeEvent& event) {
  ++rules_.time_;
  decode_ = event;
  const auto type = static_cast<unsigned>(event.edt >> 62U);
  const auto text = [&] {
    return fmt::format("offset {:#x} set entry {:#x}: idx {:#x} page {}", event.offset, event.edt,
                       event.idx, event.page);
  };
  if (type == 0 || type == 3) {
    rules_.check(ChipRule::P44, !event.ok, text);
    return;
  }
  const std::uint64_t r =
      (event.edt >> 32U & 0x3fU) * event.set_size + event.offset % event.set_size;
  // With one page per source (never used by firmware) the page number says so.
  const unsigned shift = event.four_k ? 12U : 16U;
  const bool pair =
      event.idx == static_cast<std::uint32_t>(r >> (shift + 1U)) && event.page == (r >> shift & 1U);
  const bool single = event.idx == static_cast<std::uint32_t>(r >> shift) && event.page == 1;
  rules_.check(ChipRule::P44, event.ok && event.end_page == (type == 2) && (pair || single), text);
}

}  // namespace xive::ic
