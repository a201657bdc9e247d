// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/debugger.h"

namespace xive::gdb {

using ppc::iss::EventKind;

Debugger::Debugger(const std::string& address, machine::Machine& machine,
                   std::vector<unsigned> threads, const platform::SymbolTable& symbols,
                   std::function<bool()> interrupted)
    : machine_(machine),
      connection_(address),
      debuggee_(machine, std::move(threads), symbols),
      stub_(connection_, debuggee_),
      interrupted_(std::move(interrupted)) {}

Debugger::Verdict Debugger::serve(const Stop& stop) {
  switch (stub_.serve(stop, interrupted_)) {
    case Stub::Resume::Kill:
    case Stub::Resume::Interrupted:
      return Verdict::Kill;
    default:
      return Verdict::Run;
  }
}

Debugger::Verdict Debugger::begin() {
  return serve({});
}

Debugger::Verdict Debugger::on_event(ppc::iss::IssCpu& cpu, const ppc::iss::ExecutionEvent& event) {
  Stop stop;
  stop.thread = debuggee_.number_of(machine_.thread_of_pir(cpu.pir()));
  switch (event.kind) {
    case EventKind::Breakpoint:
      stop.reason = Stop::Reason::Breakpoint;
      break;
    case EventKind::Watchpoint:
      stop.reason = Stop::Reason::Watch;
      stop.watch = debuggee_.watch_at(event.address);
      stop.address = event.address;
      break;
    case EventKind::Step:
      stop.reason = Stop::Reason::Step;
      break;
    case EventKind::Break:
      return Verdict::Run;
    default:
      if (!stub_.attached()) return Verdict::Run;
      stop.reason = Stop::Reason::Fault;
  }
  return serve(stop);
}

Debugger::Verdict Debugger::poll() {
  return stub_.wants_stop() ? serve({}) : Verdict::Run;
}

}  // namespace xive::gdb
