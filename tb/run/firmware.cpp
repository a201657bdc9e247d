// SPDX-License-Identifier: Apache-2.0
#include "tb/run/firmware.h"

#include <fmt/format.h>

#include <optional>

#include "tb/run/opal_firmware.h"

namespace xive::run {
namespace {

/// No firmware: tables as it would leave them, then the mixed load.
class DirectFirmware final : public Firmware {
 public:
  std::string_view name() const override { return "none (tables programmed directly)"; }
  void boot(machine::Machine& machine, RuleBook*) override {
    machine_ = &machine;
    tables_.emplace(machine);
  }
  void suite() override {}
  void load(const machine::LoadConfig& config) override {
    load_.emplace(*machine_, *tables_, config);
  }
  FirmwareReport report() override {
    FirmwareReport report;
    report.load = load_->result();
    report.finished = report.load.finished;
    const auto complain = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) report.failures.push_back(fmt::format("{} {}", count, what));
    };
    // What is under way when the time is up is not lost.
    complain(report.load.lost, report.finished ? "events lost" : "events not handled");
    complain(report.load.duplicated, "events handled twice");
    complain(report.load.stuck, "sources not idle at the end");
    if (report.load.sent == 0) report.failures.emplace_back("nothing was triggered");
    return report;
  }

 private:
  machine::Machine* machine_ = nullptr;
  std::optional<machine::DirectTables> tables_;
  std::optional<machine::MixedLoad> load_;
};

}  // namespace

std::unique_ptr<Firmware> make_firmware(FirmwareKind kind) {
  if (kind == FirmwareKind::Opal) return make_opal_firmware();
  return std::make_unique<DirectFirmware>();
}

}  // namespace xive::run
