// SPDX-License-Identifier: Apache-2.0
// Rules on tables, caches and registers (xive-chip.md sections 2 to 4).
#include <fmt/format.h>

#include "sc_models/xive/rules/chip_observer.h"

namespace xive::ic {

namespace {
constexpr std::uint64_t kAddress = 0x0ffffffffffff000;
constexpr std::uint64_t kFirmware = std::uint64_t{1} << 61U;
constexpr unsigned kEndlessPoll = 1000;
}  // namespace

void ChipObserver::on_vsd(const VsdEvent& event) {
  ++rules_.time_;
  if (event.table == 1 && !event.pc) esb_lookup_ = event;
  const auto text = [&] {
    return fmt::format("table {} blk {} idx {:#x} top {:#x} sub {:#x}: {} at {:#x}", event.table,
                       event.blk, event.idx, event.top, event.sub, event.ok ? "found" : "fault",
                       event.address);
  };
  const std::uint64_t bytes = std::uint64_t{4096} << (event.top & 0x1fU);
  const std::uint64_t per_page = event.entry_bytes == 0 ? bytes * 4U : bytes / event.entry_bytes;
  const auto place = [&](std::uint64_t n) {
    return event.entry_bytes == 0 ? n / 4U : n * event.entry_bytes;
  };
  if ((event.top & 0x80U) == 0) {
    const bool inside = event.idx < per_page;
    rules_.check(ChipRule::P34,
                 event.ok == inside &&
                     (!inside || event.address == (event.top & kAddress) + place(event.idx)),
                 text);
    return;
  }
  if (event.ok) {
    const std::uint64_t expected = (event.sub & kAddress) + place(event.idx % per_page);
    rules_.check(ChipRule::P38, (event.address & kFirmware) == 0, text);
    rules_.check(ChipRule::P35, (event.address & ~kFirmware) == expected && event.sub != 0, text);
  }
  auto& seen = sub_pages_[event.pc ? 1 : 0];
  if (event.ok && seen.contains(event.sub_address)) return;
  if (rules_.memory_ == nullptr || event.idx / per_page >= bytes / 8U) return;
  const auto stored = platform::load_be<8>(*rules_.memory_, event.sub_address);
  if (!stored) return;
  if (!event.ok && event.sub == 0) {
    rules_.check(ChipRule::P35, *stored == 0, text);
  } else if (event.ok) {
    seen.insert(event.sub_address);
    rules_.check(ChipRule::P36, *stored == event.sub, text);
  }
}

void ChipObserver::on_kill(bool pc) {
  sub_pages_[pc ? 1 : 0].clear();
}

void ChipObserver::on_vsd_write(const VsdWriteEvent& event) {
  ++rules_.time_;
  sub_pages_[event.pc ? 1 : 0].clear();
  rules_.check(
      ChipRule::P37,
      event.table == (event.select >> 48U & 7U) && event.blk == (event.select >> 32U & 0x1fU), [&] {
        return fmt::format("{} select {:#x}: went to table {} block {}", event.pc ? "PC" : "VC",
                           event.select, event.table, event.blk);
      });
}

void ChipObserver::on_watch(const WatchEvent& event) {
  ++rules_.time_;
  using Kind = WatchEvent::Kind;
  Watch& watch = watches_[event.nvt ? 1 : 0];
  const auto text = [&] {
    return fmt::format(
        "{} watch {} {}:{:#x} conflict {} dword 0 staged {:#x} live {:#x} after "
        "{:#x} SPEC {:#x}",
        event.nvt ? "VP" : "END", static_cast<unsigned>(event.kind), event.blk, event.idx,
        event.conflict, event.staged[0], event.live[0], event.after[0], event.spec_value);
  };
  switch (event.kind) {
    case Kind::Spec:
      watch.loaded = false;
      break;
    case Kind::Load:
      rules_.check(ChipRule::P39, event.staged == event.live, text);
      watch.loaded = true;
      watch.image = event.live;
      break;
    case Kind::Stage:
      rules_.check(ChipRule::P39, event.live == event.after, text);
      break;
    case Kind::ReadSpec: {
      const bool shown = (event.spec_value >> 63U) != 0;
      rules_.check(ChipRule::P39, shown == event.conflict, text);
      break;
    }
    case Kind::Commit:
      if (event.full) {
        const bool changed = watch.loaded && watch.image != event.live;
        rules_.check(ChipRule::P40,
                     event.conflict == changed && (!changed || event.after == event.live), text);
        if (!changed && !event.conflict && event.written) {
          rules_.check(ChipRule::P39, event.after == event.staged, text);
        }
      } else {
        bool kept = event.nvt || ((event.after[0] ^ event.live[0]) & 0xffffffffU) == 0;
        for (unsigned n = 1; n < event.dwords && watch.loaded; ++n) {
          kept &= event.staged[n] != watch.image[n] || event.after[n] == event.live[n];
        }
        rules_.check(ChipRule::P41, kept, text);
      }
      if (!event.conflict) watch.image = event.after;
      break;
  }
}

void ChipObserver::on_poll(const PollEvent& event) {
  ++rules_.time_;
  const auto text = [&] {
    return fmt::format("register {:#x} VALID {} unsaved lines {}", event.reg, event.valid,
                       event.dirty);
  };
  unsigned& reads = polls_[event.reg];
  if (event.start || !event.valid) reads = 0;
  if (event.valid) ++reads;
  rules_.check(ChipRule::P42, reads < kEndlessPoll && !(event.start && !event.valid && event.dirty),
               text);
  if (reads >= kEndlessPoll) reads = 0;
}

void ChipObserver::on_sync(const SyncEvent& event) {
  ++rules_.time_;
  const auto text = [&] {
    return fmt::format("kind {} bits {:#x}, {} earlier events open",
                       static_cast<unsigned>(event.kind), event.bits, event.earlier);
  };
  if (event.kind == SyncEvent::Kind::Done) {
    rules_.check(ChipRule::P43, event.earlier == 0, text);
  } else if (event.kind == SyncEvent::Kind::Clear) {
    rules_.check(ChipRule::P43, event.bits == 0, text);
  }
}

void ChipObserver::on_table_array(const TableArrayEvent& event) {
  ++rules_.time_;
  const std::uint64_t before = event.tar_before >> 32U & 0x3fU;
  const std::uint64_t after = event.tar_after >> 32U & 0x3fU;
  const std::uint64_t step = event.tar_before >> 63U;
  rules_.check(ChipRule::P45, after == ((before + step) & 0x3fU), [&] {
    return fmt::format("TAR {:#x} -> {:#x}", event.tar_before, event.tar_after);
  });
}

void ChipObserver::on_indirect(const IndirectEvent& event) {
  ++rules_.time_;
  const bool valid = (event.selector >> 63U) != 0;
  rules_.check(ChipRule::P46, valid ? event.pir7 == (event.selector >> 48U & 0x7fU) : event.error,
               [&] {
                 return fmt::format("selector {:#x} reached thread {:#x}, error {}", event.selector,
                                    event.pir7, event.error);
               });
}

void ChipObserver::on_register(const RegisterEvent& event) {
  ++rules_.time_;
  rules_.check(ChipRule::P59, event.error == (event.size != 8), [&] {
    return fmt::format("register {:#x} size {} error {}", event.offset, event.size, event.error);
  });
}

void ChipObserver::on_enable(const EnableEvent& event) {
  ++rules_.time_;
  rules_.enables_[static_cast<std::uint64_t>(event.core) << 8U | event.thread] = event.enable;
  rules_.check(ChipRule::P33, !event.fell || event.told,
               [&] { return fmt::format("core {} thread {}", event.core, event.thread); });
}

}  // namespace xive::ic
