// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/rules/chk_spur.h"

#include <fmt/format.h>

#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {
namespace {

// tima.md 2.1: 2-byte loads that acknowledge. A more privileged page reaches the lesser operation.
constexpr std::uint64_t kPage = 0x10000, kPages = 4, kAckOs = 0x810, kAckHv = 0x830;

bool is_acknowledge(std::uint64_t base, const IoAccess& access) {
  if (access.write || access.error || access.size != 2 || access.address < base) return false;
  const std::uint64_t offset = access.address - base;
  if (offset / kPage >= kPages) return false;
  return offset % kPage == kAckOs || offset % kPage == kAckHv;
}

}  // namespace

ChkSpur::ChkSpur(RuleBook& book, const Config& config)
    : book_(book),
      rule_(
          book.add({"CHK-SPUR",
                    "a thread does not take External or hypervisor virtualization again and again "
                    "with nothing to acknowledge",
                    "scenarios.md 0.1, S1.1"})),
      config_(config) {}

void ChkSpur::on_interrupt(const HardwareThread& thread, const TakenInterrupt& taken) {
  if (taken.cause != Cause::External && taken.cause != Cause::HypervisorVirtualization) return;
  book_.hit(rule_);
  State& state = states_[thread.config().pir];
  if (state.interrupted) state.run = 0;  // the previous one was never acknowledged
  state.interrupted = true;
}

void ChkSpur::on_io_retire(const HardwareThread& thread, const IoAccess& access) {
  if (is_acknowledge(config_.tima_base, access)) {
    acknowledge(thread, static_cast<std::uint8_t>(access.value >> 8U));
  }
}

void ChkSpur::acknowledge(const HardwareThread& thread, std::uint8_t nsr) {
  State& state = states_[thread.config().pir];
  if (nsr != 0) {
    state.interrupted = false;
    state.run = 0;
    return;
  }
  if (!state.interrupted) return;  // polled, not interrupted
  state.interrupted = false;
  if (thread.now() < state.settled) return;
  if (++state.run < config_.limit) return;
  book_.fire(rule_, thread.now(),
             fmt::format("thread {:#x} took {} interrupts in a row with NSR=0 and no change in its "
                         "TIMA; pending causes {:#x}",
                         thread.config().pir, state.run, thread.pending().bits()));
  state.run = 0;
}

void ChkSpur::on_tima_change(std::uint32_t pir, platform::Time now) {
  State& state = states_[pir];
  state.run = 0;
  state.settled = now + config_.line_takes;
}

}  // namespace xive::ppc
