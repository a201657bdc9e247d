// SPDX-License-Identifier: Apache-2.0
/// Registers, addresses and in-memory structures of the POWER9 interrupt controller as the firmware
/// knows them: from xive-chip.md, not from the model that it runs on.
#pragma once

#include <cstdint>

namespace xive::opal::hw {

/// IBM bit `n` of a doubleword.
constexpr std::uint64_t ppc(unsigned n) {
  return std::uint64_t{1} << (63U - n);
}

// --- physical map, chip 0; chip n is at + n << 42 (2.2) ---
inline constexpr unsigned kChipShift = 42;
inline constexpr std::uint64_t kVcBase = 0x0006010000000000, kVcBytes = 0x8000000000,
                               kEndPages = 0x6000000000, kPcBase = 0x0006018000000000,
                               kPcBytes = 0x1000000000, kIcBase = 0x0006030203100000,
                               kTmBase = 0x0006030203180000, kXscomBase = 0x000603fc00000000;
inline constexpr unsigned kPageShift = 16, kPairShift = 17;
inline constexpr std::uint64_t kPage = 0x10000, kPair = 0x20000;

// --- XSCOM: numbers relative to the XIVE unit (3.1) ---
inline constexpr std::uint32_t kXiveScom = 0x5013000, kXIcBar = 0x10, kXTm1Bar = 0x12,
                               kXTm2Bar = 0x14, kXPcBar = 0x16, kXPcBarm = 0x17, kXVcBar = 0x18,
                               kXVcBarm = 0x19, kXPbiCtl = 0x20;
inline constexpr std::uint64_t kBarValid = ppc(0), kBar64K = ppc(1);
inline constexpr std::uint64_t kPcBarmMask = 0x3ffe000000, kVcBarmMask = 0x7fffc000000;
inline constexpr std::uint64_t kPbi64K = ppc(5) | ppc(6), kPbiForceTmLocal = ppc(22);
/// Special address window of the pair that holds `core`.
constexpr std::uint32_t ncu_spec_bar(std::uint32_t core) {
  return (((core & 0x1cU) + 0x40U) << 22U) | 0x11010U | ((core & 2U) << 9U);
}
inline constexpr unsigned kSprHmer = 336;
inline constexpr std::uint64_t kHmerFail = ppc(8), kHmerDone = ppc(9),
                               kHmerStatus = ppc(21) | ppc(22) | ppc(23);

// --- IC page 0 ---
inline constexpr std::uint32_t kCfgPbGen = 0x050, kMsgSnd = 0x058, kTar = 0x0f0, kTdr = 0x0f8,
                               kFirMaskOr = 0x1a8, kTctxtCfg = 0x400, kTctxtTrack = 0x408,
                               kIndir0 = 0x420, kThreadEn0 = 0x440, kThreadEn1 = 0x460,
                               kEnSet = 0x08, kEnClr = 0x10, kPcGlobal = 0x480, kPcVsdAddr = 0x488,
                               kPcVsdData = 0x490, kPcAtKill = 0x4b0, kPcAtKillMask = 0x4b8,
                               kVpcScrubTrig = 0x710, kVpcScrubMask = 0x718, kVpcSpec = 0x738,
                               kVpcData = 0x740, kVcGlobal = 0x800, kVcVsdAddr = 0x808,
                               kVcVsdData = 0x810, kIrqConfig = 0x840, kAibOrder = 0x890,
                               kVcAtKill = 0x8b0, kVcAtKillMask = 0x8b8, kEqcScrubTrig = 0x910,
                               kEqcScrubMask = 0x918, kEqcConfig = 0x920, kEqcSpec = 0x928,
                               kEqcData = 0x930, kIvcScrubTrig = 0x990, kIvcScrubMask = 0x998,
                               kSbcConfig = 0xa20;
/// Notify page (IC page 1), sync page offsets; IC pages 4..7 are the indirect TIMA.
inline constexpr std::uint64_t kNotifyPage = 0x10000, kIndirectPages = 0x40000;
inline constexpr std::uint32_t kSyncIpi = 0xc00, kSyncHw = 0xc80, kSyncEsc1 = 0xd00,
                               kSyncEsc2 = 0xd80, kSyncRedist = 0xe00;
inline constexpr std::uint64_t kSyncDone = 0xf8000000;
inline constexpr std::uint64_t kGlobalIndirect = ppc(32), kPcChipIdOverride = ppc(40);
inline constexpr std::uint64_t kEnableS = ppc(39), kEnableU = ppc(40);
inline constexpr std::uint64_t kStoreEoi = ppc(44) | ppc(45), kNoUpdatePrefetch = ppc(59);
inline constexpr std::uint64_t kValid = ppc(0), kScrubInval = ppc(2);
inline constexpr std::uint64_t kWatchConflict = ppc(0), kWatchFull = ppc(8);
inline constexpr std::uint64_t kEndScrubMask = 0x0000000f00ffffff,
                               kVpScrubMask = 0x0000001f0007ffff;

// --- virtual structure descriptors (4) ---
enum class Table : std::uint64_t { Eas, Esb, End, Vp, Irq };
inline constexpr std::uint64_t kVsdExclusive = ppc(0), kVsdForward = ppc(0) | ppc(1),
                               kVsdFirmware = ppc(2), kVsdIndirect = 0x80, kVsd64K = 4;
inline constexpr std::uint64_t kVsdAddress = 0x0ffffffffffff000;

inline constexpr std::uint32_t kEndBytes = 32, kEndsPerPage = 2048, kEndsPerSet = 8,
                               kEnds = 1U << 20U, kEndTableEntries = kEnds / kEndsPerPage;
inline constexpr std::uint32_t kVpBytes = 64, kVpsPerPage = 1024, kVpOrder = 17,
                               kVps = 1U << kVpOrder, kVpTableEntries = kVps / kVpsPerPage;
inline constexpr std::uint32_t kHwVpBase = 0x80, kHwVpOrder = 7;

// --- ESB offsets (5.2) ---
inline constexpr std::uint64_t kEsbEoi = 0x000, kEsbStoreEoi = 0x400, kEsbGet = 0x800,
                               kEsbSet00 = 0xc00, kEsbSet01 = 0xd00, kEsbSet10 = 0xe00,
                               kEsbSet11 = 0xf00;
inline constexpr std::uint64_t kP = 2, kQ = 1;

// --- EAS (1.5) ---
namespace eas {
inline constexpr std::uint64_t kValid = ppc(0), kMasked = ppc(32), kData = 0x7fffffff,
                               kEnd = 0x0fffffff00000000;
constexpr std::uint64_t with_end(std::uint64_t word, unsigned blk, std::uint32_t idx) {
  return (word & ~kEnd) | std::uint64_t{blk} << 56U | std::uint64_t{idx} << 32U;
}
constexpr std::uint64_t with_data(std::uint64_t word, std::uint64_t data) {
  return (word & ~kData) | (data & kData);
}
constexpr unsigned end_block(std::uint64_t word) {
  return static_cast<unsigned>(word >> 56U & 0xfU);
}
constexpr std::uint32_t end_index(std::uint64_t word) {
  return static_cast<std::uint32_t>(word >> 32U & 0xffffffU);
}
}  // namespace eas

// --- END (1.6) ---
namespace end {
inline constexpr std::uint32_t kValid = 0x80000000, kEnqueue = 0x40000000, kNotify = 0x20000000,
                               kBacklog = 0x10000000, kEscalate = 0x04000000, kUncond = 0x02000000,
                               kSilent = 0x01000000, kFirmware = 0x00008000;
inline constexpr std::uint32_t kEsnQ = 0x40000000, kEseQ = 0x10000000, kEsBits = 0xf0000000,
                               kGeneration = 0x00400000, kPageOff = 0x003fffff;
}  // namespace end

}  // namespace xive::opal::hw
