// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "sc_models/tima/reference_port.h"

namespace xive::bridge::testing {

/// A TIMA that lies: the reference behind TimaPort, whose announcements and state are changed on
/// their way out.
class TamperedPort final : public tima::TimaPort, private tima::Observer {
 public:
  explicit TamperedPort(const tima::Params& params) : inner_(params) { inner_.observe(this); }

  std::function<void(tima::Event&)> event = [](tima::Event&) {};
  std::function<bool(const tima::Event&)> forward = [](const tima::Event&) { return true; };
  std::function<void(tima::PresenterResponse&)> match = [](tima::PresenterResponse&) {};
  std::function<void(tima::MemoryRequest&)> memory = [](tima::MemoryRequest&) {};
  std::function<void(unsigned, tima::ThreadState&)> shown = [](unsigned, tima::ThreadState&) {};
  std::function<void(tima::Lines&)> shown_lines = [](tima::Lines&) {};

  const tima::Params& params() const override { return inner_.params(); }
  void bind(tima::TimaClient& client) override { inner_.bind(client); }
  void observe(tima::Observer* observer) override { observer_ = observer; }
  void reset() override { inner_.reset(); }
  void configure(const tima::StaticInputs& inputs) override { inner_.configure(inputs); }
  void set_thread_enable(std::uint8_t mask) override { inner_.set_thread_enable(mask); }
  void submit(const tima::MmioRequest& r) override { inner_.submit(r); }
  void submit(const tima::PresenterRequest& r) override { inner_.submit(r); }
  void respond(const tima::MemoryResponse& r) override { inner_.respond(r); }
  tima::Cycle now() const override { return inner_.now(); }
  tima::Cycle advance(tima::Cycle horizon) override { return inner_.advance(horizon); }
  bool idle() const override { return inner_.idle(); }
  tima::ThreadState state(unsigned thread) const override {
    tima::ThreadState s = inner_.state(thread);
    shown(thread, s);
    return s;
  }
  tima::Lines lines(unsigned thread) const override {
    tima::Lines l = inner_.lines(thread);
    shown_lines(l);
    return l;
  }

 private:
  void on_event(const tima::Event& e) override {
    tima::Event changed = e;
    event(changed);
    if (observer_ != nullptr && forward(changed)) observer_->on_event(changed);
  }
  void on_match(const tima::PresenterRequest& r, const tima::PresenterResponse& a,
                tima::Cycle cycle) override {
    tima::PresenterResponse changed = a;
    match(changed);
    if (observer_ != nullptr) observer_->on_match(r, changed, cycle);
  }
  void on_memory(const tima::MemoryRequest& r, tima::Cycle cycle) override {
    tima::MemoryRequest changed = r;
    memory(changed);
    if (observer_ != nullptr) observer_->on_memory(changed, cycle);
  }
  void on_memory_answer(const tima::MemoryResponse& a, tima::Cycle cycle) override {
    if (observer_ != nullptr) observer_->on_memory_answer(a, cycle);
  }

  tima::ReferencePort inner_;
  tima::Observer* observer_ = nullptr;
};

}  // namespace xive::bridge::testing
