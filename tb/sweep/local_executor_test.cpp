// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/local_executor.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <csignal>

#include "tb/sweep/testing.h"

namespace xive::sweep {
namespace {

using std::chrono::milliseconds;

class LocalExecutorTest : public testing::WithProgram {
 protected:
  static std::vector<End> all(LocalExecutor& executor) {
    std::vector<End> ends;
    while (executor.running() > 0) {
      for (const End& end : executor.wait(milliseconds(1000))) ends.push_back(end);
    }
    return ends;
  }
  End end_of(const std::string& script) {
    LocalExecutor executor(program(script), 1);
    executor.start(job_, folder());
    EXPECT_EQ(executor.free_slots(), 0U);
    const std::vector<End> ends = all(executor);
    EXPECT_EQ(ends.size(), 1U);
    return ends.empty() ? End{} : ends.front();
  }
  Job job_;
};

TEST_F(LocalExecutorTest, TellsHowAJobEnded) {
  const End end = end_of("echo \"$1 of $2\"; exit 1");
  EXPECT_EQ(end.kind, End::Kind::Exited);
  EXPECT_EQ(end.code, 1);
  EXPECT_GT(end.wall_s, 0);
  EXPECT_EQ(host::read_file(folder_.file("log.txt")), "job of " + folder() + "\n");
}

TEST_F(LocalExecutorTest, JobsAreScheduledAsTheSweepIs) {
  const sched_param none{};
  ASSERT_EQ(sched_setscheduler(0, SCHED_BATCH, &none), 0);
  end_of("cut -d' ' -f41 /proc/self/stat");
  EXPECT_EQ(sched_getscheduler(0), SCHED_BATCH);
  ASSERT_EQ(sched_setscheduler(0, SCHED_OTHER, &none), 0);
  EXPECT_EQ(host::read_file(folder_.file("log.txt")), fmt::format("{}\n", SCHED_BATCH));
}

TEST_F(LocalExecutorTest, ACrashIsNoKill) {
  const End crash = end_of("kill -SEGV $$");
  EXPECT_EQ(crash.kind, End::Kind::Signalled);
  EXPECT_EQ(crash.code, SIGSEGV);
  const End kill = end_of("kill -KILL $$");
  EXPECT_EQ(kill.kind, End::Kind::Killed);
  EXPECT_EQ(kill.code, SIGKILL);
}

TEST_F(LocalExecutorTest, AHungJobDiesWithAllItHasStarted) {
  job_.limits.deadline_s = 0.3;
  LocalExecutor executor(program("sleep 600 & echo $! > \"$2/child\"; wait"), 1);
  executor.start(job_, folder());
  const std::vector<End> ends = all(executor);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].kind, End::Kind::Deadline);
  EXPECT_GE(ends[0].wall_s, 0.3);
  const pid_t child = std::stoi(host::read_file(folder_.file("child")));
  // Killed; gone as soon as its new parent has seen it.
  for (int i = 0; i < 100 && kill(child, 0) == 0; ++i) {
    std::ifstream state("/proc/" + std::to_string(child) + "/stat");
    std::string text((std::istreambuf_iterator<char>(state)), {});
    if (text.find(") Z") != std::string::npos) return;
    usleep(10'000);
  }
  EXPECT_NE(kill(child, 0), 0);
}

TEST_F(LocalExecutorTest, KillAllLeavesNothing) {
  LocalExecutor executor(program("sleep 600"), 2);
  executor.start(job_, folder());
  job_.number = 1;
  executor.start(job_, folder());
  EXPECT_EQ(executor.running(), 2U);
  executor.kill_all();
  EXPECT_EQ(executor.running(), 0U);
  EXPECT_TRUE(executor.wait(milliseconds(0)).empty());
}

TEST_F(LocalExecutorTest, AProgramThatIsNotThereEndsWithTheCodeOfTheEnvironment) {
  LocalExecutor executor(folder_.file("none"), 1);
  executor.start(job_, folder());
  const std::vector<End> ends = all(executor);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].code, 3);
}

}  // namespace
}  // namespace xive::sweep
