// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/special_wakeup.h"

#include "sc_models/ppc/registers.h"

namespace xive::ppc {
namespace {

constexpr std::uint32_t kP9Request = 0x10d, kP9OtherRequest = 0x10a, kP9Status = 0x114;
constexpr std::uint32_t kP10Request = 0x83c, kP10Status = 0x82c;
constexpr std::uint64_t kRequest = ibm_bit(0), kStatusDone = ibm_bit(1), kP10Done = ibm_bit(4);

}  // namespace

std::uint32_t SpecialWakeup::base(CoreGeneration generation, unsigned chiplet) {
  const std::uint32_t core = DirectControls::base(generation, chiplet);
  // POWER9: the PCB slave of the chiplet. POWER10: the QME in place of the core.
  return generation == CoreGeneration::P9 ? core | 0xf0000U : (core & ~0xf0000U) | 0xe0000U;
}

std::uint32_t SpecialWakeup::size(CoreGeneration generation) {
  return generation == CoreGeneration::P9 ? 0x10000 : 0x1000;
}

bool SpecialWakeup::requested() const {
  return (request_ & kRequest) != 0;
}

bool SpecialWakeup::read(std::uint32_t offset, std::uint64_t& value) {
  value = 0;
  if (generation_ == CoreGeneration::P9) {
    if (offset == kP9Status) value = requested() ? kStatusDone : 0;
    return offset == kP9Status || offset == kP9Request || offset == kP9OtherRequest;
  }
  if (offset == kP10Request) value = request_ | (requested() ? kP10Done : 0);
  if (offset == kP10Status) value = requested() ? kStatusDone : 0;
  return offset == kP10Request || offset == kP10Status;
}

bool SpecialWakeup::write(std::uint32_t offset, std::uint64_t value) {
  const bool p9 = generation_ == CoreGeneration::P9;
  if (offset == (p9 ? kP9Request : kP10Request)) {
    request_ = value & kRequest;
    return true;
  }
  return p9 && offset == kP9OtherRequest;
}

}  // namespace xive::ppc
