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

namespace xive::run {

/// Knows the TIMAs of one machine; the counters can be read only while that machine exists.
/// The BUS-* rules of the RTL and the LS-* rules of lock-step report to a book per core.
class TimaSet {
 public:
  /// `waves`: folder for the waves of each core's RTL, core_N.fst; it is made. Empty: none. Throws
  /// std::filesystem::filesystem_error.
  explicit TimaSet(bridge::TimaKind kind, bool skip_idle = true, std::string waves = {})
      : kind_(kind), skip_idle_(skip_idle), waves_(std::move(waves)) {
    if (!waves_.empty()) std::filesystem::create_directories(waves_);
  }

  machine::TimaFactory factory() {
    return [this](unsigned core, const tima::Params& params) {
      bridge::TimaOptions options;
      options.rtl.idle_skipping = skip_idle_;
      if (kind_ != bridge::TimaKind::Model) {
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
  bool skip_idle_;
  std::string waves_;
  std::vector<std::unique_ptr<RuleBook>> books_;
  std::vector<const bridge::VerilatedTima*> rtl_;
  std::vector<const bridge::LockstepTima*> lockstep_;
};

}  // namespace xive::run
