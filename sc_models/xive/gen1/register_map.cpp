// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/gen1/register_map.h"

#include <algorithm>
#include <array>

namespace xive::ic::gen1::reg {

namespace {
struct Range {
  std::uint16_t first, last;
};
constexpr std::array kListed = {Range{kCfgPbGen, kMsgSnd},
                                Range{kIcBar, kIcBar},
                                Range{kTm1Bar, kTm1Bar},
                                Range{kTm2Bar, kTm2Bar},
                                Range{kPcBar, kVcBarm},
                                Range{kTar, kPbiCtl},
                                Range{kRstCtl, kRstCtl},
                                Range{kFirMask, kFirMaskOr},
                                Range{kTctxtCfg, kTctxtTrack},
                                Range{kIndir0, kThreadEn0Clr},
                                Range{kThreadEn1, kThreadEn1Clr},
                                Range{kPcGlobalConfig, kPcVsdData},
                                Range{kPcAtKill, kPcAtKillMask},
                                Range{kVpcCacheEnable, kVpcScrubMask},
                                Range{kVpcWatchSpec, kVpcWatchDat7},
                                Range{kVcGlobalConfig, kVcVsdData},
                                Range{kIrqConfigIpi, kIrqConfigLast},
                                Range{kAibTxOrderTag2, kAibTxOrderTag2},
                                Range{kVcAtKill, kVcAtKillMask},
                                Range{kEqcCacheEnable, kEqcWatchDat3},
                                Range{kIvcScrubTrig, kIvcScrubMask},
                                Range{kSbcScrubTrig, kSbcConfig}};
}  // namespace

bool listed(std::uint16_t offset) {
  return std::any_of(kListed.begin(), kListed.end(), [&](const Range& range) {
    return offset >= range.first && offset <= range.last;
  });
}

std::optional<std::uint16_t> from_xscom(std::uint32_t x) {
  const auto at = [](std::uint32_t offset) { return static_cast<std::uint16_t>(offset); };
  if (x < 0x80) return at(x * 8);
  if (x >= 0x100 && x < 0x180) return at(0x400 + (x - 0x100) * 8);
  // The VC part is not linear.
  if (x >= 0x200 && x <= 0x20d) return at(0x800 + (x - 0x200) * 8);
  if (x >= 0x211 && x <= 0x219) return at(0x908 + (x - 0x211) * 8);
  if (x >= 0x221 && x <= 0x223) return at(0x988 + (x - 0x221) * 8);
  if (x >= 0x231 && x <= 0x234) return at(0xa08 + (x - 0x231) * 8);
  if (x == 0x22d) return kAibTxOrderTag2;
  if (x == 0x23e) return kVcAtKill;
  if (x == 0x23f) return kVcAtKillMask;
  return std::nullopt;
}

}  // namespace xive::ic::gen1::reg
