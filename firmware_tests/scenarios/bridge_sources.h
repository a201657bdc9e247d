// SPDX-License-Identifier: Apache-2.0
/// The source unit of a chip as a PHB driver sets it up, and a bridge that can freeze.
#pragma once

#include <stdexcept>

#include "firmware_tests/scenarios/firmware_rig.h"

namespace xive::scenarios {

class BridgeSources {
 public:
  /// `firmware` is not owned. Nothing happens yet.
  explicit BridgeSources(FirmwareRig& firmware, unsigned chip = 0)
      : firmware_(firmware), chip_(chip) {}
  ~BridgeSources() { thaw(); }
  BridgeSources(const BridgeSources&) = delete;
  BridgeSources& operator=(const BridgeSources&) = delete;

  /// Numbers for all sources; messages leave from now on.
  void set_up(Cpu& cpu) {
    Machine& machine = this->machine();
    const unsigned count = machine.config().msi_sources + machine.config().lsi_sources;
    const auto first = firmware_.firmware().allocate_hw_irqs(cpu, chip_, count);
    if (!first) throw std::runtime_error("no interrupt numbers for the bridge");
    first_ = *first;
    opal::Firmware::SourceUnit unit;
    unit.first_girq = first_;
    unit.count = count;
    unit.esb = window();
    unit.page_shift = 16;
    unit.first_lsi = machine.config().msi_sources;
    firmware_.firmware().register_source(unit);
    machine.source_unit(chip_).set_offset(opal::Firmware::notify_base(first_));
    machine.source_unit(chip_).set_notify_valid(true);
  }
  std::uint32_t number(unsigned source) const { return first_ + source; }
  unsigned first_lsi() { return machine().config().msi_sources; }
  std::uint64_t window() { return machine().chip_address(chip_, Machine::kSourceUnit); }

  /// An event of an edge source; a frozen bridge swallows it (false).
  bool raise(unsigned source) {
    if (frozen_) return false;
    machine().raise(chip_, source);
    return true;
  }
  void set_level(unsigned source, bool asserted) { machine().set_level(chip_, source, asserted); }

  // --- error state: loads give all ones, stores and events are lost ---
  void freeze() {
    if (frozen_) return;
    frozen_ = true;
    const unsigned count = machine().config().msi_sources + machine().config().lsi_sources;
    window_ = machine().bus().map({.name = "frozen bridge",
                                   .base = window(),
                                   .size = std::uint64_t{count} << 16U,
                                   .target = &frozen_target_,
                                   .priority = 2,
                                   .hop = &machine().hops().at(machine::HopId::Esb, chip_)});
  }
  void thaw() {
    if (!frozen_) return;
    frozen_ = false;
    machine().bus().unmap(window_);
  }
  bool frozen() const { return frozen_; }

 private:
  class Frozen final : public platform::Target {
   public:
    platform::Response access(const platform::Request& request) override {
      return {.data = request.command == platform::Command::Load ? platform::all_ones(request.size)
                                                                 : 0};
    }
  };
  Machine& machine() { return firmware_.rig().machine(); }

  FirmwareRig& firmware_;
  unsigned chip_;
  std::uint32_t first_ = 0;
  Frozen frozen_target_;
  platform::Bus::WindowId window_ = 0;
  bool frozen_ = false;
};

}  // namespace xive::scenarios
