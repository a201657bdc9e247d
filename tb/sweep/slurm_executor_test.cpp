// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/slurm_executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>
#include <fstream>

#include "tb/host/files.h"
#include "tb/ledger/testing.h"

namespace xive::sweep {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A queue that does what the test says.
class FakeSlurm final : public Slurm {
 public:
  std::uint64_t submit(const std::string& name, const std::string& script, std::uint64_t tasks,
                       const JobLimits& limits) override {
    last_name = name;
    scripts.push_back(host::read_file(script));
    sizes.push_back(tasks);
    deadlines.push_back(limits.deadline_s);
    const std::uint64_t array = 100 * sizes.size();
    for (std::uint64_t i = 0; i < tasks; ++i) queue.push_back({array, i, "PENDING", "Priority"});
    return array;
  }
  std::vector<SlurmTask> tasks(const std::string& /*name*/) override {
    if (silent) throw SlurmError("squeue: no answer");
    return queue;
  }
  void cancel(const std::string& /*name*/, bool only_waiting) override {
    ++cancels;
    for (SlurmTask& task : queue) {
      if (task.state == "PENDING" || (!only_waiting && task.state == "RUNNING")) {
        task = {task.array, task.index, "CANCELLED", "None"};
      }
    }
  }

  std::vector<SlurmTask> queue;
  std::vector<std::string> scripts;
  std::vector<std::uint64_t> sizes;
  std::vector<double> deadlines;
  std::string last_name;
  bool silent = false;
  int cancels = 0;
};

class SlurmExecutorTest : public ::testing::Test {
 protected:
  SlurmExecutorTest() : fake_(new FakeSlurm) {
    options_.program = "/opt/it's/xive-cosim";
    options_.folder = folder_.file("");
    options_.slots = 4;
    options_.patience_s = 0;
    options_.grace_s = 0;
    options_.poll = milliseconds(0);
    options_.tell = [this](const std::string& text) { told_.push_back(text); };
  }
  SlurmExecutor& executor() {
    if (!executor_) executor_.emplace(std::unique_ptr<Slurm>(fake_), options_);
    return *executor_;
  }
  void start(std::uint64_t number, double deadline_s = 60) {
    Job job;
    job.number = number;
    job.limits.deadline_s = deadline_s;
    std::filesystem::create_directories(job_folder(number));
    executor().start(job, job_folder(number));
  }
  std::string job_folder(std::uint64_t number) { return folder_.file(std::to_string(number)); }
  std::vector<End> look() { return executor().wait(milliseconds(0)); }
  /// Task `index` of the first array: its state, and what it left behind.
  void becomes(std::size_t index, const std::string& state, const std::string& reason = "None") {
    fake_->queue[index].state = state;
    fake_->queue[index].reason = reason;
  }
  void leaves_end(std::uint64_t number, const std::string& text) {
    std::ofstream(job_folder(number) + "/end-100_" + std::to_string(number) + ".json") << text;
  }

  ledger::testing::TemporaryFolder folder_;
  FakeSlurm* fake_;
  SlurmExecutor::Options options_;
  std::vector<std::string> told_;
  std::optional<SlurmExecutor> executor_;  // last: its end may be told
};

TEST_F(SlurmExecutorTest, JobsOfTheSameLimitsAreOneArray) {
  start(0);
  start(1, 5);
  start(2);
  look();
  EXPECT_THAT(fake_->sizes, ElementsAre(2, 1));
  EXPECT_THAT(fake_->deadlines, ElementsAre(60, 5));
  EXPECT_EQ(
      fake_->scripts[0],
      "#!/bin/sh\n# The jobs of an array; each task carries out one of them.\nset -- \\\n  '" +
          job_folder(0) + "' \\\n  '" + job_folder(2) +
          "'\nshift \"$SLURM_ARRAY_TASK_ID\"\nexec >\"$1/log.txt\" 2>&1\nexec "
          "'/opt/it'\\''s/xive-cosim' job \"$1\" --end "
          "\"$1/end-${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}.json\"\n");
}

TEST_F(SlurmExecutorTest, TheEndIsWhatTheNodeWroteDown) {
  start(0);
  start(1);
  EXPECT_TRUE(look().empty());
  EXPECT_EQ(executor().running(), 0U);
  becomes(0, "RUNNING");
  becomes(1, "COMPLETED");
  leaves_end(1, R"({"kind": "signalled", "code": 11, "wall_s": 2.5, "cpu_s": 1.5})");
  const std::vector<End> ends = look();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].job, 1U);
  EXPECT_EQ(ends[0].kind, End::Kind::Signalled);
  EXPECT_EQ(ends[0].code, SIGSEGV);
  EXPECT_EQ(ends[0].wall_s, 2.5);
  EXPECT_EQ(executor().running(), 1U);
  EXPECT_TRUE(look().empty()) << "told once";
  EXPECT_FALSE(std::filesystem::exists(job_folder(1) + "/end-100_1.json"));
}

