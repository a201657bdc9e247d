// SPDX-License-Identifier: Apache-2.0
/// A run as an explicit operation list: recorded from any stimulus, replayed without the generator.
#pragma once

#include <span>
#include <vector>

#include "tb/validate/bench.h"
#include "tb/validate/stimulus.h"

namespace xive::validate {

/// Collects the operations of a run.
class Recorder final : public Tap {
 public:
  void on_submit(const Operation& op, std::uint64_t, tima::Cycle cycle) override {
    operations_.push_back(op);
    operations_.back().cycle = cycle;
  }
  const std::vector<Operation>& operations() const { return operations_; }

 private:
  std::vector<Operation> operations_;
};

/// Submits the operations of a list in their order, each in its cycle or as soon after as possible.
class RecordedStimulus final : public Stimulus {
 public:
  /// The list is not copied.
  explicit RecordedStimulus(std::span<const Operation> operations) : operations_(operations) {}

  tima::Cycle due(tima::Cycle) override { return finished() ? kNever : operations_[next_].cycle; }
  const Operation& next(tima::Cycle) override { return operations_[next_++]; }
  bool finished() const override { return next_ >= operations_.size(); }

 private:
  std::span<const Operation> operations_;
  std::size_t next_ = 0;
};

}  // namespace xive::validate
