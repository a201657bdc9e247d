// SPDX-License-Identifier: Apache-2.0
/// CHK-CONS (scenarios.md 0.1), generation 1: every pending bit that a notification makes is in
/// exactly one place - the NVT, a valid ring, the words that software saved at a pull - until it is
/// accepted.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sc_models/machine/machine_observer.h"
#include "sc_models/machine/rules/context_view.h"
#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/rules/flat_map.h"
#include "sc_models/xive/observer.h"

namespace xive::machine {

class Conservation final : public MachineObserver, public ic::Observer {
 public:
  explicit Conservation(const RuleContext& context);

  void on_tima(unsigned core, const tima::Event& event, platform::Time time) override;
  void on_nvt(const ic::NvtEvent& event) override;
  void on_watch(const ic::WatchEvent& event) override;
  void on_present(const ic::PresentEvent& event) override;
  void on_outcome(ic::TraceId trace, ic::Outcome outcome) override;
  /// Every notification must be recorded somewhere: an END without backlog is a mistake. Off by
  /// default, since such ENDs are legal.
  void require_records(bool on) { require_records_ = on; }
  void finish();

 private:
  struct Vp {
    std::uint8_t nvt = 0;      ///< bits in memory
    std::uint8_t fetched = 0;  ///< given to a push that has not committed
    std::uint8_t saved = 0;    ///< in the words of the last pull
    bool pulled = false;       ///< `saved` counts
    int thread = -1;           ///< runs there
  };
  static std::uint64_t key(unsigned blk, std::uint32_t idx) {
    return std::uint64_t{blk} << 32U | idx;
  }
  Vp& vp(const VpId& id) { return vps_[key(id.blk, id.idx)]; }
  void ring(unsigned thread, tima::Ring which, const tima::Event& event,
            const std::optional<Accepted>& ack);
  void os_moved(unsigned thread, const tima::Event& event);
  void forget(unsigned thread, const tima::ThreadState& before);

  const RuleContext& context_;
  Check check_;
  std::unordered_map<std::uint64_t, Vp> vps_;
  FlatMap<std::uint64_t> acks_;  ///< VP and priority: not yet told
  std::uint64_t open_acks_ = 0;
  bool require_records_ = false;
};

}  // namespace xive::machine
