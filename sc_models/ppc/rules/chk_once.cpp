// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/rules/chk_once.h"

#include <algorithm>

#include <fmt/format.h>

#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {

ChkOnce::ChkOnce(RuleBook& book, bool posted_stores)
    : book_(book),
      rule_(book.add(
          {"CHK-ONCE",
           "an instruction with a side effect on a device performs its access exactly once",
           "scenarios.md 0.1, S4.3"})),
      posted_stores_(posted_stores) {}

bool ChkOnce::watched(std::uint64_t address) const {
  return std::any_of(windows_.begin(), windows_.end(), [&](const auto& window) {
    return address >= window.first && address - window.first < window.second;
  });
}

void ChkOnce::on_io_issue(const HardwareThread& thread, const IoAccess& access) {
  if (watched(access.address)) open_[{thread.config().pir, access.instruction}] = 0;
}

void ChkOnce::performed(const platform::Request& request) {
  if (!request.requester.is_thread()) return;
  const auto at = open_.find({request.requester.pir, request.instruction});
  if (at != open_.end()) {
    ++at->second;
    if (at->second == 1) return;
  }
  book_.fire(
      rule_, request.time,
      fmt::format(
          "thread {:#x}, instruction {}: {} {:#x} {}", request.requester.pir, request.instruction,
          request.command == platform::Command::Load ? "load" : "store", request.address,
          at == open_.end() ? "performed without an instruction in progress" : "performed again"));
}

void ChkOnce::on_io_retire(const HardwareThread& thread, const IoAccess& access) {
  const auto at = open_.find({thread.config().pir, access.instruction});
  if (at == open_.end()) return;
  book_.hit(rule_);
  const unsigned count = at->second;
  // A refused access may never have reached the device.
  const bool missing = count == 0 && !access.error;
  if (missing && access.write && posted_stores_) return;
  open_.erase(at);
  if (missing) {
    book_.fire(rule_, access.time,
               fmt::format("thread {:#x}, instruction {}: {} {:#x} retired, never performed",
                           thread.config().pir, access.instruction, access.write ? "store" : "load",
                           access.address));
  }
}

void ChkOnce::on_reset(const HardwareThread& thread, const ArchState&) {
  std::erase_if(open_, [&](const auto& entry) { return entry.first.first == thread.config().pir; });
}

void ChkOnce::finish(platform::Time now) {
  for (const auto& [key, count] : open_) {
    if (count == 0) {
      book_.fire(rule_, now,
                 fmt::format("thread {:#x}, instruction {}: posted store never performed",
                             key.first, key.second));
    }
  }
  open_.clear();
}

}  // namespace xive::ppc
