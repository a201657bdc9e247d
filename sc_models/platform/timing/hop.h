// SPDX-License-Identifier: Apache-2.0
/// One stage on the way of an access or an interrupt: a queue, a server that moves bytes at the
/// pace of a clock, and a link with a latency (docs/timing.md). Calls with the same times give the
/// same answers; the order of the calls is the order of the queue.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

#include "sc_models/platform/time.h"
#include "sc_models/platform/timing/latency_samples.h"
#include "sc_models/rules/random.h"

namespace xive::platform {

struct HopConfig {
  Time latency = 0;  ///< of the link; any number of requests are on it at once
  Time period = 0;   ///< of the server's clock: service begins at an edge. 0: no clock, no server
  std::uint32_t bytes_per_cycle = 0;  ///< that the server moves; 0: any number at once
  std::uint32_t depth = 0;            ///< requests waiting or in service; 0: any number
  Time retry = 50 * kNanosecond;      ///< until a request that found the queue full is sent again
  Time jitter = 0;                    ///< longest addition to the latency, evenly distributed

  /// Nothing but its latency.
  bool plain() const { return period == 0 && jitter == 0; }
  bool free() const { return plain() && latency == 0; }
  Time service(unsigned bytes) const {
    return bytes_per_cycle == 0 ? 0 : (bytes + bytes_per_cycle - 1) / bytes_per_cycle * period;
  }
  /// The longest way of a request of `bytes` bytes behind `others` like it.
  Time bound(unsigned bytes, unsigned others) const {
    const Time each = service(bytes) + (depth > 0 ? retry + period : 0);
    return latency + jitter + period + (others + 1) * each;
  }
};

/// What passed a hop. All hops of one kind in a machine can share it.
struct HopStatistics {
  std::uint64_t count = 0;
  std::uint64_t retries = 0;        ///< requests that found the queue full
  std::uint64_t most_in_queue = 0;  ///< of one hop, those in service included
  Time in_queue = 0;                ///< sum over all requests: waiting and in service
  LatencySamples wait;              ///< from arrival to the begin of service; not of plain hops
  LatencySamples latency;           ///< service, link and jitter; not of plain hops
};

class Hop {
 public:
  /// `statistics` is not owned. Jitter comes from stream `stream` of `seed`. A bandwidth without a
  /// clock, a depth without a bandwidth, no time to the next try: std::invalid_argument.
  Hop(const HopConfig& config, HopStatistics& statistics, std::uint64_t seed = 0,
      std::uint64_t stream = 0);

  const HopConfig& config() const { return config_; }

  /// The whole hop: when a request of `bytes` bytes that arrives at `now` is at its end. Nothing
  /// overtakes: it is never there before an earlier one.
  Time admit(Time now, unsigned bytes) {
    if (plain_) return now + pass();
    return leave(enter(now, bytes), bytes);
  }

  /// The way there and the answer as two calls, for whoever does something in between.
  /// Queue and server: when the request has been moved.
  Time enter(Time now, unsigned bytes) { return config_.period == 0 ? now : queue(now, bytes); }
  /// Link: when what left the server at `now` arrives; nothing overtakes.
  Time leave(Time now, unsigned bytes) {
    if (plain_) return now + pass();
    last_ = std::max(last_, now + jittered());
    statistics_.latency.add(last_ - now + config_.service(bytes));
    return last_;
  }
  /// Link of its own for each request, which may overtake: how long it takes.
  Time flight(unsigned bytes) {
    if (plain_) return pass();
    const Time time = jittered();
    statistics_.latency.add(time + config_.service(bytes));
    return time;
  }

 private:
  Time pass() {
    ++statistics_.count;
    return config_.latency;
  }
  Time jittered() { return pass() + (config_.jitter == 0 ? 0 : random_.below(config_.jitter + 1)); }
  Time queue(Time now, unsigned bytes);

  HopConfig config_;
  HopStatistics& statistics_;
  bool plain_;
  Random random_;
  Time free_ = 0;                ///< when the server has done what it has
  Time last_ = 0;                ///< arrival of the last request
  std::deque<Time> departures_;  ///< from the server, ascending; the last ones
};

}  // namespace xive::platform
