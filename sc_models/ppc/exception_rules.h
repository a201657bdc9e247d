// SPDX-License-Identifier: Apache-2.0
/// The rules that decide whether an exception may interrupt, and what the interrupt does to the
/// machine state (scenarios.md 5.2 to 5.5). Pure functions of register values: every row of the
/// specification's tables is one branch here, and the tests walk all of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "sc_models/ppc/cause.h"

namespace xive::ppc {

/// Deliberate variants: `hv_doorbell_needs_ee` is the note of scenarios.md 5.2, the others are
/// faults that scenarios switch on to prove that the checks see them.
struct RuleKnobs {
  bool hv_doorbell_needs_ee = false;  ///< hypervisor doorbell enabled by EE alone
  bool heic_ignores_pr = false;       ///< fault: HEIC also blocks host user state
  bool no_heic = false;               ///< fault: HEIC not implemented

  friend bool operator==(const RuleKnobs&, const RuleKnobs&) = default;
};

/// LPCR[HEIC] keeps External away from the hypervisor's own privileged state (H=1 and P=0).
bool heic_excludes(std::uint64_t msr, std::uint64_t lpcr, const RuleKnobs& knobs = {});

/// True if `cause`, when pending, may interrupt now. Machine check is enabled by definition here;
/// MSR[ME]=0 turns it into a checkstop, see HardwareThread.
bool is_enabled(Cause cause, std::uint64_t msr, std::uint64_t lpcr, const RuleKnobs& knobs = {});

/// The subset of `pending` that is enabled.
CauseSet enabled_of(CauseSet pending, std::uint64_t msr, std::uint64_t lpcr,
                    const RuleKnobs& knobs = {});

/// Machine state after an interrupt, and what goes to the save registers.
struct InterruptState {
  std::uint64_t vector = 0;
  bool hsrr = false;  ///< true: HSRR0/1, false: SRR0/1
  std::uint64_t srr0 = 0;
  std::uint64_t srr1 = 0;
  std::uint64_t msr = 0;
};

/// `srr1_info`: bits of srr1::kInfoMask to set.
InterruptState interrupt(Cause cause, std::uint64_t nip, std::uint64_t msr, std::uint64_t lpcr,
                         std::uint64_t srr1_info = 0);

/// Program interrupt (0x700) and hypervisor facility unavailable (0xF80): synchronous, `nip` is the
/// address of the instruction itself.
InterruptState program_interrupt(std::uint64_t nip, std::uint64_t msr, std::uint64_t lpcr,
                                 std::uint64_t srr1_info);
InterruptState facility_unavailable(std::uint64_t nip, std::uint64_t msr);

/// Any other synchronous interrupt.
InterruptState synchronous_interrupt(std::uint64_t vector, Delivery delivery, std::uint64_t nip,
                                     std::uint64_t msr, std::uint64_t lpcr,
                                     std::uint64_t srr1_info);

/// MSR after rfid or hrfid with `saved` in (H)SRR1. Only the hypervisor may change HV and ME; PR
/// implies EE, IR and DR.
std::uint64_t msr_after_return(std::uint64_t msr, std::uint64_t saved, bool hrfid);

/// Order in which pending and enabled causes are taken.
class PriorityOrder {
 public:
  PriorityOrder();  ///< scenarios.md 5.3
  /// A permutation of all causes that starts with system reset and machine check;
  /// std::invalid_argument otherwise.
  explicit PriorityOrder(const std::array<Cause, kCauseCount>& order);

  std::optional<Cause> first(CauseSet set) const;
  const std::array<Cause, kCauseCount>& order() const { return order_; }

 private:
  std::array<Cause, kCauseCount> order_;
};

/// Power-saving stop: may `cause` end it? `msr` is the state in which `stop` was executed.
/// EC=0: any pending cause. EC=1: the causes that LPCR enables, and system reset.
bool wakes(Cause cause, std::uint64_t msr, std::uint64_t lpcr, std::uint64_t psscr,
           const RuleKnobs& knobs = {});

/// SRR1[42:45] at 0x100 after a wake with EC=1; 0 for a cause that never wakes that way.
std::uint64_t wake_reason(Cause cause);

/// SRR1[46:47]: what a stop with this PSSCR lost.
enum class StateLoss : std::uint8_t { None = 1, Gpr = 2, Hypervisor = 3 };
StateLoss state_loss(std::uint64_t psscr);

}  // namespace xive::ppc
