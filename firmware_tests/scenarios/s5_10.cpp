// SPDX-License-Identifier: Apache-2.0
// S5.10: a firmware without the queue-state calls is found out before a guest depends on them.
#include <array>
#include <optional>

#include "firmware_tests/driver/capability.h"
#include "firmware_tests/driver/migration.h"
#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/rules/chk_capability.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using driver::Guest;
using driver::GuestState;
using driver::Token;

constexpr std::uint64_t kOldPage = 0x05000000, kNewPage = 0x06000000;
constexpr unsigned kPrio = 6, kEntries = 3;

struct Side {
  bool offered = false;
  std::int64_t result = 0;  ///< of save or restore
};

/// One machine of the two: makes the guest's controller and takes its part in the migration.
Side side(Context& c, unsigned build, bool destination, std::optional<GuestState>& state) {
  MachineConfig config = p9();
  config.cores = 1;
  config.threads = 2;
  Rig rig(c, config);
  FirmwareRig::Options options;
  if ((build & 1U) == 0) options.absent.push_back(Token::XiveGetQueueState);
  if ((build & 2U) == 0) options.absent.push_back(Token::XiveSetQueueState);
  FirmwareRig firmware(rig, options);
  ChkCapability capability(rig.rules().context());
  Guest guest(firmware.host(), {.vcpus = 1});
  Side outcome;
  firmware.main([&](Cpu& cpu) {
    c.stimulus();
    const auto calls = driver::query_migration_calls(cpu, firmware.opal());
    c.expect(calls.get == ((build & 1U) != 0) && calls.set == ((build & 2U) != 0),
             "CHECK_TOKEN says get {}, set {} for build {}", calls.get, calls.set, build);
    outcome.offered = calls.both() || c.faulty("offered-regardless");
    // Otherwise the guest gets an emulated controller, whose state the hypervisor has anyway.
    if (!outcome.offered) return;
    capability.offered(firmware.firmware());
    guest.create(cpu);
    if (destination) {
      driver::EventQueue queue(kNewPage, 12);
      outcome.result = driver::restore_guest(
          cpu, firmware.host(), guest, *state, [](unsigned, unsigned) { return kNewPage; },
          [&](const GuestState::Source&) { return firmware.opal().allocate_irq(cpu, 0); });
      unsigned seen = 0;
      while (queue.pop(cpu)) ++seen;
      c.expect(outcome.result != 0 || seen == kEntries, "{} entries have come over, {} were there",
               seen, kEntries);
      return;
    }
    guest.set_queue(cpu, 0, kPrio, kOldPage, 12);
    for (unsigned n = 0; n < kEntries; ++n) {
      cpu.store64(guest.add_source(cpu, 0, kPrio, 0x70 + n).irq.info.trigger, 0);
    }
    cpu.delay(10 * platform::kMicrosecond);
    try {
      state = driver::save_guest(cpu, firmware.host(), guest);
    } catch (const driver::CallFailed& failed) {
      outcome.result = failed.rc();
    }
  });
  firmware.run(20 * platform::kMillisecond);
  return outcome;
}

void body(Context& c) {
  constexpr unsigned kBoth = 3;
  const unsigned build = c.number("build");
  const bool destination = c["destination"] != 0;
  std::optional<GuestState> state;
  const Side from = side(c, destination ? kBoth : build, false, state);
  if (c.caught()) return;
  c.expect(from.offered == (destination || build == kBoth), "source, build {}: offered {}", build,
           from.offered);
  c.expect(from.result == 0, "the guest was stopped and then could not be saved: {}", from.result);
  if (!from.offered || !state) return;
  const Side to = side(c, destination ? build : kBoth, true, state);
  if (c.caught()) return;
  c.expect(to.offered == (!destination || build == kBoth), "destination, build {}: offered {}",
           build, to.offered);
  c.expect(to.result == 0, "the guest was saved and then could not be restored: {}", to.result);
}

}  // namespace

Scenario s5_10() {
  Scenario s;
  s.id = "S5.10";
  s.title = "Queue-state calls missing in firmware";
  s.reference = "scenarios.md 2 S5.10; xive-chip.md 7.2";
  s.axes = {{"build", {3, 0, 1, 2}}, {"destination", {0, 1}}};
  s.faulty = {{.name = "offered-regardless",
               .what = "the native controller is offered without asking for the calls",
               .caught_by = {"CHK-RC"},
               .at = {{"build", 1}, {"destination", 1}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
