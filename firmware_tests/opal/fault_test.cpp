// SPDX-License-Identifier: Apache-2.0
// Every faulty variant of the firmware against the call suite and the rules; the right one is
// silent.
#include <cstdio>
#include <regex>
#include <sstream>

#include "firmware_tests/opal/rules.h"
#include "firmware_tests/opal/suite.h"
#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::DeviceAccess;
using testing::Rig;
using testing::RigOptions;

struct Outcome {
  std::string rule;   ///< first rule that fired
  std::string check;  ///< first check of the suite that failed
};

/// A guest on donated pages with a device that fires at the worst moment, then RESET.
void guest_work(Rig& rig) {
  if (rig.call(Token::XiveReset, {kModeExploitation}) != rc::kSuccess) return;
  const std::int64_t block = rig.allocate_block(11);
  if (block <= 0) return;
  const auto vp = static_cast<std::uint64_t>(block);
  rig.call(Token::XiveSetVpInfo, {vp, vp_flag::kEnabled, 0});
  rig.call(Token::XiveSetQueueInfo, {vp, 5, Rig::kQueues, 16, 3});
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  rig.call(Token::XiveSetIrqConfig, {irq, vp, 5, 1});
  const auto info = rig.irq_info(irq);
  rig.load(info.eoi + 0xc00, 8);
  bool armed = true;
  rig.machine.before_device = [&](const DeviceAccess& access) {
    if (!armed || !access.write ||
        (access.address & 0xfffffffU) != ((hw::kIcBase + hw::kEqcData) & 0xfffffffU)) {
      return;
    }
    armed = false;
    rig.store(info.trigger, 8, 0);
  };
  rig.call(Token::XiveSetQueueState, {vp, 5, 1, 9});
  rig.machine.before_device = nullptr;
  rig.call(Token::XiveReset, {kModeExploitation});
}

Outcome try_fault(Fault fault) {
  RigOptions options;
  options.machine.chips = 2;
  options.machine.threads = 2;
  options.allocatable_irqs = 20;
  options.fault = fault;
  options.boot = false;
  Rig rig(options);
  RuleBook book;
  FirmwareRules rules(book, rig.firmware, rig.machine.memory());
  rig.firmware.observe(&rules);
  rig.machine.after_device = [&](unsigned thread, const DeviceAccess& access) {
    rules.on_access(rig.machine.pir(thread), access.address, access.write, access.value);
  };
  rig.firmware.boot(rig.cpus[0]);
  for (std::size_t n = 1; n < rig.cpus.size(); ++n) rig.firmware.callin(rig.cpus[n]);
  guest_work(rig);
  Outcome outcome;
  for (const SuiteResult& result : run_call_suite(rig.cpus[0], rig.firmware)) {
    if (!result.passed && outcome.check.empty()) outcome.check = result.name + ": " + result.detail;
  }
  if (!book.clean()) {
    outcome.rule = std::string(book.violations()[0].rule) + ": " + book.violations()[0].detail;
  }
  if (fault == Fault::None) {
    for (const auto& entry : book.entries()) EXPECT_GT(entry.hits, 0U) << entry.info.id;
  }
  return outcome;
}

TEST(Faults, RightFirmwareIsSilent) {
  const Outcome outcome = try_fault(Fault::None);
  EXPECT_EQ(outcome.rule, "");
  EXPECT_EQ(outcome.check, "");
}

/// The table is part of `ninja mutants`.
TEST(Faults, EachIsCaught) {
  std::printf("%-9s %-12s %s\n", "fault", "caught by", "what was seen");
  for (const FaultInfo& info : faults()) {
    const Outcome outcome = try_fault(info.fault);
    // By the property that it breaks, not by accident.
    bool named = false;
    std::istringstream names{std::string(info.caught_by)};
    for (std::string name; std::getline(names >> std::ws, name, ',');) {
      const std::regex whole("\\b" + name + "\\b");
      named = named || std::regex_search(outcome.rule, whole) ||
              std::regex_search(outcome.check, whole);
    }
    EXPECT_TRUE(named) << info.name << ": " << outcome.rule << " | " << outcome.check;
    std::printf("%-9s %-12s %s\n", std::string(info.name).c_str(),
                std::string(info.caught_by).c_str(),
                (outcome.rule.empty() ? outcome.check : outcome.rule).c_str());
  }
}

}  // namespace
}  // namespace xive::opal
