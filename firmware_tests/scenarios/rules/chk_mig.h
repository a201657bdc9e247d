// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "firmware_tests/driver/guest.h"
#include "firmware_tests/opal/hardware.h"
#include "sc_models/machine/machine.h"
#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/platform/memory_port.h"

namespace xive::scenarios {

/// What the tables in memory say about the interrupts of a guest that does not run: not what its
/// hypervisor believes.
struct GuestView {
  struct Source {
    unsigned prio = 0, pq = 0;
    std::uint32_t vp = 0;  ///< from the first VP of the guest
  };
  struct Queue {
    std::uint32_t position = 0;  ///< generation and index, as in word 1 of the END
    std::uint32_t entries = 0;
    std::vector<std::uint32_t> unread;
    std::uint32_t reader = 0;  ///< generation and index that the guest reads next
  };
  struct Vcpu {
    std::uint8_t cppr = 0, ipb = 0;
  };
  std::map<std::uint32_t, Source> sources;  ///< by EISN
  std::vector<Queue> queues;                ///< of each vCPU, at `prio`
  std::vector<Vcpu> vcpus;

  static constexpr std::uint32_t kGeneration = 0x00400000, kIndex = 0x003fffff;
};

/// `readers[v]` is the guest's side of the queue of vCPU v; every source has priority `prio`.
inline GuestView view_of(machine::Machine& machine, const opal::Firmware& firmware,
                         driver::Guest& guest, const std::vector<driver::EventQueue>& readers) {
  namespace hw = opal::hw;
  platform::MemoryPort& memory = machine.memory();
  const auto be64 = [&](std::uint64_t at) { return platform::load_be<8>(memory, at).value_or(0); };
  const auto be32 = [&](std::uint64_t at) {
    return static_cast<std::uint32_t>(platform::load_be<4>(memory, at).value_or(0));
  };
  const auto in_table = [&](std::uint64_t table, std::uint32_t idx, std::uint32_t per_page,
                            std::uint32_t bytes) {
    const std::uint64_t page = be64(table + 8ULL * (idx / per_page)) & hw::kVsdAddress;
    return page + std::uint64_t{bytes} * (idx % per_page);
  };
  GuestView view;
  view.queues.resize(readers.size());
  view.vcpus.resize(readers.size());
  struct Target {
    std::uint64_t end = 0;
    unsigned blk = 0;
    std::uint32_t vp = 0;
  };
  std::map<std::uint32_t, Target> targets;
  std::uint32_t first = ~0U;
  for (const auto& source : guest.sources()) {
    const std::uint64_t number = source->irq.number;
    const std::uint64_t eas =
        be64(firmware.eas_table(opal::girq::block(number)) + 8ULL * opal::girq::index(number));
    Target target;
    target.end = in_table(firmware.end_table(hw::eas::end_block(eas)), hw::eas::end_index(eas),
                          hw::kEndsPerPage, hw::kEndBytes);
    const std::uint32_t w6 = be32(target.end + 24), w7 = be32(target.end + 28);
    target.blk = w6 >> 19U & 0xfU;
    target.vp = w6 & 0x7ffffU;
    first = std::min(first, target.vp);
    const auto eisn = static_cast<std::uint32_t>(eas & hw::eas::kData);
    targets[eisn] = target;
    view.sources[eisn] = {
        w7 >> 16U & 0xffU,
        static_cast<unsigned>(machine.peek(source->irq.info.eoi + hw::kEsbGet, 8) & 3U), 0};
  }
  for (auto& [eisn, source] : view.sources) {
    const Target& target = targets[eisn];
    source.vp = target.vp - first;
    if (source.vp >= readers.size()) continue;
    const driver::EventQueue& reader = readers[source.vp];
    GuestView::Queue& queue = view.queues[source.vp];
    queue.entries = 1U << (reader.order() - 2U);
    queue.position = be32(target.end + 4) & (GuestView::kGeneration | GuestView::kIndex);
    queue.reader = (reader.toggle() == 0 ? GuestView::kGeneration : 0U) | reader.index();
    queue.unread.clear();
    std::uint32_t index = reader.index(), toggle = reader.toggle();
    for (std::uint32_t n = 0; n < queue.entries; ++n) {
      const std::uint32_t word = be32(reader.page() + 4ULL * index);
      if (word >> 31U == toggle) break;
      queue.unread.push_back(word & 0x7fffffffU);
      index = (index + 1U) % queue.entries;
      if (index == 0) toggle ^= 1U;
    }
    const std::uint64_t nvt =
        in_table(firmware.vp_table(target.blk), target.vp, hw::kVpsPerPage, hw::kVpBytes);
    const std::uint64_t saved = guest.vcpu(source.vp).saved;
    view.vcpus[source.vp] = {static_cast<std::uint8_t>(saved >> 48U),
                             static_cast<std::uint8_t>((saved >> 40U) | (be32(nvt + 16) >> 8U))};
  }
  return view;
}

/// CHK-MIG (scenarios.md 0.1, S5.11): a guest finds after a restore what it had before the save;
/// events that came meanwhile may have been added.
class ChkMig {
 public:
  explicit ChkMig(const machine::RuleContext& context)
      : check_(context,
               {"CHK-MIG", "a restored guest has the interrupts that it had when it stopped",
                "scenarios.md 0.1, S5.11"}) {}

