// SPDX-License-Identifier: Apache-2.0
/// The properties of spec/tima.md section 7 as live rules. Rules listens to any TimaPort (reference
/// model, RTL, lock-step) and judges every committed event by the specification alone: it knows no
/// implementation, and its decode of accesses is a reading of its own.
///
///   RuleBook book;
///   Rules rules(port.params(), book);
///   port.observe(&rules);              // or forward the observer calls to it
///   rules.configure(inputs);           // whenever the port is configured
///   ... traffic ...
///   rules.finish(port.now());          // port idle: nothing may be left open
///   book.clean();
///
/// A rule counts a hit when its antecedent was true. Nothing is allocated or formatted unless a
/// rule fires. After a violation the checker takes the state it saw as given, so that one fault is
/// not reported for ever.
#pragma once

#include <span>

#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/event.h"
#include "sc_models/tima/rules/checker.h"
#include "sc_models/tima/types.h"

namespace xive::tima {

class Rules final : public Observer {
 public:
  /// Registers every rule of `params.generation` in `book`, which must outlive this object.
  /// Throws std::invalid_argument for a generation that has no rules yet.
  Rules(const Params& params, RuleBook& book);

  /// The static inputs of the port. Without them the rules that compare with the hardware CAM
  /// (MATCH and PRESENT on a valid PHYS ring) stay unevaluated. Call it while the port is idle.
  void configure(const StaticInputs& inputs);

  void on_event(const Event& event) override;
  void on_match(const PresenterRequest& request, const PresenterResponse& response,
                Cycle cycle) override;
  void on_memory(const MemoryRequest& request, Cycle cycle) override;
  void on_memory_answer(const MemoryResponse& response, Cycle cycle) override;

  /// Compares the states that the port shows now (index = thread) with the last events of the
  /// threads (TIMA-P20, TIMA-P21). Call it while the port is idle; costs a memcmp per thread.
  void check_threads(std::span<const ThreadState> now, Cycle cycle);

  /// End of a run, port idle: no memory request and no operation may be left open (TIMA-P96).
  void finish(Cycle cycle);

 private:
  rules::Checker checker_;
};

}  // namespace xive::tima