TEST_F(SlurmExecutorTest, WhatTheQueueSaysWhereTheNodeSaidNothing) {
  struct Case {
    std::string state;
    End::Kind kind;
    std::string why;
  };
  const std::vector<Case> cases{
      {"NODE_FAIL", End::Kind::Lost, "Slurm: NODE_FAIL (None)"},
      {"PREEMPTED", End::Kind::Lost, "Slurm: PREEMPTED (None)"},
      {"TIMEOUT", End::Kind::Deadline, ""},
      {"OUT_OF_MEMORY", End::Kind::Killed, ""},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) start(i);
  look();
  for (std::size_t i = 0; i < cases.size(); ++i) becomes(i, cases[i].state);
  const std::vector<End> ends = look();
  ASSERT_EQ(ends.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(ends[i].kind, cases[i].kind) << cases[i].state;
    EXPECT_EQ(ends[i].why, cases[i].why) << cases[i].state;
  }
}

TEST_F(SlurmExecutorTest, AnEndThatNeverShowsUpIsALoss) {
  options_.grace_s = 0.05;
  start(0);
  start(1);
  look();
  becomes(0, "FAILED", "NonZeroExitCode");
  fake_->queue.pop_back();
  EXPECT_TRUE(look().empty()) << "a file may take its time over a network";
  poll(nullptr, 0, 60);
  const std::vector<End> ends = look();
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].kind, End::Kind::Lost);
  EXPECT_THAT(ends[0].why, HasSubstr("FAILED, without a word how"));
  EXPECT_THAT(ends[1].why, HasSubstr("gone from the queue"));
}

TEST_F(SlurmExecutorTest, SlotsFillInBatches) {
  EXPECT_EQ(executor().free_slots(), 4U);
  for (std::uint64_t n = 0; n < 4; ++n) start(n);
  EXPECT_EQ(executor().free_slots(), 0U);
  look();
  leaves_end(0, R"({"kind": "exited", "code": 0, "wall_s": 1, "cpu_s": 1})");
  becomes(0, "COMPLETED");
  look();
  EXPECT_EQ(executor().free_slots(), 0U) << "no array for one job";
  leaves_end(1, R"({"kind": "exited", "code": 0, "wall_s": 1, "cpu_s": 1})");
  becomes(1, "COMPLETED");
  look();
  EXPECT_EQ(executor().free_slots(), 2U);
}

TEST_F(SlurmExecutorTest, ABusyClusterIsWaitedForADeadOneNot) {
  start(0);
  for (int i = 0; i < 3; ++i) EXPECT_NO_THROW(look());
  becomes(0, "PENDING", "Nodes required for job are DOWN, DRAINED or reserved");
  try {
    look();
    FAIL();
  } catch (const SlurmError& error) {
    EXPECT_STREQ(error.what(),
                 "no job could start for 0 s; Slurm says: Nodes required for job are DOWN, DRAINED "
                 "or reserved; look at sinfo -R, and go on with --resume when the nodes are back");
  }
}

TEST_F(SlurmExecutorTest, WhileOneRunsTheOthersMayWait) {
  start(0);
  start(1);
  look();
  becomes(0, "RUNNING");
  becomes(1, "PENDING", "ReqNodeNotAvail");
  EXPECT_NO_THROW(look());
  EXPECT_TRUE(told_.empty());
}

TEST_F(SlurmExecutorTest, ASilentControllerIsAskedAgainForAWhile) {
  options_.patience_s = 0.05;
  start(0);
  look();
  fake_->silent = true;
  look();
  EXPECT_THAT(told_, ElementsAre("Slurm does not answer, trying again: squeue: no answer"));
  poll(nullptr, 0, 60);
  EXPECT_THROW(look(), SlurmError);
}

TEST_F(SlurmExecutorTest, WhatAnEarlierRunLeftIsCancelled) {
  fake_->queue = {
      {7, 0, "RUNNING", "None"}, {7, 1, "PENDING", "Priority"}, {7, 2, "COMPLETED", ""}};
  executor();
  EXPECT_EQ(fake_->cancels, 1);
  EXPECT_THAT(told_, ElementsAre("2 jobs of an earlier run are in the queue of Slurm; cancelling "
                                 "them"));
}

TEST_F(SlurmExecutorTest, TheNameOfTheArraysIsThatOfTheFolder) {
  start(0);
  look();
  const std::string name = fake_->last_name;
  executor_.reset();
  fake_ = new FakeSlurm;
  start(0);
  look();
  EXPECT_EQ(fake_->last_name, name);
}

TEST_F(SlurmExecutorTest, DroppedJobsAreLostRunningOnesEnd) {
  start(0);
  start(1);
  look();
  becomes(0, "RUNNING");
  executor().drop_waiting();
  const std::vector<End> ends = look();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].job, 1U);
  EXPECT_EQ(ends[0].kind, End::Kind::Lost);
  EXPECT_EQ(executor().running(), 1U);
}

TEST_F(SlurmExecutorTest, KillAllCancelsOnce) {
  start(0);
  look();
  executor().kill_all();
  EXPECT_EQ(fake_->cancels, 1);
  EXPECT_TRUE(look().empty());
  executor().kill_all();
  EXPECT_EQ(fake_->cancels, 1);
}

}  // namespace
}  // namespace xive::sweep