  void refused(std::int64_t result) {
    check_.expect(result == 0, [&] { return fmt::format("the restore was refused: {}", result); });
  }

  void compare(const GuestView& before, const GuestView& after) {
    check_.expect(before.sources.size() == after.sources.size(), [&] {
      return fmt::format("{} sources, {} after the restore", before.sources.size(),
                         after.sources.size());
    });
    for (const auto& [eisn, was] : before.sources) {
      const auto found = after.sources.find(eisn);
      const std::uint32_t number = eisn;
      const bool routed = found != after.sources.end() && found->second.prio == was.prio &&
                          found->second.vp == was.vp;
      check_.expect(routed, [&] { return fmt::format("source {:#x} has another route", number); });
      if (!routed) continue;
      const unsigned pq = found->second.pq, old = was.pq;
      const bool kept = old == 0 ? pq != 1 : old == 2 ? pq >= 2 : pq == old;
      check_.expect(kept,
                    [&] { return fmt::format("source {:#x}: PQ {} became {}", number, old, pq); });
    }
    for (std::size_t v = 0; v < before.queues.size() && v < after.queues.size(); ++v) {
      queue(v, before.queues[v], after.queues[v]);
      const GuestView::Vcpu &was = before.vcpus[v], &is = after.vcpus[v];
      check_.expect(was.cppr == is.cppr, [&] {
        return fmt::format("vCPU {}: CPPR {:#x} became {:#x}", v, was.cppr, is.cppr);
      });
      check_.expect((was.ipb & ~is.ipb) == 0, [&] {
        return fmt::format("vCPU {}: pending {:#04x} became {:#04x}", v, was.ipb, is.ipb);
      });
    }
  }

 private:
  void queue(std::size_t vcpu, const GuestView::Queue& before, const GuestView::Queue& after) {
    check_.expect(before.unread.size() <= after.unread.size() &&
                      std::equal(before.unread.begin(), before.unread.end(), after.unread.begin()),
                  [&] {
                    return fmt::format(
                        "vCPU {}: {} unread entries, {} after the restore, or others", vcpu,
                        before.unread.size(), after.unread.size());
                  });
    if (after.entries == 0) return;
    const std::uint32_t end =
        (after.reader & GuestView::kIndex) + static_cast<std::uint32_t>(after.unread.size());
    const bool wrapped = end >= after.entries;
    const std::uint32_t expected =
        (((after.reader & GuestView::kGeneration) != 0) != wrapped ? GuestView::kGeneration : 0U) |
        end % after.entries;
    check_.expect(after.position == expected, [&] {
      return fmt::format("vCPU {}: the queue goes on at {:#x}, the guest will look at {:#x}", vcpu,
                         after.position, expected);
    });
  }

  machine::Check check_;
};

}  // namespace xive::scenarios
