// SPDX-License-Identifier: Apache-2.0
/// Numbers of the special purpose registers that firmware uses (skiboot-boot.md 7.1).
#pragma once

namespace xive::ppc::spr {

inline constexpr unsigned kXer = 1, kLr = 8, kCtr = 9, kDscr = 17, kDsisr = 18, kDar = 19,
                          kDec = 22, kSrr0 = 26, kSrr1 = 27, kCfar = 28, kAmr = 29, kPidr = 48,
                          kIamr = 61, kCtrlRead = 136, kCtrlWrite = 152, kFscr = 153, kDpdes = 176,
                          kRpr = 186, kHfscr = 190, kVrsave = 256, kTb = 268, kTbu = 269,
                          kSprg0 = 272, kSprg3 = 275, kSprc = 276, kSprd = 277, kTblWrite = 284,
                          kTbuWrite = 285, kTbu40 = 286, kPvr = 287, kHsprg0 = 304, kHsprg1 = 305,
                          kHdsisr = 306, kHdar = 307, kSpurr = 308, kPurr = 309, kHdec = 310,
                          kHrmor = 313, kHsrr0 = 314, kHsrr1 = 315, kTfmr = 317, kLpcr = 318,
                          kLpidr = 319, kHmer = 336, kHmeer = 337, kPcr = 338, kHeir = 339,
                          kAmor = 349, kTir = 446, kPtcr = 464, kUsprg3 = 259, kSmfctrl = 511,
                          kPsscrSupervisor = 823, kPsscr = 855, kPpr = 896, kTscr = 921,
                          kHid0 = 1008, kPir = 1023;
inline constexpr unsigned kDscrUser = 3, kAmrUser = 13, kPpr32 = 898, kTidr = 144, kUamor = 157,
                          kPspb = 159, kDawr0 = 180, kDawr1 = 181, kCiabr = 187, kDawrx0 = 188,
                          kDawrx1 = 189, kUrmor = 505, kUsrr0 = 506, kUsrr1 = 507, kSier3 = 753,
                          kMmcr3 = 754, kSier2 = 752, kSier = 784, kMmcr2 = 785, kMmcra = 786,
                          kPmc1 = 787, kMmcr0 = 795, kSiar = 796, kSdar = 797, kMmcr1 = 798,
                          kEbbhr = 804, kEbbrr = 805, kBescr = 806, kTar = 815, kAsdr = 816,
                          kIc = 848, kVtb = 849, kLdbar = 850, kMmcrc = 851, kTrig0 = 880,
                          kTrig1 = 881, kTrig2 = 882, kPmcr = 884, kHid4 = 1012;

}  // namespace xive::ppc::spr
