// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/fiber_executor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace xive::ppc::host {
namespace {

using platform::kNever;
using Log = std::vector<std::string>;

TEST(FiberExecutor, AgentsInterleaveByTime) {
  FiberExecutor executor;
  Log log;
  const auto note = [&](const std::string& who) {
    log.push_back(who + "@" + std::to_string(executor.now()));
  };
  executor.spawn("a", [&] {
    for (int i = 0; i < 3; ++i) {
      note("a");
      executor.wait_until(executor.now() + 10);
    }
  });
  executor.spawn("b", [&] {
    for (int i = 0; i < 2; ++i) {
      note("b");
      executor.wait_until(executor.now() + 15);
    }
  });
  executor.run(kNever);
  EXPECT_EQ(log, (Log{"a@0", "b@0", "a@10", "b@15", "a@20"}));
  EXPECT_EQ(executor.now(), 30U);
}

TEST(FiberExecutor, EqualTimesKeepTheOrderOfTheCalls) {
  FiberExecutor executor;
  Log log;
  for (const char* name : {"x", "y", "z"}) executor.at(5, [&log, name] { log.push_back(name); });
  executor.spawn("a", [&] {
    executor.at(5, [&] { log.push_back("late"); });
    executor.wait_until(5);
    log.push_back("a");
  });
  executor.run(kNever);
  EXPECT_EQ(log, (Log{"x", "y", "z", "late", "a"}));
}

TEST(FiberExecutor, AKeptActionIsCalledAsOftenAsItIsAskedFor) {
  FiberExecutor executor;
  Log log;
  Executor::ActionId again{};
  const Executor::ActionId kept = executor.keep([&] {
    log.push_back("kept@" + std::to_string(executor.now()));
    if (executor.now() == 5) executor.at(9, again);
  });
  again = kept;
  executor.at(5, kept);
  executor.at(5, [&] { log.push_back("once"); });
  executor.at(5, kept);
  executor.run(kNever);
  EXPECT_EQ(log, (Log{"kept@5", "once", "kept@5", "kept@9", "kept@9"}));
  EXPECT_THROW(executor.at(1, kept), std::logic_error);
}

TEST(FiberExecutor, SleepEndsByWakeOrDeadlineOnce) {
  FiberExecutor executor;
  std::vector<Time> woken;
  const auto sleeper = executor.spawn("sleeper", [&] {
    executor.sleep(0, 100);
    woken.push_back(executor.now());
    executor.sleep(0, 100);
    woken.push_back(executor.now());
    executor.sleep(0, kNever);
    woken.push_back(executor.now());
  });
  executor.at(30, [&] { executor.wake(sleeper); });
  executor.at(300, [&] {
    executor.wake(sleeper);
    executor.wake(sleeper);
  });
  executor.run(kNever);
  EXPECT_EQ(woken, (std::vector<Time>{30, 100, 300}));
}

// The deadline of a sleep that has ended is no event any more.
TEST(FiberExecutor, WakeTakesTheDeadlineAway) {
  FiberExecutor executor;
  Time next = 0, bound = 0;
  executor.spawn("a", [&] {
    executor.sleep(0, 50);
    next = executor.next_event();
    executor.wait_until(60);
    executor.sleep(0, 70);
    bound = executor.now();
  });
  executor.at(20, [&] { executor.wake(0); });
  executor.run(100);
  EXPECT_EQ(next, 100U);
  EXPECT_EQ(bound, 70U);
}

TEST(FiberExecutor, WakeOfAnAgentThatDoesNotSleepDoesNothing) {
  FiberExecutor executor;
  Time end = 0;
  const auto agent = executor.spawn("a", [&] {
    executor.wait_until(50);
    executor.sleep(0, 70);
    end = executor.now();
  });
  executor.at(10, [&] { executor.wake(agent); });
  executor.run(kNever);
  EXPECT_EQ(end, 70U);
}

TEST(FiberExecutor, RunStopsAtItsLimitAndGoesOn) {
  FiberExecutor executor;
  int count = 0;
  executor.spawn("a", [&] {
    for (;;) {
      ++count;
      executor.wait_until(executor.now() + 10);
    }
  });
  executor.run(35);
  EXPECT_EQ(count, 4);
  EXPECT_EQ(executor.now(), 35U);
  executor.run(60);
  EXPECT_EQ(count, 7);
}

TEST(FiberExecutor, NextEventBoundsWhatMayRunAhead) {
  FiberExecutor executor;
  Time seen = 0, later = 0;
  executor.at(40, [] {});
  executor.spawn("a", [&] {
    seen = executor.next_event();
    executor.wait_until(50);
    later = executor.next_event();
  });
  executor.run(1000);
  EXPECT_EQ(seen, 40U);
  EXPECT_EQ(later, 1000U);
}

TEST(FiberExecutor, ExceptionOfAnAgentComesOutOfRun) {
  FiberExecutor executor;
  executor.spawn("a", [&] {
    executor.wait_until(5);
    throw std::runtime_error("from the agent");
  });
  EXPECT_THROW(executor.run(kNever), std::runtime_error);
  EXPECT_EQ(executor.now(), 5U);
}

TEST(FiberExecutor, ExceptionOfAnActionComesOutOfRunAndTheAgentGoesOn) {
  FiberExecutor executor;
  Time end = 0;
  executor.spawn("a", [&] {
    executor.wait_until(10);
    end = executor.now();
  });
  executor.spawn("b", [&] { executor.wait_until(8); });
  executor.at(5, [] { throw std::runtime_error("from the action"); });
  EXPECT_THROW(executor.run(kNever), std::runtime_error);
  EXPECT_EQ(executor.now(), 5U);
  EXPECT_EQ(end, 0U);
  executor.run(kNever);
  EXPECT_EQ(end, 10U);
}

TEST(FiberExecutor, ActionIsOutsideOfAgentsWhoeverWaits) {
  FiberExecutor executor;
  unsigned actions = 0;
  for (const Time time : std::vector<Time>{0, 3, 7}) {
    executor.at(time, [&] {
      ++actions;
      EXPECT_FALSE(executor.in_agent());
      EXPECT_THROW(executor.wait_until(executor.now() + 1), std::logic_error);
    });
  }
  executor.spawn("a", [&] {
    executor.wait_until(5);
    EXPECT_TRUE(executor.in_agent());
    executor.sleep(0, 9);
    EXPECT_TRUE(executor.in_agent());
  });
  executor.run(kNever);
  EXPECT_EQ(actions, 3U);
  EXPECT_EQ(executor.switches(), 1U) << "the agent does the rest itself";
}

TEST(FiberExecutor, AgentsThatChangePlacesStopAndGoOn) {
  FiberExecutor executor;
  std::string log;
  for (const char* name : {"a", "b", "c"}) {
    executor.spawn(name, [&executor, &log, name] {
      for (unsigned n = 0; n < 3; ++n) {
        log += name;
        if (log.size() == 5) executor.stop();
        executor.wait_until(executor.now() + 10);
      }
    });
  }
  executor.run(kNever);
  EXPECT_EQ(log, "abcab");
  executor.run(kNever);
  EXPECT_EQ(log, "abcabcabc");
}

TEST(FiberExecutor, DestructionUnwindsWhatIsLeft) {
  struct Guard {
    int& count;
    ~Guard() { ++count; }
  };
  int destroyed = 0;
  {
    FiberExecutor executor;
    for (int i = 0; i < 3; ++i) {
      executor.spawn("a", [&executor, &destroyed, i] {
        const Guard guard{destroyed};
        if (i == 0) return;
        executor.sleep(static_cast<Executor::AgentId>(i), kNever);
      });
    }
    executor.run(kNever);
    EXPECT_EQ(destroyed, 1);
  }
  EXPECT_EQ(destroyed, 3);
}

TEST(FiberExecutor, AnActionPassesTimeInWhichNothingElseHappens) {
  FiberExecutor executor;
  executor.spawn("a", [&] { executor.wait_until(60); });
  std::vector<bool> passed;
  executor.at(10, [&] {
    executor.at(40, [] {});
    for (const Time time : std::vector<Time>{10, 39, 40}) passed.push_back(executor.pass_to(time));
    EXPECT_EQ(executor.now(), 39U);
  });
  // The agent waits without a place in the queue, the run ends at 80.
  executor.at(50, [&] {
    for (const Time time : std::vector<Time>{59, 60}) passed.push_back(executor.pass_to(time));
  });
  executor.at(70, [&] {
    for (const Time time : std::vector<Time>{80, 81}) passed.push_back(executor.pass_to(time));
  });
  executor.run(80);
  EXPECT_EQ(passed, (std::vector<bool>{true, true, false, true, false, true, false}));
  EXPECT_EQ(executor.now(), 80U);
}

TEST(FiberExecutor, StopEndsTheRun) {
  FiberExecutor executor;
  executor.at(10, [&] { executor.stop(); });
  executor.at(20, [] { FAIL(); });
  executor.run(kNever);
  EXPECT_EQ(executor.now(), 10U);
}

TEST(FiberExecutor, MisuseIsRefused) {
  FiberExecutor executor;
  EXPECT_THROW(executor.wait_until(1), std::logic_error);
  EXPECT_THROW(executor.sleep(0, 1), std::logic_error);
  executor.run(100);
  EXPECT_THROW(executor.at(50, [] {}), std::logic_error);
}

}  // namespace
}  // namespace xive::ppc::host
