// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/doorbell.h"

namespace xive::ppc {
namespace {

constexpr std::uint64_t kThreadTagMask = 0x7f;  // RB[57:63]
constexpr std::uint64_t kPirTagMask = 0xfffff;  // RB[44:63]

unsigned type_of(std::uint64_t rb) {
  return static_cast<unsigned>(rb >> 27U & 0x1fU);
}

}  // namespace

std::optional<DoorbellMessage> decode_msgsnd(std::uint64_t rb, MsgsndForm form) {
  if (type_of(rb) != kDoorbellType) return std::nullopt;
  DoorbellMessage message;
  if (form == MsgsndForm::ThreadOfOwnCore) {
    message.tag = static_cast<std::uint32_t>(rb & kThreadTagMask);
    return message;
  }
  message.broadcast = static_cast<Broadcast>(rb >> 25U & 3U);
  message.tag = static_cast<std::uint32_t>(rb & kPirTagMask);
  if (message.broadcast == Broadcast::Reserved) return std::nullopt;
  return message;
}

std::optional<DoorbellMessage> decode_msgsndp(std::uint64_t rb) {
  if (type_of(rb) != kDoorbellType) return std::nullopt;
  return DoorbellMessage{Broadcast::One, static_cast<std::uint32_t>(rb & kThreadTagMask)};
}

bool clears_doorbell(std::uint64_t rb) {
  return type_of(rb) == kDoorbellType;
}

}  // namespace xive::ppc
