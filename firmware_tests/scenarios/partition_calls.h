// SPDX-License-Identifier: Apache-2.0
/// The two hypercalls that a debugger in a partition needs (scenarios.md 4.1): routing and ESB
/// access by the hypervisor.
#pragma once

#include <map>
#include <optional>

#include "firmware_tests/driver/dump.h"
#include "firmware_tests/scenarios/rules/chk_plat.h"

namespace xive::scenarios {

class PartitionCalls {
 public:
  static constexpr unsigned kGetSourceConfig = 0x3b0, kEsb = 0x3c8;
  static constexpr std::int64_t kSuccess = 0, kP2 = -55, kP3 = -56;

  PartitionCalls(driver::OpalClient& opal, const machine::RuleContext& context)
      : opal_(opal), rule_(context) {}

  ChkPlat& rule() { return rule_; }
  /// A source of the partition; `through_hypervisor`: its page is not mapped there (LSIs).
  void add(const driver::Irq& irq, bool through_hypervisor) {
    sources_[irq.number] = {&irq, through_hypervisor};
  }

  /// Result code; `value` receives the result of a load.
  std::int64_t call(driver::Cpu& cpu, unsigned number, std::uint64_t source, std::uint64_t offset,
                    std::uint64_t& value) {
    rule_.on_hcall(cpu, number);
    const std::uint64_t msr = cpu.thread().msr();
    cpu.thread().set_msr(msr | ppc::msr::kHv);  // sc 1
    const std::int64_t result = serve(cpu, number, source, offset, value);
    cpu.mtmsr(msr);  // hrfid
    return result;
  }

  driver::DumpPlatform platform() {
    driver::DumpPlatform platform;
    platform.name = "partition";
    platform.routing = [this](driver::Cpu& cpu, std::uint64_t number) {
      std::uint64_t ignored = 0;
      return call(cpu, kGetSourceConfig, number, 0, ignored);
    };
    platform.esb_load = [this](driver::Cpu& cpu, const driver::Irq& irq,
                               std::uint64_t offset) -> std::optional<std::uint64_t> {
      const auto found = sources_.find(irq.number);
      if (found == sources_.end() || !found->second.through_hypervisor) {
        return cpu.probe(irq.info.eoi + offset, 8);
      }
      std::uint64_t value = 0;
      if (call(cpu, kEsb, irq.number, offset, value) != kSuccess) return std::nullopt;
      return value;
    };
    return platform;
  }

 private:
  struct Source {
    const driver::Irq* irq = nullptr;
    bool through_hypervisor = false;
  };
  std::int64_t serve(driver::Cpu& cpu, unsigned number, std::uint64_t source, std::uint64_t offset,
                     std::uint64_t& value) {
    const auto found = sources_.find(source);
    if (found == sources_.end()) return kP2;
    if (number == kGetSourceConfig) {
      constexpr std::uint64_t kResults = 0x00310000;
      opal_.must(cpu, opal::Token::XiveGetIrqConfig,
                 {source, kResults, kResults + 8, kResults + 12});
      return kSuccess;
    }
    if (offset >= 0x10000) return kP3;
    value = found->second.irq->load(cpu, offset);
    return kSuccess;
  }

  driver::OpalClient& opal_;
  ChkPlat rule_;
  std::map<std::uint64_t, Source> sources_;
};

}  // namespace xive::scenarios
