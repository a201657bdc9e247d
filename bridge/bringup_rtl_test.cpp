// SPDX-License-Identifier: Apache-2.0
#include "bridge/make_tima.h"
#include "sc_models/tima/testing/bringup_vectors.h"

// The suite class lives in the namespace of the vectors.
namespace xive::tima::testing {
namespace {

std::unique_ptr<TimaPort> make_rtl(const Params& params) {
  return bridge::make_tima(bridge::TimaKind::Rtl, params).port;
}

/// Lock-step that fails the test if any rule fired.
class CheckedLockstep final : public TimaPort {
 public:
  explicit CheckedLockstep(const Params& params) {
    bridge::TimaOptions options;
    options.rtl.rules = &rules_;
    tima_ = bridge::make_tima(bridge::TimaKind::Lockstep, params, options);
  }
  ~CheckedLockstep() override {
    for (const Violation& v : rules_.violations()) {
      ADD_FAILURE() << v.rule << " at cycle " << v.time << ": " << v.detail;
    }
    EXPECT_GT(tima_.lockstep->events(), 0U);
  }
  const Params& params() const override { return tima_.port->params(); }
  void bind(TimaClient& client) override { tima_.port->bind(client); }
  void observe(Observer* observer) override { tima_.port->observe(observer); }
  void reset() override { tima_.port->reset(); }
  void configure(const StaticInputs& inputs) override { tima_.port->configure(inputs); }
  void set_thread_enable(std::uint8_t mask) override { tima_.port->set_thread_enable(mask); }
  void submit(const MmioRequest& request) override { tima_.port->submit(request); }
  void submit(const PresenterRequest& request) override { tima_.port->submit(request); }
  void respond(const MemoryResponse& response) override { tima_.port->respond(response); }
  Cycle now() const override { return tima_.port->now(); }
  Cycle advance(Cycle horizon) override { return tima_.port->advance(horizon); }
  bool idle() const override { return tima_.port->idle(); }
  ThreadState state(unsigned thread) const override { return tima_.port->state(thread); }
  Lines lines(unsigned thread) const override { return tima_.port->lines(thread); }

 private:
  RuleBook rules_;
  bridge::Tima tima_;
};

std::unique_ptr<TimaPort> make_lockstep(const Params& params) {
  return std::make_unique<CheckedLockstep>(params);
}

INSTANTIATE_TEST_SUITE_P(BringUpRtl, TimaVectors,
                         ::testing::ValuesIn(bring_up_cases("rtl", make_rtl)), bring_up_name);
INSTANTIATE_TEST_SUITE_P(BringUpLockstep, TimaVectors,
                         ::testing::ValuesIn(bring_up_cases("lockstep", make_lockstep)),
                         bring_up_name);

}  // namespace
}  // namespace xive::tima::testing
