// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "sc_models/ppc/thread_observer.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/event.h"

namespace xive::ppc {

/// CHK-SPUR: a thread takes 0x500 or 0xEA0 N times in a row, and every acknowledge it reads returns
/// NSR=0 while nothing changes in its TIMA. An interrupt without any acknowledge read does not
/// count: its handler may not be one that acknowledges.
class ChkSpur final : public ThreadObserver {
 public:
  struct Config {
    std::uint64_t tima_base = 0;  ///< physical address of page 0 of the TIMA window
    unsigned limit = 3;           ///< N
    /// Longest time from a change of the TIMA until the thread sees its line: interrupts until then
    /// do not count.
    platform::Time line_takes = 0;
  };
  ChkSpur(RuleBook& book, const Config& config);

  void on_interrupt(const HardwareThread& thread, const TakenInterrupt& taken) override;
  void on_io_retire(const HardwareThread& thread, const IoAccess& access) override;
  /// The TIMA state of a thread changed, for whatever reason.
  void on_tima_change(std::uint32_t pir, platform::Time now);

 private:
  struct State {
    bool interrupted = false;  ///< an interrupt was taken and not yet judged
    unsigned run = 0;
    platform::Time settled = 0;  ///< from here on the line is that of the TIMA
  };
  void acknowledge(const HardwareThread& thread, std::uint8_t nsr);

  RuleBook& book_;
  RuleBook::Index rule_;
  Config config_;
  std::map<std::uint32_t, State> states_;
};

/// Tells a ChkSpur of the changes that a TIMA commits; thread t of the TIMA is PIR first_pir + t.
class SpurTimaWatch final : public tima::Observer {
 public:
  SpurTimaWatch(ChkSpur& rule, std::uint32_t first_pir, const platform::Clock& clock)
      : rule_(rule), first_pir_(first_pir), clock_(clock) {}
  void on_event(const tima::Event& event) override {
    if (event.kind == tima::EventKind::Reset || event.before != event.after) {
      rule_.on_tima_change(first_pir_ + event.thread, clock_.now());
    }
  }

 private:
  ChkSpur& rule_;
  std::uint32_t first_pir_;
  const platform::Clock& clock_;
};

}  // namespace xive::ppc
