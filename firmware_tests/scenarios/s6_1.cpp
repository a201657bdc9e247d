// SPDX-License-Identifier: Apache-2.0
// S6.1: an MSI stays an MSI although a DMA window covers its address.
#include "firmware_tests/scenarios/bridge_sources.h"
#include "firmware_tests/scenarios/rules/event_ledger.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "sc_models/platform/dma_window.h"

namespace xive::scenarios {
namespace {

using platform::DmaWindow;

constexpr std::uint64_t kTables = 0x08000000, kLeaves = 0x08100000, kData = 0x09000000;
constexpr unsigned kPageShift = 16, kSecondLevel = 13, kSource = 3, kPages = 4;
constexpr std::uint64_t kPage = std::uint64_t{1} << kPageShift, kMarker = 0x5a;

struct Hole {
  std::uint64_t first, last, port;
};
/// The 32-bit space of different bridges.
constexpr std::array<Hole, 3> kHoles = {{{0x80000000, 0xffffffff, 0xffff0000},
                                         {0xffff0000, 0xffffffff, 0xffff0000},
                                         {0xc0000000, 0xfffeffff, 0xc0000000}}};

/// What an operating system does with the window: gives pages out and translates them.
class DmaPages {
 public:
  DmaPages(const Hole& hole, bool reserved) : hole_(hole), reserved_(reserved) {}

  /// Next free page from `at` on, translated to `memory`.
  std::uint64_t map(Cpu& cpu, std::uint64_t at, std::uint64_t memory) {
    std::uint64_t page = at & ~(kPage - 1);
    while (reserved_ && page <= hole_.last && page + kPage - 1 >= hole_.first) page += kPage;
    const std::uint64_t number = page >> kPageShift;
    const std::uint64_t leaf = kLeaves + (number >> kSecondLevel) * 8 * (1U << kSecondLevel);
    cpu.store64(kTables + 8 * (number >> kSecondLevel),
                leaf | DmaWindow::kRead | DmaWindow::kWrite);
    cpu.store64(leaf + 8 * (number & ((1U << kSecondLevel) - 1)),
                memory | DmaWindow::kRead | DmaWindow::kWrite);
    return page;
  }

 private:
  Hole hole_;
  bool reserved_;
};

void body(Context& c) {
  const Hole hole = kHoles.at(c.number("hole"));
  MachineConfig config = p9();
  config.cores = 1;
  config.threads = 2;
  Rig rig(c, config);
  FirmwareRig firmware(rig, {});
  BridgeSources bridge(firmware);
  EventLedger ledger(rig.rules().context(), EventLedger::kConservation);
  DmaWindow::Config window_config;
  window_config.hole_first = hole.first;
  window_config.hole_last = hole.last;
  window_config.msi_port = hole.port;
  window_config.msi_bytes = kPage;
  window_config.tables = kTables;
  window_config.second_level_bits = kSecondLevel;
  window_config.hole_ignored = c.faulty("no-hole");
  const DmaWindow window(window_config, rig.machine().memory());

  // A store or load of the device.
  const auto dma = [&](std::uint64_t address, unsigned size, bool write,
                       std::uint64_t data) -> DmaWindow::Decision {
    const auto decision = window.decide(address, size, write);
    if (decision.kind == DmaWindow::Kind::Message) bridge.raise(static_cast<unsigned>(data));
    if (decision.kind == DmaWindow::Kind::Memory && write) {
      rig.machine().poke(decision.address, size, data);
    }
    return decision;
  };

  firmware.main([&](Cpu& cpu) {
    bridge.set_up(cpu);
    auto& host = firmware.host();
    auto& irq = host.map(cpu, bridge.number(kSource), 0x40,
                         [&](Cpu&, driver::Irq&) { ledger.handled(kSource); });
    host.startup(cpu, irq, rig.machine().pir(1));
    // Pages around the region and, if nobody reserves it, inside: at its begin, at the port.
    DmaPages pages(hole, !c.faulty("no-hole"));
    std::array<std::uint64_t, kPages> mapped{};
    const std::array<std::uint64_t, kPages> wanted = {hole.first - kPage, hole.first, hole.port,
                                                      hole.last + 1 + kPage};
    for (unsigned n = 0; n < kPages; ++n) {
      mapped.at(n) = pages.map(cpu, wanted.at(n), kData + n * kPage);
    }
    c.stimulus();
    // The message, at the first and the last word of the port.
    for (const std::uint64_t at : {hole.port, hole.port + kPage - 4}) {
      ledger.event(kSource);
      const auto decision = dma(at, 4, true, kSource);
      if (decision.kind == DmaWindow::Kind::Memory) {
        ledger.stray(
            fmt::format("a message to {:#x} was written to memory at {:#x}", at, decision.address));
      }
      c.expect(decision.kind == DmaWindow::Kind::Message && !decision.walked,
               "the message to {:#x} was taken as DMA", at);
      cpu.delay(20 * platform::kMicrosecond);
    }
    c.expect(ledger.runs(kSource) == 2, "{} interrupts from 2 messages", ledger.runs(kSource));

    // Accesses at the border.
    const unsigned size = c.number("size");
    const std::uint64_t address =
        (c["last"] != 0 ? hole.last : hole.first) + static_cast<std::uint64_t>(c["edge"]);
    const bool inside = address + size - 1 >= hole.first && address <= hole.last;
    for (const bool write : {true, false}) {
      const auto decision = window.decide(address, size, write);
      if (write && size == 4 && address % 4 == 0 && address - hole.port < kPage) continue;
      c.expect(!inside || decision.kind == DmaWindow::Kind::Refused,
               "{} bytes at {:#x} inside of the region were let through", size, address);
      c.expect(inside != decision.walked, "{} bytes at {:#x}: translation table {}", size, address,
               decision.walked ? "read" : "not read");
    }
    // Everything that was mapped works.
    for (unsigned n = 0; n < kPages; ++n) {
      const std::uint64_t at = mapped.at(n) + kPage - 8;
      c.expect(at > hole.last || at + 7 < hole.first, "page {:#x} lies in the region", at);
      dma(at, 8, true, kMarker + n);
    }
    // Pages that came to lie on one another were translated anew.
    for (unsigned n = 0; n < kPages; ++n) {
      unsigned last = n;
      for (unsigned m = n; m < kPages; ++m) last = mapped.at(m) == mapped.at(n) ? m : last;
      if (last != n) continue;
      const std::uint64_t value = rig.machine().peek(kData + (n + 1) * kPage - 8, 8);
      c.expect(value == kMarker + n, "DMA to page {:#x} left {:#x}", mapped.at(n), value);
    }
    ledger.finish();
  });
  firmware.run(20 * platform::kMillisecond);
}

}  // namespace

Scenario s6_1() {
  Scenario s;
  s.id = "S6.1";
  s.title = "MSI against a large DMA window";
  s.reference = "scenarios.md 2 S6.1";
  s.axes = {{"hole", {0, 1, 2}}, {"last", {0, 1}}, {"edge", {0, -1, 1}}, {"size", {1, 4, 8}}};
  s.faulty = {{.name = "no-hole",
               .what = "nobody keeps the 32-bit region out of the window",
               .caught_by = {"CHK-CONS"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
