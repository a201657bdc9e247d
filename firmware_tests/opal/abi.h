// SPDX-License-Identifier: Apache-2.0
/// The OPAL interface of the interrupt controller as a caller sees it: tokens, return codes, flags
/// (xive-chip.md 7). Results that go through pointers are stored big-endian at physical addresses.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace xive::opal {

enum class Token : std::uint64_t {
  SetXive = 19,
  GetXive = 20,
  CheckToken = 80,
  IntGetXirr = 122,
  IntSetCppr = 123,
  IntEoi = 124,
  IntSetMfrr = 125,
  XiveReset = 128,
  XiveGetIrqInfo = 129,
  XiveGetIrqConfig = 130,
  XiveSetIrqConfig = 131,
  XiveGetQueueInfo = 132,
  XiveSetQueueInfo = 133,
  XiveDonatePage = 134,
  XiveAllocateVpBlock = 135,
  XiveFreeVpBlock = 136,
  XiveGetVpInfo = 137,
  XiveSetVpInfo = 138,
  XiveAllocateIrq = 139,
  XiveFreeIrq = 140,
  XiveSync = 141,
  XiveDump = 142,
  XiveGetQueueState = 143,
  XiveSetQueueState = 144,
  XiveGetVpState = 170,
};

/// The 18 exploitation calls, ascending.
inline constexpr std::array kXiveTokens = {
    Token::XiveReset,         Token::XiveGetIrqInfo,
    Token::XiveGetIrqConfig,  Token::XiveSetIrqConfig,
    Token::XiveGetQueueInfo,  Token::XiveSetQueueInfo,
    Token::XiveDonatePage,    Token::XiveAllocateVpBlock,
    Token::XiveFreeVpBlock,   Token::XiveGetVpInfo,
    Token::XiveSetVpInfo,     Token::XiveAllocateIrq,
    Token::XiveFreeIrq,       Token::XiveSync,
    Token::XiveDump,          Token::XiveGetQueueState,
    Token::XiveSetQueueState, Token::XiveGetVpState,
};

/// Name as in the device tree documentation, e.g. "XIVE_SYNC"; "?" when unknown.
std::string_view to_string(Token token);

namespace rc {
inline constexpr std::int64_t kSuccess = 0, kParameter = -1, kBusy = -2, kResource = -10,
                              kInternalError = -11, kWrongState = -14, kProvisioning = -31,
                              kFreeActive = -32;
}
/// "SUCCESS", "PARAMETER", ...; "positive" above 0, "?" outside of the documented set.
std::string_view rc_name(std::int64_t value);

/// Check CHK-RC: `value`, read as a signed 64-bit number, is in the documented set of `token`
/// (xive-chip.md 7.2). Calls that return a number return one of their number space.
bool rc_documented(Token token, std::int64_t value);

inline constexpr std::uint64_t kModeEmulation = 0, kModeExploitation = 1;
inline constexpr std::uint64_t kAnyChip = 0xffffffff;
/// What a chip without a free number once gave; no interrupt number.
inline constexpr std::uint64_t kNoIrq = 0xffffffff;

namespace irq_flag {
inline constexpr std::uint64_t kTriggerPage = 1, kStoreEoi = 2, kLsi = 4, kShiftBug = 8,
                               kMaskViaFirmware = 0x10, kEoiViaFirmware = 0x20, kStoreEoi2 = 0x40;
}
namespace queue_flag {
inline constexpr std::uint64_t kEnabled = 1, kAlwaysNotify = 2, kEscalate = 4;
}
namespace vp_flag {
inline constexpr std::uint64_t kEnabled = 1, kSingleEscalation = 2, kSaveRestore = 4;
}
namespace sync_type {
inline constexpr std::uint64_t kEas = 1, kQueue = 2;
}
enum class DumpType : std::uint64_t { Phys, Pool, Os, User, Vp, Emulation };

inline constexpr std::uint64_t kPrioMasked = 0xff;
inline constexpr unsigned kPriorities = 8;
inline constexpr std::uint64_t kProvisionPageBytes = 0x10000;

/// Interrupt numbers and VP ids of POWER9 (xive-chip.md 7.1).
namespace girq {
inline constexpr std::uint32_t kEscalation = 0x01000000;
constexpr std::uint32_t make(unsigned blk, std::uint32_t idx) {
  return blk << 20U | idx;
}
constexpr std::uint32_t escalation(unsigned blk, std::uint32_t end) {
  return kEscalation | make(blk, end);
}
constexpr unsigned block(std::uint64_t number) {
  return static_cast<unsigned>(number >> 20U & 0xfU);
}
constexpr std::uint32_t index(std::uint64_t number) {
  return static_cast<std::uint32_t>(number & 0xfffffU);
}
}  // namespace girq

namespace vp_id {
inline constexpr std::uint64_t kGroup = 0x80000000, kVirtual = 0x40000000;
constexpr std::uint32_t order(std::uint64_t vp) {
  return static_cast<std::uint32_t>(vp >> 24U & 0x1fU);
}
}  // namespace vp_id

/// Up to seven arguments, r3 to r9.
using Args = std::array<std::uint64_t, 7>;

}  // namespace xive::opal
