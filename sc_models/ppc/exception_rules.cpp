// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/exception_rules.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace xive::ppc {
namespace {

bool ee(std::uint64_t value) {
  return (value & msr::kEe) != 0;
}
bool hv(std::uint64_t value) {
  return (value & msr::kHv) != 0;
}
bool pr(std::uint64_t value) {
  return (value & msr::kPr) != 0;
}

/// The hypervisor is interrupted only with EE=1, anybody else always: "E or not H or P".
bool hypervisor_enable(std::uint64_t value) {
  return ee(value) || !hv(value) || pr(value);
}

std::uint64_t saved_msr(std::uint64_t value, std::uint64_t srr1_info) {
  return (value & ~srr1::kInfoMask) | (srr1_info & srr1::kInfoMask);
}

InterruptState enter(std::uint64_t vector_address, Delivery delivery, std::uint64_t nip,
                     std::uint64_t old_msr, std::uint64_t lpcr_value, std::uint64_t srr1_info) {
  if (delivery == Delivery::SelectedByLpes0) {
    delivery = (lpcr_value & lpcr::kLpes0) != 0 ? Delivery::SrrKeepHv : Delivery::HsrrSetHv;
  }
  InterruptState state;
  state.vector = vector_address;
  state.hsrr = delivery == Delivery::HsrrSetHv;
  state.srr0 = nip;
  state.srr1 = saved_msr(old_msr, srr1_info);
  // An HSRR interrupt does not endanger SRR0/1, so it leaves RI alone.
  const std::uint64_t kept = msr::kMe | (state.hsrr ? msr::kRi : 0);
  state.msr = msr::kSf | (old_msr & kept);
  if (delivery == Delivery::SrrKeepHv) {
    state.msr |= old_msr & msr::kHv;
    // The endianness of a guest's handlers is LPCR[ILE]; the hypervisor here is big-endian.
    if (!hv(old_msr) && (lpcr_value & lpcr::kIle) != 0) state.msr |= msr::kLe;
  } else {
    state.msr |= msr::kHv;
  }
  return state;
}

}  // namespace

bool heic_excludes(std::uint64_t msr_value, std::uint64_t lpcr_value, const RuleKnobs& knobs) {
  if (knobs.no_heic || (lpcr_value & lpcr::kHeic) == 0) return false;
  return hv(msr_value) && (!pr(msr_value) || knobs.heic_ignores_pr);
}

bool is_enabled(Cause cause, std::uint64_t msr_value, std::uint64_t lpcr_value,
                const RuleKnobs& knobs) {
  switch (cause) {
    case Cause::SystemReset:
    case Cause::MachineCheck:
      return true;
    case Cause::Hmi:
      return hypervisor_enable(msr_value);
    case Cause::HypervisorDecrementer:
      return (lpcr_value & lpcr::kHdice) != 0 && hypervisor_enable(msr_value);
    case Cause::HypervisorVirtualization:
      return (lpcr_value & lpcr::kHvice) != 0 && hypervisor_enable(msr_value);
    case Cause::External:
      if (heic_excludes(msr_value, lpcr_value, knobs)) return false;
      return (lpcr_value & lpcr::kLpes0) != 0 ? ee(msr_value) : hypervisor_enable(msr_value);
    case Cause::MediatedExternal:
      return ee(msr_value) && (!hv(msr_value) || pr(msr_value));
    case Cause::Decrementer:
    case Cause::PrivilegedDoorbell:
    case Cause::PerformanceMonitor:
      return ee(msr_value);
    case Cause::HypervisorDoorbell:
      return knobs.hv_doorbell_needs_ee ? ee(msr_value) : hypervisor_enable(msr_value);
  }
  return false;
}

CauseSet enabled_of(CauseSet pending, std::uint64_t msr_value, std::uint64_t lpcr_value,
                    const RuleKnobs& knobs) {
  CauseSet result;
  for (std::uint32_t left = pending.bits(); left != 0; left &= left - 1) {
    const auto cause = static_cast<Cause>(std::countr_zero(left));
    if (is_enabled(cause, msr_value, lpcr_value, knobs)) result.set(cause);
  }
  return result;
}

InterruptState interrupt(Cause cause, std::uint64_t nip, std::uint64_t msr_value,
                         std::uint64_t lpcr_value, std::uint64_t srr1_info) {
  InterruptState state =
      enter(info(cause).vector, info(cause).delivery, nip, msr_value, lpcr_value, srr1_info);
  if (cause == Cause::MachineCheck) state.msr &= ~msr::kMe;
  return state;
}

