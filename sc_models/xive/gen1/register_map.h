// SPDX-License-Identifier: Apache-2.0
/// Registers of the POWER9 interrupt controller: MMIO offsets in IC page 0, fields, and the XSCOM
/// numbering (xive-chip.md 2.1 and 3.1 to 3.3).
#pragma once

#include <cstdint>
#include <optional>

#include "sc_models/xive/bits.h"

namespace xive::ic::gen1::reg {

// CQ
inline constexpr std::uint16_t kCfgPbGen = 0x050, kMsgSnd = 0x058, kIcBar = 0x080, kTm1Bar = 0x090,
                               kTm2Bar = 0x0a0, kPcBar = 0x0b0, kPcBarm = 0x0b8, kVcBar = 0x0c0,
                               kVcBarm = 0x0c8, kTar = 0x0f0, kTdr = 0x0f8, kPbiCtl = 0x100,
                               kRstCtl = 0x118, kFirMask = 0x198, kFirMaskAnd = 0x1a0,
                               kFirMaskOr = 0x1a8;
// PC
inline constexpr std::uint16_t kTctxtCfg = 0x400, kTctxtTrack = 0x408, kIndir0 = 0x420,
                               kIndir3 = 0x438, kThreadEn0 = 0x440, kThreadEn0Set = 0x448,
                               kThreadEn0Clr = 0x450, kThreadEn1 = 0x460, kThreadEn1Set = 0x468,
                               kThreadEn1Clr = 0x470, kPcGlobalConfig = 0x480, kPcVsdAddr = 0x488,
                               kPcVsdData = 0x490, kPcAtKill = 0x4b0, kPcAtKillMask = 0x4b8,
                               kVpcCacheEnable = 0x708, kVpcScrubTrig = 0x710,
                               kVpcScrubMask = 0x718, kVpcWatchSpec = 0x738, kVpcWatchDat0 = 0x740,
                               kVpcWatchDat7 = 0x778;
// VC
inline constexpr std::uint16_t kVcGlobalConfig = 0x800, kVcVsdAddr = 0x808, kVcVsdData = 0x810,
                               kIrqConfigIpi = 0x840, kIrqConfigLast = 0x868,
                               kAibTxOrderTag2 = 0x890, kVcAtKill = 0x8b0, kVcAtKillMask = 0x8b8,
                               kEqcCacheEnable = 0x908, kEqcScrubTrig = 0x910,
                               kEqcScrubMask = 0x918, kEqcConfig = 0x920, kEqcWatchSpec = 0x928,
                               kEqcWatchDat0 = 0x930, kEqcWatchDat3 = 0x948, kIvcScrubTrig = 0x990,
                               kIvcScrubMask = 0x998, kSbcScrubTrig = 0xa10, kSbcScrubMask = 0xa18,
                               kSbcConfig = 0xa20;

inline constexpr std::uint64_t kBarValid = bit64(0), kBar64K = bit64(1);
inline constexpr Field64 kBarAddress{8, 51};
inline constexpr std::uint64_t kPcBarmMask = Field64{26, 38}.mask();
inline constexpr std::uint64_t kVcBarmMask = Field64{21, 37}.mask();

inline constexpr std::uint64_t kTarAutoInc = bit64(0), kTarBlk = bit64(12), kTarMig = bit64(13),
                               kTarVdt = bit64(14), kTarEdt = bit64(15);
inline constexpr Field64 kTarIndex{26, 31};
inline constexpr std::uint64_t kPbiPc64K = bit64(5), kPbiVc64K = bit64(6), kPbiLnxTrig = bit64(7);
inline constexpr std::uint64_t kRstBars = bit64(4);
inline constexpr std::uint64_t kFirCiBadAddress = bit64(19);

namespace edt {
inline constexpr Field64 kType{0, 1}, kBlk{12, 15}, kIndex{26, 31};
inline constexpr unsigned kIpi = 1, kEq = 2;
}  // namespace edt

inline constexpr std::uint64_t kTctxtOverride = bit64(9);
inline constexpr Field64 kTctxtChipId{12, 15};
inline constexpr std::uint64_t kIndirValid = bit64(0);
inline constexpr Field64 kIndirThread{9, 15};
inline constexpr std::uint64_t kGlobalIndirect = bit64(32);
inline constexpr Field64 kVsdSelect{13, 15}, kVsdIndex{27, 31};
/// VALID of kill and scrub registers: polled by firmware until 0.
inline constexpr std::uint64_t kPollValid = bit64(0);
inline constexpr std::uint64_t kScrubInval = bit64(2);
inline constexpr std::uint64_t kWatchConflict = bit64(0), kWatchFull = bit64(8);
/// Block and offset fields of END (EQC, IVC) and of VP (VPC) scrub and watch registers.
inline constexpr Field64 kEqcBlock{28, 31}, kEqcOffset{40, 63}, kVpcBlock{27, 31},
    kVpcOffset{45, 63};

/// In the lower half of their register.
inline constexpr std::uint32_t kSyncIpi = bit32(0), kSyncHw = bit32(1), kSyncEsc1 = bit32(2),
                               kSyncEsc2 = bit32(3), kSyncRedist = bit32(4);
inline constexpr std::uint64_t kSyncBits = 0xf8000000;
inline constexpr std::uint64_t kEnableS = bit64(39), kEnableU = bit64(40);
/// SBC_CONFIG: both set = store EOI enabled.
inline constexpr std::uint64_t kStoreEoi = bit64(44) | bit64(45);

/// Values after reset that the sources know; all others are 0.
inline constexpr std::uint64_t kCfgPbGenReset = 0x5000000000000000;
inline constexpr std::uint64_t kMsgSndCores = 0xffffff0000000000;

/// True for a register that the specification lists.
bool listed(std::uint16_t offset);

/// MMIO offset of XSCOM register `x` (relative to the unit's base); nullopt = only reachable there.
std::optional<std::uint16_t> from_xscom(std::uint32_t x);
inline constexpr std::uint32_t kXscomBase = 0x5013000, kXscomCount = 0x300;

}  // namespace xive::ic::gen1::reg
