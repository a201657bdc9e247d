// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "sc_models/ppc/thread_observer.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/event.h"

namespace xive::ppc {

/// CHK-CPPR: a thread outside of any handler does not keep CPPR != 0xFF for longer than the bound
/// while sources target it (it would take no more interrupts).
class ChkCppr final : public ThreadObserver {
 public:
  ChkCppr(RuleBook& book, platform::Time bound);

  void on_cppr(std::uint32_t pir, std::uint8_t cppr, platform::Time now);
  /// Whether any source is routed to the thread.
  void on_targeted(std::uint32_t pir, bool targeted, platform::Time now);
  /// Judges every thread up to `now`; call at the end, and whenever early detection is wanted.
  void check(platform::Time now);

  void on_interrupt(const HardwareThread& thread, const TakenInterrupt&) override;
  void on_interrupt_return(const HardwareThread& thread) override;
  void on_reset(const HardwareThread& thread, const ArchState&) override;

 private:
  struct State {
    std::uint8_t cppr = 0xff;
    bool targeted = false;
    unsigned depth = 0;  ///< handlers entered
    std::optional<platform::Time> since;
    bool fired = false;  ///< once per period
  };
  void update(std::uint32_t pir, State& state, platform::Time now);
  void judge(std::uint32_t pir, State& state, platform::Time now);

  RuleBook& book_;
  RuleBook::Index rule_;
  platform::Time bound_;
  std::map<std::uint32_t, State> states_;
};

/// Feeds a ChkCppr with CPPR of one ring of one TIMA; thread t is PIR first_pir + t. `clock` gives
/// the time of the simulation, since events count cycles.
class CpprTimaWatch final : public tima::Observer {
 public:
  CpprTimaWatch(ChkCppr& rule, std::uint32_t first_pir, const platform::Clock& clock,
                tima::Ring ring = tima::Ring::Phys)
      : rule_(rule), first_pir_(first_pir), clock_(clock), ring_(ring) {}
  void on_event(const tima::Event& event) override {
    const std::uint8_t after = event.after.at(ring_, tima::reg::kCppr);
    if (event.kind != tima::EventKind::Reset && event.before.at(ring_, tima::reg::kCppr) != after) {
      rule_.on_cppr(first_pir_ + event.thread, after, clock_.now());
    }
  }

 private:
  ChkCppr& rule_;
  std::uint32_t first_pir_;
  const platform::Clock& clock_;
  tima::Ring ring_;
};

}  // namespace xive::ppc