InterruptState program_interrupt(std::uint64_t nip, std::uint64_t msr_value,
                                 std::uint64_t lpcr_value, std::uint64_t srr1_info) {
  return enter(vector::kProgram, Delivery::SrrKeepHv, nip, msr_value, lpcr_value, srr1_info);
}

InterruptState facility_unavailable(std::uint64_t nip, std::uint64_t msr_value) {
  return enter(vector::kHvFacilityUnavailable, Delivery::HsrrSetHv, nip, msr_value, 0, 0);
}

InterruptState synchronous_interrupt(std::uint64_t vector, Delivery delivery, std::uint64_t nip,
                                     std::uint64_t msr_value, std::uint64_t lpcr_value,
                                     std::uint64_t srr1_info) {
  return enter(vector, delivery, nip, msr_value, lpcr_value, srr1_info);
}

std::uint64_t msr_after_return(std::uint64_t msr_value, std::uint64_t saved, bool hrfid) {
  std::uint64_t result = saved & ~srr1::kInfoMask;
  if (!hrfid && !hv(msr_value)) {
    result = (result & ~(msr::kHv | msr::kMe)) | (msr_value & msr::kMe);
  }
  if (pr(result)) result |= msr::kEe | msr::kIr | msr::kDr;
  return result;
}

PriorityOrder::PriorityOrder() {
  std::transform(kCauses.begin(), kCauses.end(), order_.begin(),
                 [](const CauseInfo& entry) { return entry.cause; });
}

PriorityOrder::PriorityOrder(const std::array<Cause, kCauseCount>& order) : order_(order) {
  CauseSet seen;
  for (const Cause cause : order) {
    if (static_cast<std::size_t>(cause) >= kCauseCount || seen.has(cause)) {
      throw std::invalid_argument("priority order is not a permutation of the exception causes");
    }
    seen.set(cause);
  }
  if (order[0] != Cause::SystemReset || order[1] != Cause::MachineCheck) {
    throw std::invalid_argument("priority order must start with system reset, machine check");
  }
}

std::optional<Cause> PriorityOrder::first(CauseSet set) const {
  if (set.empty()) return std::nullopt;
  for (const Cause cause : order_) {
    if (set.has(cause)) return cause;
  }
  return std::nullopt;
}

bool wakes(Cause cause, std::uint64_t msr_value, std::uint64_t lpcr_value,
           std::uint64_t psscr_value, const RuleKnobs& knobs) {
  if ((psscr_value & psscr::kEc) == 0) return true;
  switch (cause) {
    case Cause::SystemReset:
      return true;
    case Cause::MachineCheck:
    case Cause::Hmi:
      return (lpcr_value & lpcr::kOee) != 0;
    case Cause::HypervisorVirtualization:
      return (lpcr_value & lpcr::kHvee) != 0;
    case Cause::External:
      return (lpcr_value & lpcr::kEee) != 0 && !heic_excludes(msr_value, lpcr_value, knobs);
    case Cause::Decrementer:
      return (lpcr_value & lpcr::kDee) != 0;
    case Cause::PrivilegedDoorbell:
      return (lpcr_value & lpcr::kPecedp) != 0;
    case Cause::HypervisorDoorbell:
      return (lpcr_value & lpcr::kPecedh) != 0;
    case Cause::HypervisorDecrementer:
    case Cause::MediatedExternal:
    case Cause::PerformanceMonitor:
      return false;
  }
  return false;
}

std::uint64_t wake_reason(Cause cause) {
  switch (cause) {
    case Cause::MachineCheck:
      return 0x00300000;
    case Cause::Hmi:
      return 0x00280000;
    case Cause::HypervisorVirtualization:
      return 0x00240000;
    case Cause::External:
      return 0x00200000;
    case Cause::Decrementer:
      return 0x00180000;
    case Cause::PrivilegedDoorbell:
      return 0x00140000;
    case Cause::SystemReset:
      return 0x00100000;
    case Cause::HypervisorDoorbell:
      return 0x000c0000;
    case Cause::HypervisorDecrementer:
    case Cause::MediatedExternal:
    case Cause::PerformanceMonitor:
      return 0;
  }
  return 0;
}

StateLoss state_loss(std::uint64_t psscr_value) {
  // ESL=0 forbids any loss. With ESL=1 the requested level decides; the levels from which POWER9
  // loses GPRs (2) and hypervisor state (4) are those its firmware announces for its stop states.
  if ((psscr_value & psscr::kEsl) == 0) return StateLoss::None;
  const std::uint64_t level = psscr_value & psscr::kRequestedLevel;
  if (level >= 4) return StateLoss::Hypervisor;
  return level >= 2 ? StateLoss::Gpr : StateLoss::None;
}

}  // namespace xive::ppc
