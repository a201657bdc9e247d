// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/tima_driver.h"

#include <gtest/gtest.h>

#include <memory>

#include "sc_models/ppc/host/fiber_executor.h"

namespace xive::machine {
namespace {

/// Answers each presenter operation in the next cycle, and raises a line with it.
class AnsweringPort final : public tima::TimaPort {
 public:
  const tima::Params& params() const override { return params_; }
  void bind(tima::TimaClient& client) override { client_ = &client; }
  void observe(tima::Observer*) override {}
  void reset() override {}
  void configure(const tima::StaticInputs&) override {}
  void set_thread_enable(std::uint8_t) override {}
  void submit(const tima::MmioRequest&) override {}
  void submit(const tima::PresenterRequest&) override { busy_ = true; }
  void respond(const tima::MemoryResponse&) override {}
  tima::Cycle now() const override { return cycle_; }
  tima::Cycle advance(tima::Cycle horizon) override {
    if (!busy_) return cycle_ = horizon;
    busy_ = false;
    ++cycle_;
    client_->on_lines(0, {.hv_ext = true}, cycle_);
    client_->on_presenter_response({}, cycle_);
    return cycle_;
  }
  bool idle() const override { return !busy_; }
  tima::ThreadState state(unsigned) const override { return {}; }
  tima::Lines lines(unsigned) const override { return {}; }

 private:
  tima::Params params_;
  tima::TimaClient* client_ = nullptr;
  tima::Cycle cycle_ = 0;
  bool busy_ = false;
};

/// Writes down when lines change; lets time pass with an answer, as a router does.
class Surroundings final : public TimaOwner, public ic::PresenterSink {
 public:
  explicit Surroundings(ppc::host::Executor& executor) : executor_(executor) {}
  tima::MemoryResponse on_memory(unsigned, const tima::MemoryRequest&) override { return {}; }
  void on_lines(unsigned, unsigned, const tima::Lines&) override { line_at = executor_.now(); }
  void on_tima_error(unsigned, unsigned, tima::ErrorCode) override {}
  void on_presenter_answer(unsigned, const tima::PresenterResponse&) override {
    answer_at = executor_.now();
    executor_.pass_to(answer_at + 100 * platform::kNanosecond);
  }

  Time line_at = 0, answer_at = 0;

 private:
  ppc::host::Executor& executor_;
};

/// The answer of a search comes when a line is on its way, or together with it.
TEST(TimaDriver, NoTimePassesOverALineThatIsDue) {
  for (const Time answer : {Time{1000}, Time{2000}}) {
    ppc::host::FiberExecutor executor;
    Surroundings around(executor);
    platform::HopStatistics statistics;
    platform::Hop none({}, statistics), line({.latency = 2000}, statistics),
        presenter({.latency = answer}, statistics);
    Profile profile;
    TimaDriver driver(0, std::make_unique<AnsweringPort>(), executor,
                      {.period = 500,
                       .access = none,
                       .broadcast = none,
                       .presenter = presenter,
                       .memory = none,
                       .line = line},
                      around, profile);
    const auto search = [&] { driver.present({}, around, false); };
    executor.at(0, search);
    executor.run(platform::kMicrosecond);
    EXPECT_EQ(around.answer_at, 500 + answer);
    EXPECT_EQ(around.line_at, 2500U) << "answer after " << answer;
  }
}

}  // namespace
}  // namespace xive::machine
