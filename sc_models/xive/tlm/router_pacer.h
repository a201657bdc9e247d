// SPDX-License-Identifier: Apache-2.0
/// Puts simulated time between the steps of a chip's router. The bus and register side of the chip
/// needs no SystemC: it is a platform::Target (gen1/platform_face.h) behind platform/tlm.
#pragma once

#include <array>
#include <systemc>

#include "sc_models/xive/environment.h"
#include "sc_models/xive/router/router.h"

namespace xive::ic {

/// Time that an interrupt spends at each station.
struct HopLatencies {
  std::array<sc_core::sc_time, kHops> at{};
  sc_core::sc_time& operator[](Hop hop) { return at[static_cast<std::size_t>(hop)]; }
  const sc_core::sc_time& operator[](Hop hop) const { return at[static_cast<std::size_t>(hop)]; }
};

/// The router works on one event at a time. A step takes effect at the moment when it begins, and
/// the next one begins after the latencies of the stations that it passed. Stations that are passed
/// while nothing runs (source, ESB) delay the first step.
class RouterPacer final : public sc_core::sc_module, public Router::WorkSink, public HopObserver {
 public:
  SC_HAS_PROCESS(RouterPacer);

  /// Takes over the pace of `router` and the hops of `env`; hands hops on to `next` (may be null).
  RouterPacer(const sc_core::sc_module_name& name, Router& router, Environment& env,
              const HopLatencies& latencies, HopObserver* next = nullptr);
  ~RouterPacer() override;

  void on_work() override;
  void on_hop(const HopRecord& record) override;

  /// Time in which the router had something to do.
  sc_core::sc_time busy() const { return busy_; }

 private:
  void run();

  Router& router_;
  Environment& env_;
  HopLatencies latencies_;
  HopObserver* next_;
  sc_core::sc_event work_;
  sc_core::sc_time owed_;
  sc_core::sc_time busy_;
  bool waiting_ = false;  ///< a latency is running
};

}  // namespace xive::ic
