// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/rules/flat_map.h"
#include "sc_models/xive/observer.h"

namespace xive::machine {

/// CHK-PROG (scenarios.md 0.1): whoever waits gets on within RuleContext::progress_bound: agents
/// that say so, and every event in a router.
class ProgressRule final : public ic::Observer {
 public:
  using Agent = unsigned;

  explicit ProgressRule(const RuleContext& context)
      : context_(context),
        check_(context, {"CHK-PROG", "a waiting agent makes progress within the configured time",
                         "scenarios.md 0.1"}) {}

  /// An agent begins to wait for `what`; each number waits for one thing at a time. `bound`: longer
  /// than that of everything else, for what is known to take its time.
  void begin_wait(Agent agent, std::string what, platform::Time bound = 0) {
    waits_[agent] = {std::move(what), context_.now(), std::max(bound, context_.progress_bound)};
  }
  /// It still waits, but something useful has happened.
  void progress(Agent agent) {
    const auto wait = waits_.find(agent);
    if (wait == waits_.end()) return;
    judge(wait->second.since, wait->second.bound, [&] { return describe(agent, wait->second); });
    wait->second.since = context_.now();
  }
  void end_wait(Agent agent) {
    progress(agent);
    waits_.erase(agent);
  }

  void on_trigger(const ic::TriggerEvent& event) override { events_[event.trace] = context_.now(); }
  void on_outcome(ic::TraceId trace, ic::Outcome) override {
    const platform::Time* const since = events_.find(trace);
    if (since == nullptr) return;
    judge(*since, context_.progress_bound,
          [&] { return fmt::format("event {} in a router", trace); });
    events_.erase(trace);
  }

  /// End of the run: whoever still waits is judged too.
  void finish() {
    for (const auto& [agent, wait] : waits_) {
      const Agent number = agent;
      const Wait& what = wait;
      judge(what.since, what.bound, [&] { return describe(number, what); });
    }
    const std::size_t stuck = events_.count_if(
        [this](platform::Time since) { return context_.now() - since > context_.progress_bound; });
    if (stuck > 0) check_.fire(fmt::format("{} events never left their router", stuck));
  }

 private:
  struct Wait {
    std::string what;
    platform::Time since = 0;
    platform::Time bound = 0;
  };
  template <typename Describe>
  void judge(platform::Time since, platform::Time bound, Describe&& describe) {
    const platform::Time waited = context_.now() - since;
    check_.expect(waited <= bound, [&] {
      return fmt::format("{}: no progress for {} ns", describe(), waited / 1000);
    });
  }
  static std::string describe(Agent agent, const Wait& wait) {
    return fmt::format("agent {} waits for {}", agent, wait.what);
  }

  const RuleContext& context_;
  Check check_;
  std::map<Agent, Wait> waits_;
  FlatMap<platform::Time> events_;  ///< by trace
};

}  // namespace xive::machine
