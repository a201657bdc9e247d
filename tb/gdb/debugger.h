// SPDX-License-Identifier: Apache-2.0
/// A debugger on a machine: stands between the events of its threads and a Stub.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "sc_models/machine/powernv/powernv.h"
#include "tb/gdb/machine_debuggee.h"

namespace xive::gdb {

class Debugger {
 public:
  /// `interrupted` is asked while a debugger is waited for. Nothing is owned. Throws
  /// ConnectionError.
  Debugger(const std::string& address, machine::Machine& machine, std::vector<unsigned> threads,
           const platform::SymbolTable& symbols, std::function<bool()> interrupted);

  const std::string& address() const { return connection_.address(); }

  enum class Verdict : std::uint8_t { Run, Kill };
  /// Before the first instruction: waits for the debugger, which decides what happens.
  Verdict begin();
  /// An event of a thread, on its own agent. Run: it goes on.
  Verdict on_event(ppc::iss::IssCpu& cpu, const ppc::iss::ExecutionEvent& event);
  /// Now and then: stops the machine when the debugger asks for it.
  Verdict poll();
  void exited(unsigned code) { stub_.exited(code); }

 private:
  Verdict serve(const Stop& stop);

  machine::Machine& machine_;
  Connection connection_;
  MachineDebuggee debuggee_;
  Stub stub_;
  std::function<bool()> interrupted_;
};

}  // namespace xive::gdb
