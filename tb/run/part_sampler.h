// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string>

#include "sc_models/machine/profile.h"

namespace xive::run {

/// Percent of the samples in each part; all 0 without samples.
struct PartShares {
  std::array<double, machine::kParts> percent{};
  double of(machine::Part part) const { return percent[static_cast<std::size_t>(part)]; }
};
/// "TIMAs 40.1 %, routers 10.0 %, ...".
std::string to_text(const PartShares& shares);
/// Percent by name of the part.
nlohmann::json to_json(const PartShares& shares);

/// During its life it looks at a machine's profile a thousand times a second, by a timer signal
/// (SIGPROF) of this process: at most one exists at a time. Where the system gives no timer, there
/// are no samples.
class PartSampler {
 public:
  /// `profile` is not owned.
  explicit PartSampler(const machine::Profile& profile);
  ~PartSampler();
  PartSampler(const PartSampler&) = delete;
  PartSampler& operator=(const PartSampler&) = delete;

  PartShares shares() const;

 private:
  static void on_signal(int signal);

  const machine::Profile& profile_;
  std::array<std::uint32_t, machine::kParts> samples_{};
  bool running_ = false;
  timer_t timer_{};
  struct sigaction before_ {};
};

}  // namespace xive::run
