// SPDX-License-Identifier: Apache-2.0
/// CHK-LINE-OFF, CHK-LINE-ON and CHK-NSR (scenarios.md 0.1), generation 1: the lines that threads
/// see against the contexts in their TIMA.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "sc_models/machine/machine_observer.h"
#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/tima/fifo.h"

namespace xive::machine {

class LineRules final : public MachineObserver {
 public:
  LineRules(const RuleContext& context, unsigned threads);

  void on_tima(unsigned core, const tima::Event& event, platform::Time time) override;
  void on_lines(unsigned thread, const tima::Lines& before, const tima::Lines& after,
                platform::Time time) override;
  /// Judges what has been the case up to `time`, which else waits for the next event of the thread.
  void check(platform::Time time);
  /// End of the run.
  void finish(platform::Time time);

 private:
  using Time = platform::Time;
  /// One line of one thread: OS External or hypervisor virtualization.
  struct Line {
    bool level = false;      ///< at the thread
    bool valid = false;      ///< ring valid in the TIMA
    bool wanted = false;     ///< something more favoured than CPPR is pending
    bool suspended = false;  ///< until the next evaluation
    bool reported = false;   ///< of the present condition
    Time valid_since = 0;    ///< last change of `valid`
    Time wanted_since = 0;
  };

  /// What a TIMA event means for one line.
  struct Change {
    bool evaluates = false, unsettles = false;
    bool valid = false;        ///< ring valid afterwards
    std::uint8_t pipr = 0xff;  ///< most favoured pending priority afterwards
    std::uint8_t cppr = 0, ipb = 0, nsr = 0;
  };
  /// A TIMA event; it may lie ahead of lines still to be told.
  struct Told {
    Time time = 0;
    std::uint8_t thread = 0;
    bool reset = false;                      ///< of the whole core
    bool vain = false;                       ///< nothing is new but the time
    std::optional<std::uint8_t> accepted{};  ///< priority that an acknowledge accepted
    std::array<Change, 2> changes{};         ///< [os]
  };

  template <typename Facts>
  static Change change(const Facts& facts, bool os);
  static Told told(const tima::Event& event, Time time);
  void handle(unsigned core, const Told& event);
  void catch_up(unsigned core, Time until);
  void update(Line& line, unsigned thread, bool os, const Change& change, Time time);
  /// Judges what has been the case up to `time`.
  void settle(Line& line, unsigned thread, bool os, Time time) {
    if (line.level ? !line.valid : line.wanted) judge(line, thread, os, time);
  }
  /// The line is not as it shall be; has it been so for too long?
  void judge(Line& line, unsigned thread, bool os, Time time);
  void check_nsr(unsigned thread, const Told& event);

  const RuleContext& context_;
  Check off_, on_, nsr_;
  std::vector<std::array<Line, 2>> lines_;  ///< [thread][os]
  std::vector<tima::Fifo<Told>> ahead_;     ///< by core
};

}  // namespace xive::machine
