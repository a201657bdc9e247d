// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sc_models/platform/xscom.h"
#include "sc_models/ppc/direct_controls.h"

namespace xive::ppc {

/// Special wake-up of one core chiplet: firmware requests it before it uses direct controls and
/// waits until it is done. A modelled core is never power-gated, so it is done at once.
/// Offsets are facts from open-power/skiboot include/xscom-p9-regs.h and xscom-p10-regs.h.
class SpecialWakeup final : public platform::XscomUnit {
 public:
  explicit SpecialWakeup(CoreGeneration generation) : generation_(generation) {}

  /// PCB address of register 0 for core chiplet `chiplet`, and the size of the range.
  static std::uint32_t base(CoreGeneration generation, unsigned chiplet);
  static std::uint32_t size(CoreGeneration generation);

  bool read(std::uint32_t offset, std::uint64_t& value) override;
  bool write(std::uint32_t offset, std::uint64_t value) override;
  bool requested() const;

 private:
  CoreGeneration generation_;
  std::uint64_t request_ = 0;
};

}  // namespace xive::ppc
