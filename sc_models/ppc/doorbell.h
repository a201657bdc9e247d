// SPDX-License-Identifier: Apache-2.0
/// Server doorbell messages: the operand of msgsnd, msgclr, msgsndp and msgclrp (scenarios.md 5.1).
#pragma once

#include <cstdint>
#include <optional>

namespace xive::ppc {

/// RB[32:36]. Every other type is the embedded category and does nothing on a server.
inline constexpr unsigned kDoorbellType = 5;
/// Type 5 as it stands in the low word of RB.
inline constexpr std::uint64_t kDoorbellTypeField = std::uint64_t{kDoorbellType} << 27U;

/// RB[37:38] of msgsnd.
enum class Broadcast : std::uint8_t { One = 0, SubProcessor = 1, Core = 2, Reserved = 3 };

struct DoorbellMessage {
  Broadcast broadcast = Broadcast::One;
  std::uint32_t tag = 0;  ///< PROCIDTAG (PIR) of msgsnd, TIRTAG of msgsndp

  friend bool operator==(const DoorbellMessage&, const DoorbellMessage&) = default;
};

/// How msgsnd names its target.
enum class MsgsndForm : std::uint8_t {
  Pir,             ///< v3.0 and later: 20-bit PIR, any core of any chip
  ThreadOfOwnCore  ///< v2.07: 7-bit thread number inside the own core
};

/// Message of `rb`; nullopt = no-op. A reserved broadcast code is taken as no message.
std::optional<DoorbellMessage> decode_msgsnd(std::uint64_t rb, MsgsndForm form = MsgsndForm::Pir);
std::optional<DoorbellMessage> decode_msgsndp(std::uint64_t rb);
/// msgclr and msgclrp: does `rb` name the doorbell?
bool clears_doorbell(std::uint64_t rb);

/// Operand of msgsnd (v3.0) for one thread, and of msgsndp.
constexpr std::uint64_t encode_msgsnd(std::uint32_t pir, Broadcast broadcast = Broadcast::One) {
  return kDoorbellTypeField | static_cast<std::uint64_t>(broadcast) << 25U | (pir & 0xfffffU);
}
constexpr std::uint64_t encode_msgsndp(unsigned thread) {
  return kDoorbellTypeField | (thread & 0x7fU);
}

/// Carries hypervisor doorbells between threads of the whole machine.
class DoorbellFabric {
 public:
  virtual ~DoorbellFabric() = default;
  /// Sets the hypervisor doorbell latch at every thread the message names, now. `sender_pir`
  /// resolves ThreadOfOwnCore. Returns the number of threads addressed (0 = nobody has that PIR).
  virtual unsigned deliver(const DoorbellMessage& message, MsgsndForm form,
                           std::uint32_t sender_pir) = 0;
};

}  // namespace xive::ppc
