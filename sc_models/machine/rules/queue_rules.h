// SPDX-License-Identifier: Apache-2.0
/// CHK-EQ and CHK-QDUP (scenarios.md 0.1): event queues in memory, their writer and their readers.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sc_models/machine/machine_observer.h"
#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/rules/flat_map.h"
#include "sc_models/xive/observer.h"

namespace xive::machine {

/// A 4-byte load of a thread that returns an entry consumes it.
class QueueRules final : public MachineObserver, public ic::Observer {
 public:
  explicit QueueRules(const RuleContext& context);

  void on_trigger(const ic::TriggerEvent& event) override;
  void on_outcome(ic::TraceId trace, ic::Outcome outcome) override;
  void on_escalation(const ic::EscalationEvent& event) override;
  void on_end(const ic::EndEvent& event) override;
  void on_watch(const ic::WatchEvent& event) override;
  void on_access(const platform::Request& request, const platform::Response& response) override;

  std::size_t unconsumed() const { return entries_.size(); }
  /// Software has copied a queue of `bytes`; who reads it goes on at the copy.
  void moved(std::uint64_t from, std::uint64_t to, std::uint64_t bytes);

 private:
  struct Queue {
    std::uint64_t base = 0;
    std::uint32_t entries = 0;
    std::uint32_t word1 = 0;  ///< generation and index that the next event must find
    bool known = false;
  };
  struct Entry {
    std::uint64_t end = 0;
    std::uint64_t source = 0;  ///< 0: not from a source
    std::uint32_t word = 0;
  };

  void check_order(const ic::EndEvent& event, std::uint64_t end);
  void remember(const ic::EndEvent& event, std::uint64_t end);
  void consume(std::unordered_map<std::uint64_t, Entry>::iterator entry);

  const RuleContext& context_;
  Check eq_, dup_;
  FlatMap<Queue> queues_;                                     ///< by END
  std::unordered_map<std::uint64_t, Entry> entries_;          ///< unconsumed, by address
  std::unordered_map<std::uint64_t, std::uint64_t> sources_;  ///< address of the unconsumed entry
  FlatMap<std::uint64_t> trace_source_;                       ///< by trace
};

}  // namespace xive::machine
