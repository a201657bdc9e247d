// SPDX-License-Identifier: Apache-2.0
// S5.9: interrupt numbers run out, on one chip and on all.
#include <set>

#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using driver::Token;
namespace rc = opal::rc;

constexpr unsigned kChips = 2, kThreads = 4;

/// Every result is fed to GET_IRQ_INFO, as a driver does.
void use(Context& c, Cpu& cpu, FirmwareRig& firmware, std::int64_t number) {
  const std::int64_t info = firmware.firmware().call(
      cpu, Token::XiveGetIrqInfo,
      {static_cast<std::uint64_t>(number), 0x100000, 0x100008, 0x100010, 0x100018, 0x100020});
  c.expect(info == rc::kSuccess, "GET_IRQ_INFO of {:#x} returned {}", number, info);
}

std::int64_t allocate(Cpu& cpu, FirmwareRig& firmware, std::uint64_t chip) {
  return firmware.opal().call(cpu, Token::XiveAllocateIrq, {chip});
}

void body(Context& c) {
  const unsigned count = c.number("numbers"), allocators = c.number("allocators");
  MachineConfig config = p9();
  config.chips = kChips;
  config.cores = 1;
  config.threads = kThreads;
  Rig rig(c, config);
  FirmwareRig::Options options;
  // Each thread has one for its IPI.
  options.allocatable_irqs = count + kThreads;
  if (c.faulty("marker")) options.firmware_fault = opal::Fault::B1MarkerAsIrq;
  if (c.faulty("first-chip-only")) options.firmware_fault = opal::Fault::B2AnyChipIsFirst;
  FirmwareRig firmware(rig, options);

  std::set<std::int64_t> owned;
  unsigned ready = 0, finished = 0;
  bool go = false;
  const auto exhaust = [&](Cpu& cpu) {
    for (;;) {
      const std::int64_t number = allocate(cpu, firmware, opal::kAnyChip);
      if (number < 0) {
        c.expect(number == rc::kResource, "ANY returned {} when all were gone", number);
        return;
      }
      c.expect(owned.insert(number).second, "{:#x} was given twice", number);
    }
  };
  for (unsigned t = 1; t < allocators; ++t) {
    firmware.on_thread(t * 2, [&](Cpu& cpu) {
      while (!go) cpu.delay(100 * platform::kNanosecond);
      exhaust(cpu);
      ++finished;
    });
    ++ready;
  }
  firmware.main([&](Cpu& cpu) {
    firmware.firmware().inject_busy(c.number("busy"));
    c.stimulus();
    if (allocators > 1) {
      go = true;
      exhaust(cpu);
      while (finished < ready) cpu.delay(platform::kMicrosecond);
      c.expect(owned.size() == std::size_t{kChips} * count, "{} numbers were given, there are {}",
               owned.size(), kChips * count);
    } else {
      const std::uint64_t chip0 = rig.machine().chip_id(0);
      for (unsigned n = 0; n <= count; ++n) {
        const std::int64_t number = allocate(cpu, firmware, chip0);
        if (n == count) {
          c.expect(number == rc::kResource, "chip 0 gave {} when it had none", number);
        } else {
          use(c, cpu, firmware, number);
          owned.insert(number);
        }
      }
      for (unsigned n = 0; n <= count; ++n) {
        const std::int64_t number = allocate(cpu, firmware, opal::kAnyChip);
        if (n == count) {
          c.expect(number == rc::kResource, "ANY gave {} when there was none", number);
        } else {
          use(c, cpu, firmware, number);
          owned.insert(number);
        }
      }
    }
    if (owned.empty()) return;
    const auto number = static_cast<std::uint64_t>(*owned.rbegin());
    auto& opal = firmware.opal();
    std::int64_t result = opal.call(cpu, Token::XiveFreeIrq, {number});
    c.expect(result == rc::kSuccess, "FREE_IRQ returned {}", result);
    result = opal.call(cpu, Token::XiveFreeIrq, {number});
    c.expect(result == rc::kParameter, "FREE_IRQ of a free number returned {}", result);
    result = allocate(cpu, firmware, opal::kAnyChip);
    c.expect(result == static_cast<std::int64_t>(number), "{:#x} was freed, {:#x} was given",
             number, result);
    use(c, cpu, firmware, result);
  });
  firmware.run(50 * platform::kMillisecond);
}

}  // namespace

Scenario s5_9() {
  Scenario s;
  s.id = "S5.9";
  s.title = "Interrupt number exhaustion";
  s.reference = "scenarios.md 2 S5.9; xive-chip.md 7.2";
  s.axes = {{"numbers", {4, 0, 1, 2, 16, 64}}, {"allocators", {1, 2, 4}}, {"busy", {0, 1, 3}}};
  s.faulty = {{.name = "marker",
               .what = "a chip without free numbers returns 0xffffffff, which is not negative",
               .caught_by = {"CHK-RC"}},
              {.name = "first-chip-only",
               .what = "ANY does not look at the other chips",
               .caught_by = {"FW-P61"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
