// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/translation.h"

namespace xive::ppc::iss {
namespace {

constexpr std::uint64_t kRealMask = 0x0fffffffffffffff;
constexpr std::uint64_t kNoTranslation = 0x40000000;  // DSISR bit 33, SRR1 bit 33

}  // namespace

std::optional<TranslationFault> RealMode::translate(HardwareThread& thread, std::uint64_t effective,
                                                    AccessKind kind, std::uint64_t& real) {
  const bool fetch = kind == AccessKind::Fetch;
  if ((thread.msr() & (fetch ? msr::kIr : msr::kDr)) != 0) {
    if (fetch)
      return TranslationFault{.vector = vector::kInstructionStorage, .srr1 = kNoTranslation};
    const std::uint64_t store = kind == AccessKind::Store ? 0x02000000 : 0;
    return TranslationFault{.vector = vector::kDataStorage, .dsisr = kNoTranslation | store};
  }
  real = effective & kRealMask;
  if ((effective >> 63U) == 0) real |= thread.hrmor();
  return std::nullopt;
}

}  // namespace xive::ppc::iss
