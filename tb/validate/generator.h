// SPDX-License-Identifier: Apache-2.0
/// The constrained-random stimulus of one shard: both ports at once, thread enables, resets and new
/// static inputs in between. A pure function of its configuration and of what the TIMA answers.
#pragma once

#include "tb/validate/mmio_traffic.h"
#include "tb/validate/presenter_traffic.h"
#include "tb/validate/stimulus.h"

namespace xive::validate {

class Generator final : public Stimulus {
 public:
  explicit Generator(const ShardConfig& config);

  tima::Cycle due(tima::Cycle now) override;
  const Operation& next(tima::Cycle now) override;
  bool finished() const override { return made_ >= config_.ops; }
  void on_mmio_response(const tima::MmioRequest& request,
                        const tima::MmioResponse& response) override;
  void on_presenter_response(const tima::PresenterRequest& request,
                             const tima::PresenterResponse& response) override;
  void on_lines(unsigned thread, const tima::Lines& lines) override;
  void on_reset() override;

 private:
  /// One port: when its next operation comes, and how many are under way.
  struct Stream {
    tima::Cycle due = 0;
    unsigned under_way = 0;
  };

  bool control_due() const {
    return made_ == 0 || made_ >= next_enable_ || made_ >= next_reset_ || made_ >= next_configure_;
  }
  void make_control();
  void make_enable();
  std::uint64_t in_about(std::uint32_t mean);
  tima::Cycle pause(const Pace& pace, Random& random);

  ShardConfig config_;
  VpPool vps_;
  MmioTraffic mmio_;
  PresenterTraffic presenter_;
  Random pace_random_;
  Random control_random_;
  Stream mmio_stream_;
  Stream presenter_stream_;
  std::uint64_t made_ = 0;
  std::uint64_t next_enable_ = 0;
  std::uint64_t next_reset_ = 0;
  std::uint64_t next_configure_ = 0;
  std::uint8_t enabled_ = 0;
  bool presenter_turn_ = false;
  Operation op_;
};

}  // namespace xive::validate
