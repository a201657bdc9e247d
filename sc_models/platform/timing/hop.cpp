// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/timing/hop.h"

#include <stdexcept>

namespace xive::platform {

Hop::Hop(const HopConfig& config, HopStatistics& statistics, std::uint64_t seed,
         std::uint64_t stream)
    : config_(config), statistics_(statistics), plain_(config.plain()), random_(seed, stream) {
  if (config.bytes_per_cycle > 0 && config.period == 0) {
    throw std::invalid_argument("hop: bandwidth without a clock");
  }
  if (config.depth > 0 && config.bytes_per_cycle == 0) {
    throw std::invalid_argument("hop: queue depth without a bandwidth");
  }
  if (config.depth > 0 && config.retry == 0) {
    throw std::invalid_argument("hop: a queue that can be full needs a time to the next try");
  }
}

Time Hop::queue(Time now, unsigned bytes) {
  Time arrival = now;
  if (config_.depth > 0 && departures_.size() >= config_.depth) {
    // There is a place once the request `depth` places ahead has left.
    const Time place = departures_[departures_.size() - config_.depth];
    if (place > arrival) {
      const std::uint64_t tries = (place - arrival + config_.retry - 1) / config_.retry;
      arrival += tries * config_.retry;
      statistics_.retries += tries;
    }
  }
  const Time edge = (std::max(arrival, free_) + config_.period - 1) / config_.period;
  const Time begin = edge * config_.period;
  free_ = begin + config_.service(bytes);

  while (departures_.size() > config_.depth && departures_.front() <= arrival) {
    departures_.pop_front();
  }
  departures_.push_back(free_);
  const auto first = std::upper_bound(departures_.begin(), departures_.end(), arrival);
  const auto present = static_cast<std::uint64_t>(departures_.end() - first);
  statistics_.most_in_queue = std::max(statistics_.most_in_queue, present);
  statistics_.in_queue += free_ - arrival;
  statistics_.wait.add(begin - now);
  return free_;
}

}  // namespace xive::platform
