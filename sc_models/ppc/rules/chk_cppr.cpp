// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/rules/chk_cppr.h"

#include <fmt/format.h>

#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {

ChkCppr::ChkCppr(RuleBook& book, platform::Time bound)
    : book_(book),
      rule_(book.add({"CHK-CPPR",
                      "a thread outside of handlers does not keep its CPPR masked for longer than "
                      "the bound while sources target it",
                      "scenarios.md 0.1, S5.5"})),
      bound_(bound) {}

void ChkCppr::judge(std::uint32_t pir, State& state, platform::Time now) {
  if (!state.since || state.fired || now < *state.since + bound_) return;
  if (now == *state.since + bound_) return;
  state.fired = true;
  book_.fire(rule_, now,
             fmt::format("thread {:#x} outside of handlers with CPPR {:#x} since {} ps", pir,
                         state.cppr, *state.since));
}

void ChkCppr::update(std::uint32_t pir, State& state, platform::Time now) {
  const bool masked = state.cppr != 0xff && state.targeted && state.depth == 0;
  if (masked == state.since.has_value()) return;
  if (masked) {
    book_.hit(rule_);
    state.since = now;
    state.fired = false;
  } else {
    judge(pir, state, now);
    state.since.reset();
  }
}

void ChkCppr::on_cppr(std::uint32_t pir, std::uint8_t cppr, platform::Time now) {
  State& state = states_[pir];
  judge(pir, state, now);  // names the value that masked
  state.cppr = cppr;
  update(pir, state, now);
}

void ChkCppr::on_targeted(std::uint32_t pir, bool targeted, platform::Time now) {
  State& state = states_[pir];
  state.targeted = targeted;
  update(pir, state, now);
}

void ChkCppr::check(platform::Time now) {
  for (auto& [pir, state] : states_) judge(pir, state, now);
}

void ChkCppr::on_interrupt(const HardwareThread& thread, const TakenInterrupt&) {
  State& state = states_[thread.config().pir];
  ++state.depth;
  update(thread.config().pir, state, thread.now());
}

void ChkCppr::on_interrupt_return(const HardwareThread& thread) {
  State& state = states_[thread.config().pir];
  if (state.depth > 0) --state.depth;
  update(thread.config().pir, state, thread.now());
}

void ChkCppr::on_reset(const HardwareThread& thread, const ArchState&) {
  State& state = states_[thread.config().pir];
  state.depth = 0;
  update(thread.config().pir, state, thread.now());
}

}  // namespace xive::ppc
