// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace xive::sweep {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

/// Ends one job per wait(), in the order of their starts, as a script says.
class FakeExecutor final : public Executor {
 public:
  explicit FakeExecutor(unsigned slots) : slots_(slots) {}

  unsigned free_slots() const override { return slots_ - running(); }
  unsigned running() const override { return static_cast<unsigned>(started_.size()); }
  void start(const Job& job, const std::string& folder) override {
    if (fail_start == job.number) throw std::runtime_error("no more processes");
    EXPECT_EQ(folder, "folder " + std::to_string(job.number));
    started_.push_back(job.number);
    order.push_back(job.number);
    most = std::max(most, running());
  }
  std::vector<End> wait(std::chrono::milliseconds /*timeout*/) override {
    if (started_.empty()) return {};
    End end;
    end.job = started_.front();
    started_.pop_front();
    auto& script = scripts[end.job];
    if (!script.empty()) {
      end.kind = script.front();
      script.pop_front();
    }
    return {end};
  }
  void kill_all() override {
    killed += running();
    started_.clear();
  }

  std::map<std::uint64_t, std::deque<End::Kind>> scripts;
  std::vector<std::uint64_t> order;
  void drop_waiting() override { ++drops; }

  unsigned most = 0, killed = 0, drops = 0;
  std::uint64_t fail_start = ~std::uint64_t{0};

 private:
  unsigned slots_;
  std::deque<std::uint64_t> started_;
};

class SchedulerTest : public ::testing::Test {
 protected:
  SchedulerTest() {
    for (std::uint64_t n = 0; n < 5; ++n) {
      Job job;
      job.number = n;
      job.seed = n;
      jobs_.push_back(job);
    }
    hooks_.prepare = [](const Job& job) { return "folder " + std::to_string(job.number); };
    hooks_.finished = [this](const Job& job, const End& end) {
      ends_.push_back(job.number);
      return end.kind == End::Kind::Exited;
    };
    hooks_.again = [this](const Job& job, const End&) { again_.push_back(job.number); };
    hooks_.progress = [](unsigned) {};
    hooks_.interrupted = [this] {
      return interrupt_after_ > 0 && ends_.size() >= interrupt_after_;
    };
  }
  Scheduler::Outcome run(SchedulerOptions options = {}) {
    std::vector<const Job*> jobs;
    for (const Job& job : jobs_) jobs.push_back(&job);
    return Scheduler(executor_, std::move(options), hooks_).run(jobs);
  }

  FakeExecutor executor_{2};
  std::vector<Job> jobs_;
  SchedulerHooks hooks_;
  std::vector<std::uint64_t> ends_, again_;
  std::size_t interrupt_after_ = 0;
};

TEST_F(SchedulerTest, RunsAllInOrderAndFillsTheSlots) {
  EXPECT_EQ(run(), Scheduler::Outcome::Complete);
  EXPECT_THAT(executor_.order, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(executor_.most, 2U);
  EXPECT_EQ(ends_.size(), 5U);
}

TEST_F(SchedulerTest, FailedLastTimeRunsFirst) {
  SchedulerOptions options;
  options.first = {jobs_[3].key(), jobs_[1].key()};
  run(options);
  EXPECT_THAT(executor_.order, ElementsAre(1, 3, 0, 2, 4));
}

TEST_F(SchedulerTest, AFailureDoesNotStopTheOthers) {
  executor_.scripts[0] = {End::Kind::Signalled};
  EXPECT_EQ(run(), Scheduler::Outcome::Complete);
  EXPECT_EQ(ends_.size(), 5U);
}

TEST_F(SchedulerTest, NoProcessorWaitsUntilAResultIsRead) {
  std::vector<unsigned> running;
  hooks_.finished = [&](const Job&, const End&) {
    running.push_back(executor_.running());
    return true;
  };
  EXPECT_EQ(run(), Scheduler::Outcome::Complete);
  EXPECT_THAT(running, ElementsAre(2, 2, 2, 1, 0));
  running.clear();
  SchedulerOptions options;
  options.fail_fast = true;  // the result decides whether anything starts
  EXPECT_EQ(run(options), Scheduler::Outcome::Complete);
  EXPECT_THAT(running, ElementsAre(1, 1, 1, 1, 0));
}

TEST_F(SchedulerTest, FailFastLetsTheRunningOnesEnd) {
  executor_.scripts[0] = {End::Kind::Deadline};
  SchedulerOptions options;
  options.fail_fast = true;
  EXPECT_EQ(run(options), Scheduler::Outcome::FailedFast);
  EXPECT_THAT(executor_.order, ElementsAre(0, 1));
  EXPECT_THAT(ends_, ElementsAre(0, 1));
  EXPECT_EQ(executor_.drops, 1U);
}

TEST_F(SchedulerTest, WhatIsLostAfterAFailFastIsForTheNextTime) {
  executor_.scripts[0] = {End::Kind::Deadline};
  executor_.scripts[1] = {End::Kind::Lost};
  SchedulerOptions options;
  options.fail_fast = true;
  EXPECT_EQ(run(options), Scheduler::Outcome::FailedFast);
  EXPECT_THAT(ends_, ElementsAre(0));
  EXPECT_THAT(again_, ElementsAre());
}

TEST_F(SchedulerTest, FailFastOfTheLastJobIsComplete) {
  executor_.scripts[4] = {End::Kind::Signalled};
  SchedulerOptions options;
  options.fail_fast = true;
  EXPECT_EQ(run(options), Scheduler::Outcome::Complete);
}

TEST_F(SchedulerTest, ALostJobRunsAgainButNotForEver) {
  executor_.scripts[0] = {End::Kind::Lost};
  executor_.scripts[1] = {End::Kind::Lost, End::Kind::Lost, End::Kind::Lost, End::Kind::Lost};
  EXPECT_EQ(run(), Scheduler::Outcome::Complete);
  EXPECT_EQ(std::count(executor_.order.begin(), executor_.order.end(), 0U), 2);
  EXPECT_EQ(std::count(executor_.order.begin(), executor_.order.end(), 1U), 3);
  EXPECT_EQ(ends_.size(), 5U);
}

TEST_F(SchedulerTest, AKilledJobRunsAgainAndThenItsEndCounts) {
  executor_.scripts[0] = {End::Kind::Killed, End::Kind::Killed, End::Kind::Killed};
  executor_.scripts[2] = {End::Kind::Killed};
  EXPECT_EQ(run(), Scheduler::Outcome::Complete);
  EXPECT_EQ(std::count(executor_.order.begin(), executor_.order.end(), 0U), 3);
  EXPECT_EQ(std::count(executor_.order.begin(), executor_.order.end(), 2U), 2);
  EXPECT_THAT(again_, UnorderedElementsAre(0, 0, 2));
  EXPECT_EQ(ends_.size(), 5U);
}

TEST_F(SchedulerTest, ASignalKillsWhatRuns) {
  interrupt_after_ = 2;
  EXPECT_EQ(run(), Scheduler::Outcome::Interrupted);
  EXPECT_GT(executor_.killed, 0U);
  EXPECT_EQ(executor_.running(), 0U);
  EXPECT_LT(ends_.size(), 5U);
}

TEST_F(SchedulerTest, NothingIsLeftRunningWhenAStartFails) {
  executor_.fail_start = 3;
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_EQ(executor_.running(), 0U);
}

}  // namespace
}  // namespace xive::sweep
