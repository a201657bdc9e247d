// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/rules/chk_quiesce.h"

#include <fmt/format.h>

#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {

ChkQuiesce::ChkQuiesce(RuleBook& book)
    : book_(book),
      rule_(
          book.add({"CHK-QUIESCE",
                    "a quiesced thread takes no exception, retires nothing, accesses no device and "
                    "is not kicked",
                    "scenarios.md 0.1, 5.6"})) {}

void ChkQuiesce::check(const HardwareThread& thread, std::string_view what) {
  book_.hit(rule_);
  if (thread.quiesced()) {
    book_.fire(rule_, thread.now(),
               fmt::format("thread {:#x} is quiesced: {}", thread.config().pir, what));
  }
}

void ChkQuiesce::on_interrupt(const HardwareThread& thread, const TakenInterrupt& taken) {
  check(thread, info(taken.cause).name);
}

void ChkQuiesce::on_retire(const HardwareThread& thread, std::uint64_t count) {
  if (count > 0) check(thread, "retires an instruction");
}

void ChkQuiesce::on_kick(const HardwareThread& thread) {
  check(thread, "is kicked");
}

void ChkQuiesce::on_io_issue(const HardwareThread& thread, const IoAccess& access) {
  check(thread, access.write ? "stores to a device" : "loads from a device");
}

ChkRequest::ChkRequest(RuleBook& book)
    : book_(book),
      rule_(book.add({"CORE-REQ",
                      "the interrupt request of a thread equals what its inputs, MSR, LPCR and run "
                      "state say",
                      "scenarios.md 5.6, S3.5"})) {}

void ChkRequest::on_evaluate(const HardwareThread& thread) {
  book_.hit(rule_);
  if (thread.interrupt_request() != thread.expected_request()) {
    book_.fire(
        rule_, thread.now(),
        fmt::format("thread {:#x}: request is {}, inputs and state say {}", thread.config().pir,
                    thread.interrupt_request(), thread.expected_request()));
  }
}

}  // namespace xive::ppc
