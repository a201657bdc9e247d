// SPDX-License-Identifier: Apache-2.0
/// The asynchronous exception causes of a hardware thread and what is fixed about each of them
/// (scenarios.md 5.2).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sc_models/ppc/registers.h"

namespace xive::ppc {

/// In the default priority order of scenarios.md 5.3, most urgent first. The mediated external
/// request takes the place of External for the guest, so it follows it.
enum class Cause : std::uint8_t {
  SystemReset = 0,
  MachineCheck,
  Hmi,
  HypervisorDecrementer,
  HypervisorVirtualization,
  External,
  MediatedExternal,
  Decrementer,
  PrivilegedDoorbell,
  HypervisorDoorbell,
  PerformanceMonitor,
};
inline constexpr std::size_t kCauseCount = 11;

/// Where the interrupted state goes and in which state the handler runs.
enum class Delivery : std::uint8_t {
  SrrKeepHv,        ///< SRR0/1, MSR[HV] unchanged
  SrrSetHv,         ///< SRR0/1, MSR[HV] := 1 (system reset, machine check)
  HsrrSetHv,        ///< HSRR0/1, MSR[HV] := 1
  SelectedByLpes0,  ///< External: LPES0=1 as SrrKeepHv, LPES0=0 as HsrrSetHv
};

/// What ends the exception.
enum class ClearedBy : std::uint8_t {
  Delivery,  ///< a latch, cleared when the interrupt is taken
  Source,    ///< a level: the exception exists as long as its source holds it
};

struct CauseInfo {
  Cause cause;
  std::string_view name;
  std::uint64_t vector;
  Delivery delivery;
  ClearedBy cleared_by;
};

inline constexpr std::array<CauseInfo, kCauseCount> kCauses = {{
    {Cause::SystemReset, "system reset", vector::kSystemReset, Delivery::SrrSetHv,
     ClearedBy::Delivery},
    {Cause::MachineCheck, "machine check", vector::kMachineCheck, Delivery::SrrSetHv,
     ClearedBy::Delivery},
    {Cause::Hmi, "hypervisor maintenance", vector::kHmi, Delivery::HsrrSetHv, ClearedBy::Source},
    {Cause::HypervisorDecrementer, "hypervisor decrementer", vector::kHypervisorDecrementer,
     Delivery::HsrrSetHv, ClearedBy::Delivery},
    {Cause::HypervisorVirtualization, "hypervisor virtualization",
     vector::kHypervisorVirtualization, Delivery::HsrrSetHv, ClearedBy::Source},
    {Cause::External, "external", vector::kExternal, Delivery::SelectedByLpes0, ClearedBy::Source},
    {Cause::MediatedExternal, "mediated external", vector::kExternal, Delivery::SrrKeepHv,
     ClearedBy::Source},
    {Cause::Decrementer, "decrementer", vector::kDecrementer, Delivery::SrrKeepHv,
     ClearedBy::Source},
    {Cause::PrivilegedDoorbell, "privileged doorbell", vector::kPrivilegedDoorbell,
     Delivery::SrrKeepHv, ClearedBy::Delivery},
    {Cause::HypervisorDoorbell, "hypervisor doorbell", vector::kHypervisorDoorbell,
     Delivery::HsrrSetHv, ClearedBy::Delivery},
    {Cause::PerformanceMonitor, "performance monitor", vector::kPerformanceMonitor,
     Delivery::SrrKeepHv, ClearedBy::Source},
}};

constexpr const CauseInfo& info(Cause cause) {
  return kCauses[static_cast<std::size_t>(cause)];
}

/// A set of causes as one word; bit number = value of Cause.
class CauseSet {
 public:
  constexpr CauseSet() = default;
  constexpr explicit CauseSet(std::uint32_t bits) : bits_(static_cast<std::uint16_t>(bits)) {}
  constexpr bool has(Cause cause) const { return (bits_ & mask(cause)) != 0; }
  constexpr void set(Cause cause, bool on = true) {
    *this = CauseSet(on ? bits_ | mask(cause) : bits_ & ~mask(cause));
  }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint32_t bits() const { return bits_; }
  friend constexpr CauseSet operator|(CauseSet a, CauseSet b) {
    return CauseSet(a.bits() | b.bits());
  }
  friend constexpr CauseSet operator&(CauseSet a, CauseSet b) {
    return CauseSet(a.bits() & b.bits());
  }
  friend constexpr bool operator==(CauseSet, CauseSet) = default;

 private:
  static constexpr std::uint32_t mask(Cause cause) {
    return std::uint32_t{1} << static_cast<unsigned>(cause);
  }
  static_assert(kCauseCount <= 16);
  std::uint16_t bits_ = 0;
};

}  // namespace xive::ppc
