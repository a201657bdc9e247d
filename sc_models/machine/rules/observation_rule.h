// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <set>

#include "sc_models/machine/machine_observer.h"
#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/xive/observer.h"

namespace xive::machine {

/// CHK-OBS (scenarios.md 0.1): between begin() and end() a thread dumps state for debugging, and
/// nothing that it does may change PQ, IPB, CPPR, a queue index or a line.
class ObservationRule final : public MachineObserver, public ic::Observer {
 public:
  explicit ObservationRule(const RuleContext& context)
      : context_(context),
        check_(context, {"CHK-OBS", "a debug dump changes nothing", "scenarios.md 0.1"}) {}

  void begin(unsigned thread, std::uint32_t pir) {
    threads_.insert(thread);
    pirs_.insert(pir);
  }
  void end(unsigned thread, std::uint32_t pir) {
    threads_.erase(thread);
    pirs_.erase(pir);
  }

  /// A dump met a page that does not answer and was not ready for it.
  void unrecovered(std::uint64_t address) {
    check_.fire(fmt::format("a dump took a machine check for {:#x}", address));
  }

  void on_pq(const ic::PqEvent& event) override {
    if (pirs_.empty() || !pirs_.contains(context_.requester().pir)) return;
    check_.expect(event.before == event.after && !event.forwarded, [&] {
      return fmt::format("PQ of {}/{:#x} went from {} to {}", event.blk, event.idx,
                         static_cast<unsigned>(event.before), static_cast<unsigned>(event.after));
    });
  }
  void on_tima(unsigned core, const tima::Event& event, platform::Time) override {
    if (threads_.empty() || event.kind != tima::EventKind::Mmio) return;
    const unsigned thread = core * context_.threads_per_core + event.thread;
    if (!threads_.contains(thread)) return;
    check_.expect(event.before.r == event.after.r && event.lines_before == event.lines_after, [&] {
      return fmt::format("thread {}: access to TIMA page {} offset {:#x} changed its registers",
                         thread, static_cast<unsigned>(event.mmio.page), event.mmio.offset);
    });
  }
  void on_access(const platform::Request& request, const platform::Response&) override {
    if (!pirs_.empty() && pirs_.contains(request.requester.pir)) check_.hit();
  }
  void on_watch(const ic::WatchEvent& event) override {
    if (pirs_.empty() || !pirs_.contains(context_.requester().pir)) return;
    if (event.kind != ic::WatchEvent::Kind::Commit || !event.written) return;
    check_.fire(
        fmt::format("{} {}/{:#x} was rewritten", event.nvt ? "NVT" : "END", event.blk, event.idx));
  }

 private:
  const RuleContext& context_;
  Check check_;
  std::set<unsigned> threads_;
  std::set<std::uint32_t> pirs_;
};

}  // namespace xive::machine
