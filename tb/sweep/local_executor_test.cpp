// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/local_executor.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>

#include "tb/host/files.h"
#include "tb/ledger/testing.h"

namespace xive::sweep {
namespace {

using std::chrono::milliseconds;

/// A program that does what a shell script says; it is called with "job FOLDER".
class LocalExecutorTest : public ::testing::Test {
 protected:
  std::string program(const std::string& script) {
    const std::string path = folder_.file("program");
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    chmod(path.c_str(), 0755);
    return path;
  }
  static std::vector<End> all(LocalExecutor& executor) {
    std::vector<End> ends;
    while (executor.running() > 0) {
      for (const End& end : executor.wait(milliseconds(1000))) ends.push_back(end);
    }
    return ends;
  }
  std::string folder() const { return std::filesystem::path(folder_.file("x")).parent_path(); }
  Job job_;
  ledger::testing::TemporaryFolder folder_;
};

TEST_F(LocalExecutorTest, TellsHowAJobEnded) {
  LocalExecutor executor(program("echo \"$1 of $2\"; exit 1"), 1);
  executor.start(job_, folder());
  EXPECT_EQ(executor.free_slots(), 0U);
  const std::vector<End> ends = all(executor);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].kind, End::Kind::Exited);
  EXPECT_EQ(ends[0].code, 1);
  EXPECT_GT(ends[0].wall_s, 0);
  EXPECT_EQ(host::read_file(folder_.file("log.txt")), "job of " + folder() + "\n");
}

TEST_F(LocalExecutorTest, ACrashIsACrash) {
  LocalExecutor executor(program("kill -9 $$"), 1);
  executor.start(job_, folder());
  const std::vector<End> ends = all(executor);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].kind, End::Kind::Signalled);
  EXPECT_EQ(ends[0].code, SIGKILL);
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
