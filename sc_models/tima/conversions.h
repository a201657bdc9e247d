// SPDX-License-Identifier: Apache-2.0
/// Priority conversions of spec/tima.md 3.1, the NSR predicates of 3.2 and SIG of 0.3.
#pragma once

#include <bit>
#include <cstdint>

#include "sc_models/tima/types.h"

namespace xive::tima {

/// "None" as a priority and "fully open" as a CPPR.
inline constexpr std::uint8_t kNoPriority = 0xff;

/// PRIO2IPB(p): the pending bit of a priority, none above 7.
constexpr std::uint8_t prio2ipb(std::uint8_t prio) {
  return prio <= 7 ? static_cast<std::uint8_t>(0x80U >> prio) : std::uint8_t{0};
}

/// IPB2PIPR(b): the most favoured pending priority, 0xFF when nothing is pending.
constexpr std::uint8_t ipb2pipr(std::uint8_t ipb) {
  return ipb == 0 ? kNoPriority : static_cast<std::uint8_t>(std::countl_zero(ipb));
}

/// PRIO2PIPR(p): the priority itself when it is an active one, else 0xFF.
constexpr std::uint8_t prio2pipr(std::uint8_t prio) {
  return prio <= 7 ? prio : kNoPriority;
}

/// NORM(c): what the CPPR operation stores.
constexpr std::uint8_t norm(std::uint8_t cppr) {
  return cppr <= 7 ? cppr : kNoPriority;
}

/// SIG(r): the ring whose NSR, CPPR and PIPR signal for `ring`.
constexpr Ring sig(Ring ring) {
  return ring == Ring::Pool ? Ring::Phys : ring;
}

/// NSR bits (spec 1.3).
namespace nsr {
inline constexpr std::uint8_t kException = 0x80;  ///< USER EB, OS EO
inline constexpr std::uint8_t kHe = 0xc0;         ///< PHYS HE, a field and not two flags
inline constexpr std::uint8_t kHePool = 0x40;
inline constexpr std::uint8_t kHePhys = 0x80;
inline constexpr std::uint8_t kLevel = 0x3f;

/// The exception code that SET_PIPR assigns for a notification of `ring`.
constexpr std::uint8_t exception_code(Ring ring) {
  return ring == Ring::Pool ? kHePool : kException;
}

/// Is an exception presented in `value`, the NSR of `signalling` (OS or PHYS)?
constexpr bool exception_present(Ring signalling, std::uint8_t value) {
  return (value & (signalling == Ring::Phys ? kHe : kException)) != 0;
}

/// Is the presented exception a group one?
constexpr bool group_exception(Ring signalling, std::uint8_t value) {
  return exception_present(signalling, value) && (value & kLevel) != 0;
}
}  // namespace nsr

}  // namespace xive::tima
