// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/rules/thread_rules.h"

namespace xive::machine {

ThreadRules::ThreadRules(Machine& machine, RuleBook& book, const Options& options)
    : machine_(machine),
      spur_(book,
            {.tima_base = options.tima_base,
             .line_takes = machine.hops().config(HopId::Line).bound(1, machine.config().threads)}),
      quiesce_(book),
      request_(book),
      reset_(book),
      once_(book),
      cppr_(book, options.cppr_bound) {
  once_.watch(Machine::kChipRegion, std::uint64_t{16} << Machine::kChipShift);
  for (ppc::ThreadObserver* rule :
       {static_cast<ppc::ThreadObserver*>(&spur_), static_cast<ppc::ThreadObserver*>(&quiesce_),
        static_cast<ppc::ThreadObserver*>(&request_), static_cast<ppc::ThreadObserver*>(&reset_),
        static_cast<ppc::ThreadObserver*>(&once_), static_cast<ppc::ThreadObserver*>(&cppr_)}) {
    machine.observe_threads(*rule);
  }
  machine.observe(*this);
  machine.observe_chips(*this);
  // The reset that made the threads was before anybody could watch.
  for (unsigned n = 0; n < machine.threads(); ++n) {
    const ppc::HardwareThread& thread = machine.hardware_thread(n);
    if (thread.retired() == 0) reset_.on_reset(thread, thread.regs());
  }
}

void ThreadRules::on_tima(unsigned core, const tima::Event& event, platform::Time time) {
  if (event.kind == tima::EventKind::Reset || event.before == event.after) return;
  const std::uint32_t pir = machine_.pir(core * machine_.config().threads + event.thread);
  spur_.on_tima_change(pir, time);
  // A thread that was reset is set up anew: whoever targeted it before does so no more.
  if (event.kind == tima::EventKind::Enable) cppr_.on_targeted(pir, false, time);
  const std::uint8_t cppr = event.after.at(tima::Ring::Phys, tima::reg::kCppr);
  if (event.before.at(tima::Ring::Phys, tima::reg::kCppr) != cppr) cppr_.on_cppr(pir, cppr, time);
}

/// Who has received an interrupt of its own is a target of sources until it is reset.
void ThreadRules::on_present(const ic::PresentEvent& event) {
  if (!event.delivered || event.ring != tima::Ring::Phys) return;
  const unsigned thread = event.core * machine_.config().threads + event.thread;
  cppr_.on_targeted(machine_.pir(thread), true, machine_.stamp());
}

void ThreadRules::finish() {
  const Time now = machine_.last_activity();
  once_.finish(now);
  cppr_.check(now);
}

}  // namespace xive::machine
