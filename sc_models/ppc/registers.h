// SPDX-License-Identifier: Apache-2.0
/// Bits of the architected registers that the exception model reads (Power ISA v3.0/v3.1, Book III;
/// scenarios.md 5). IBM bit order: bit 0 is the most significant of 64.
#pragma once

#include <cstdint>

namespace xive::ppc {

/// Mask of IBM bit `n` of a 64-bit register.
constexpr std::uint64_t ibm_bit(unsigned n) {
  return std::uint64_t{1} << (63U - n);
}

namespace msr {
inline constexpr std::uint64_t kSf = ibm_bit(0), kHv = ibm_bit(3), kEe = ibm_bit(48),
                               kPr = ibm_bit(49), kMe = ibm_bit(51), kIr = ibm_bit(58),
                               kDr = ibm_bit(59), kRi = ibm_bit(62), kLe = ibm_bit(63),
                               kFp = ibm_bit(50), kVec = ibm_bit(38), kVsx = ibm_bit(40);
}  // namespace msr

namespace lpcr {
inline constexpr std::uint64_t kHvee = ibm_bit(17), kIle = ibm_bit(38), kLd = ibm_bit(46),
                               kPecedp = ibm_bit(47), kPecedh = ibm_bit(48), kEee = ibm_bit(49),
                               kDee = ibm_bit(50), kOee = ibm_bit(51), kMer = ibm_bit(52),
                               kHeic = ibm_bit(59), kLpes0 = ibm_bit(60), kLpes1 = ibm_bit(61),
                               kHvice = ibm_bit(62), kHdice = ibm_bit(63);
/// Every bit that lets a cause end a power-saving stop with PSSCR[EC]=1.
inline constexpr std::uint64_t kWakeMask = kHvee | kPecedp | kPecedh | kEee | kDee | kOee;
}  // namespace lpcr

namespace hid0 {
inline constexpr std::uint64_t kHile = ibm_bit(4);  ///< POWER9 and POWER10
}  // namespace hid0

namespace psscr {
inline constexpr std::uint64_t kEc = 0x00100000, kEsl = 0x00200000, kRequestedLevel = 0xf;
}  // namespace psscr

namespace hfscr {
inline constexpr std::uint64_t kMsgp = ibm_bit(53);
inline constexpr unsigned kCauseShift = 56;      ///< interrupt cause field, bits 0:7
inline constexpr std::uint64_t kCauseMsgp = 10;  ///< number of the facility MSGP
}  // namespace hfscr

namespace hmer {
inline constexpr std::uint64_t kXscomFail = ibm_bit(8), kXscomDone = ibm_bit(9),
                               kXscomStatus = ibm_bit(21) | ibm_bit(22) | ibm_bit(23);
}  // namespace hmer

namespace srr1 {
/// Bits 33:36 and 42:47 do not copy MSR: they describe the interrupt.
inline constexpr std::uint64_t kInfoMask = 0x783f0000;
inline constexpr std::uint64_t kPrivileged = ibm_bit(45);  ///< program interrupt: privileged
inline constexpr std::uint64_t kTrap = ibm_bit(46);        ///< program interrupt: trap
inline constexpr std::uint64_t kWakeMask = 0x003c0000;     ///< 42:45, wake reason
inline constexpr std::uint64_t kLossMask = 0x00030000;     ///< 46:47, state loss
}  // namespace srr1

namespace vector {
inline constexpr std::uint64_t kSystemReset = 0x100, kMachineCheck = 0x200, kDataStorage = 0x300,
                               kInstructionStorage = 0x400, kExternal = 0x500, kAlignment = 0x600,
                               kProgram = 0x700, kFpUnavailable = 0x800, kDecrementer = 0x900,
                               kSystemCall = 0xc00, kHvEmulation = 0xe40,
                               kVectorUnavailable = 0xf20, kVsxUnavailable = 0xf40,
                               kFacilityUnavailable = 0xf60, kHypervisorDecrementer = 0x980,
                               kPrivilegedDoorbell = 0xa00, kHmi = 0xe60,
                               kHypervisorDoorbell = 0xe80, kHypervisorVirtualization = 0xea0,
                               kPerformanceMonitor = 0xf00, kHvFacilityUnavailable = 0xf80;
}  // namespace vector

}  // namespace xive::ppc
