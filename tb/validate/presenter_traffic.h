// SPDX-License-Identifier: Apache-2.0
/// Random traffic of the presenter port: what a router does (MATCH, then PRESENT to what was
/// found), and what it should not do.
#pragma once

#include "tb/validate/operation.h"
#include "tb/validate/pick_table.h"
#include "tb/validate/random.h"
#include "tb/validate/shard_config.h"
#include "tb/validate/vp_pool.h"

namespace xive::validate {

class PresenterTraffic {
 public:
  PresenterTraffic(const ShardConfig& config, VpPool& vps);

  /// Fills class and request of `op`.
  void make(Operation& op);
  void on_response(const tima::PresenterRequest& request, const tima::PresenterResponse& response);
  void on_reset() { found_.clear(); }
  /// The static inputs changed: hardware threads have new ids.
  void set_inputs(const tima::StaticInputs& inputs) { inputs_ = inputs; }

 private:
  std::uint8_t priority();
  void aim_at_vp(tima::PresenterRequest& request, unsigned vp);
  void aim_at_thread(tima::PresenterRequest& request);
  void make_match(Operation& op, OpClass op_class);
  void make_blind(tima::PresenterRequest& request);

  const ShardConfig& config_;
  VpPool& vps_;
  tima::StaticInputs inputs_;
  Random random_;
  PickTable pick_;
  FixedQueue<tima::PresenterRequest, 16> found_;  ///< PRESENTs that a router owes
  std::array<tima::PresenterRequest, 8> old_{};   ///< PRESENTs made before
  unsigned old_count_ = 0;
};

}  // namespace xive::validate
