// SPDX-License-Identifier: Apache-2.0
#include "tb/run/part_sampler.h"

#include <fmt/format.h>

#include <stdexcept>

namespace xive::run {
namespace {

constexpr long kInterval = 997'000;  ///< ns; no multiple of anything

/// The one that exists. The handler interrupts the thread that sets it.
PartSampler* volatile active = nullptr;

}  // namespace

std::string to_text(const PartShares& shares) {
  using machine::Part;
  return fmt::format("TIMAs {:.1f} %, routers {:.1f} %, rules and traces {:.1f} %, rest {:.1f} %",
                     shares.of(Part::Timas), shares.of(Part::Routers), shares.of(Part::Rules),
                     shares.of(Part::Processors));
}

nlohmann::json to_json(const PartShares& shares) {
  using machine::Part;
  return {{"timas", shares.of(Part::Timas)},
          {"routers", shares.of(Part::Routers)},
          {"rules", shares.of(Part::Rules)},
          {"rest", shares.of(Part::Processors)}};
}

void PartSampler::on_signal(int) {
  if (PartSampler* const sampler = active) {
    ++sampler->samples_[static_cast<std::size_t>(sampler->profile_.part())];
  }
}

PartSampler::PartSampler(const machine::Profile& profile) : profile_(profile) {
  if (active != nullptr) throw std::logic_error("two samplers in one process");
  active = this;
  struct sigaction action {};
  action.sa_handler = &PartSampler::on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGPROF, &action, &before_);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGPROF;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0) return;
  running_ = true;
  const timespec interval{0, kInterval};
  const itimerspec times{interval, interval};
  timer_settime(timer_, 0, &times, nullptr);
}

PartSampler::~PartSampler() {
  if (running_) timer_delete(timer_);
  // What is still pending must not meet the default action, which ends the process.
  if (before_.sa_handler == SIG_DFL) before_.sa_handler = SIG_IGN;
  sigaction(SIGPROF, &before_, nullptr);
  active = nullptr;
}

PartShares PartSampler::shares() const {
  PartShares shares;
  double all = 0;
  for (const std::uint32_t n : samples_) all += n;
  for (std::size_t n = 0; n < samples_.size() && all > 0; ++n) {
    shares.percent[n] = 100.0 * samples_[n] / all;
  }
  return shares;
}

}  // namespace xive::run
