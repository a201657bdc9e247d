// SPDX-License-Identifier: Apache-2.0
/// Makes the TIMAs of a machine by configuration.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bridge/make_tima.h"
#include "sc_models/machine/machine.h"
#include "tb/run/run_options.h"

namespace xive::run {

/// Knows the TIMAs of one machine; the counters can be read only while that machine exists.
/// The BUS-* rules of the RTL and the LS-* rules of lock-step report to a book per core. Without
/// checks lock-step still has them: to compare is what it is there for.
class TimaSet {
 public:
  explicit TimaSet(bridge::TimaKind kind) : kind_(kind) {}
  /// Makes the folder RunOptions::waves for the waves of each core's RTL, core_N.fst. Throws
  /// std::filesystem::filesystem_error.
  explicit TimaSet(const RunOptions& options)
      : kind_(options.platform.tima),
        skip_idle_(options.platform.skip_idle),
        checks_(options.work.checks),
        waves_(options.waves) {
    if (!waves_.empty()) std::filesystem::create_directories(waves_);
  }

  machine::TimaFactory factory() {
    return [this](unsigned core, const tima::Params& params) {
      bridge::TimaOptions options;
      options.rtl.idle_skipping = skip_idle_;
      if (kind_ == bridge::TimaKind::Lockstep || (checks_ && kind_ == bridge::TimaKind::Rtl)) {
        books_.push_back(std::make_unique<RuleBook>());
        options.rtl.rules = books_.back().get();
      }
      bridge::Tima made = bridge::make_tima(kind_, params, options);
      if (made.rtl != nullptr) {
        rtl_.push_back(made.rtl);
        if (!waves_.empty()) {
          made.rtl->open_waves(
              (std::filesystem::path(waves_) / ("core_" + std::to_string(core) + ".fst")).string());
        }
      }
      if (made.lockstep != nullptr) lockstep_.push_back(made.lockstep);
      return std::move(made.port);
    };
  }

  /// Adds the counters of all cores.
  void merge_into(RuleBook& book) const {
    for (const auto& one : books_) book.merge(*one);
  }
  bridge::TimaKind kind() const { return kind_; }
  /// Clock cycles of RTL that were really evaluated.
  std::uint64_t evaluated_cycles() const {
    std::uint64_t sum = 0;
    for (const bridge::VerilatedTima* rtl : rtl_) sum += rtl->evaluated_cycles();
    return sum;
  }
  /// Events compared in lock-step.
  std::uint64_t compared_events() const {
    std::uint64_t sum = 0;
    for (const bridge::LockstepTima* lockstep : lockstep_) sum += lockstep->events();
    return sum;
  }

 private:
  bridge::TimaKind kind_;
  bool skip_idle_ = true;
  bool checks_ = true;
  std::string waves_;
  std::vector<std::unique_ptr<RuleBook>> books_;
  std::vector<const bridge::VerilatedTima*> rtl_;
  std::vector<const bridge::LockstepTima*> lockstep_;
};

}  // namespace xive::run
