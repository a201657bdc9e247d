// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/tlm/router_pacer.h"

namespace xive::ic {

RouterPacer::RouterPacer(const sc_core::sc_module_name& name, Router& router, Environment& env,
                         const HopLatencies& latencies, HopObserver* next)
    : sc_module(name), router_(router), env_(env), latencies_(latencies), next_(next) {
  router_.set_paced(true, this);
  env_.hops = this;
  SC_METHOD(run);
  sensitive << work_;
  dont_initialize();
}

RouterPacer::~RouterPacer() {
  router_.set_paced(false);
  env_.hops = next_;
}

void RouterPacer::on_hop(const HopRecord& record) {
  owed_ += latencies_[record.hop];
  if (next_ != nullptr) next_->on_hop(record);
}

void RouterPacer::on_work() {
  if (!waiting_) work_.notify(sc_core::SC_ZERO_TIME);
}

void RouterPacer::run() {
  waiting_ = false;
  for (;;) {
    if (owed_ != sc_core::SC_ZERO_TIME) {
      waiting_ = true;
      busy_ += owed_;
      work_.notify(owed_);
      owed_ = sc_core::SC_ZERO_TIME;
      return;
    }
    if (!router_.step()) return;
  }
}

}  // namespace xive::ic
