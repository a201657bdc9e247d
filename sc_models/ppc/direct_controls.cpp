// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/direct_controls.h"

#include "sc_models/ppc/registers.h"

namespace xive::ppc {
namespace {

// Byte t of DIRECT_CONTROLS and RAS_STATUS belongs to thread t.
constexpr unsigned kStop = 7, kStart = 6, kSreset = 4, kClearMaint = 3;
constexpr unsigned kMaint = 0, kQuiesced = 1, kIctEmpty = 2, kP9LsuEmpty = 3;
constexpr std::uint64_t byte_bit(unsigned bit, unsigned t) {
  return ibm_bit(bit + 8 * t);
}

}  // namespace

DirectControls::DirectControls(Core& core, CoreGeneration generation, unsigned first_thread)
    : core_(core), generation_(generation), first_thread_(first_thread) {}

std::uint32_t DirectControls::base(CoreGeneration generation, unsigned chiplet) {
  if (generation == CoreGeneration::P9) return ((chiplet & 0x1fU) + 0x20U) << 24U;
  // Four cores share an EQ chiplet; a one-hot nibble selects the core.
  return (0x20U + (chiplet >> 2U)) << 24U | 0x2U << 16U | (1U << (3U - (chiplet & 3U))) << 12U;
}

std::uint32_t DirectControls::size(CoreGeneration generation) {
  return generation == CoreGeneration::P9 ? 0xf0000 : 0x1000;
}

DirectControls::Registers DirectControls::registers(CoreGeneration generation) {
  if (generation == CoreGeneration::P9) return {0x10a9c, 0x10a02, 0x10ab3, 0x10a9b};
  return {0x449, 0x454, 0x412, 0x413};
}

HardwareThread* DirectControls::thread(unsigned t) const {
  const unsigned number = first_thread_ + t;
  return number < core_.threads() ? &core_.thread(number) : nullptr;
}

std::uint64_t DirectControls::ras_status() const {
  std::uint64_t value = 0;
  for (unsigned t = 0; t < kThreads; ++t) {
    const HardwareThread* target = thread(t);
    if (target == nullptr) continue;
    const bool empty = !target->in_instruction() && (target->quiesced() || target->halted());
    if (target->quiesced()) value |= byte_bit(kMaint, t) | byte_bit(kQuiesced, t);
    if (empty) value |= byte_bit(kIctEmpty, t);
    // POWER9 firmware calls a thread quiesced when all of bits 0..3 are set.
    if (empty && generation_ == CoreGeneration::P9) value |= byte_bit(kP9LsuEmpty, t);
  }
  return value;
}

bool DirectControls::read(std::uint32_t offset, std::uint64_t& value) {
  const Registers regs = registers(generation_);
  value = 0;
  if (offset == regs.ras_status) {
    value = ras_status();
  } else if (offset == regs.thread_state) {
    for (unsigned t = 0; t < kThreads; ++t) {
      if (const HardwareThread* target = thread(t); target != nullptr && target->halted()) {
        value |= ibm_bit(56 + t);
      }
    }
  } else if (offset == regs.thread_info) {
    for (unsigned t = 0; t < kThreads; ++t) {
      if (const HardwareThread* target = thread(t); target != nullptr && !target->halted()) {
        value |= ibm_bit(t);
      }
    }
  } else {
    return offset == regs.direct_controls;
  }
  return true;
}

bool DirectControls::write(std::uint32_t offset, std::uint64_t value) {
  const Registers regs = registers(generation_);
  if (offset == regs.direct_controls) {
    control(value);
    return true;
  }
  return offset == regs.ras_status || offset == regs.thread_state || offset == regs.thread_info;
}

void DirectControls::control(std::uint64_t value) {
  std::uint64_t rest = value;
  for (unsigned t = 0; t < kThreads; ++t) {
    HardwareThread* target = thread(t);
    if (target == nullptr) continue;
    const auto wants = [&](unsigned bit) {
      rest &= ~byte_bit(bit, t);
      return (value & byte_bit(bit, t)) != 0;
    };
    if (wants(kStop)) target->direct_stop();
    if (wants(kStart)) target->direct_start();
    if (wants(kSreset)) target->direct_sreset();
    if (wants(kClearMaint)) target->direct_start();
  }
  unknown_bits_ |= rest;
}

}  // namespace xive::ppc
