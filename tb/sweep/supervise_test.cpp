// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/supervise.h"

#include <gtest/gtest.h>

#include <csignal>

#include "tb/sweep/testing.h"

namespace xive::sweep {
namespace {

class Supervise : public testing::WithProgram {
 protected:
  End end_of(const std::string& script, double deadline_s = 60) {
    Job job;
    job.limits.deadline_s = deadline_s;
    host::write_file(folder_.file("job.json"), to_json(job).dump());
    supervise(program(script), folder(), folder_.file("end.json"));
    const std::optional<End> end = read_end(folder_.file("end.json"));
    EXPECT_TRUE(end);
    return end.value_or(End{});
  }
};

TEST_F(Supervise, SaysHowAJobEnded) {
  const End end = end_of("echo \"$1 of $2\"; exit 1");
  EXPECT_EQ(end.kind, End::Kind::Exited);
  EXPECT_EQ(end.code, 1);
  EXPECT_GT(end.wall_s, 0);
  EXPECT_EQ(host::read_file(folder_.file("log.txt")), "job of " + folder() + "\n");
}

TEST_F(Supervise, SaysHowAJobWasEnded) {
  End end = end_of("kill -SEGV $$");
  EXPECT_EQ(end.kind, End::Kind::Signalled);
  EXPECT_EQ(end.code, SIGSEGV);
  end = end_of("kill -KILL $$");
  EXPECT_EQ(end.kind, End::Kind::Killed);
  end = end_of("sleep 600", 0.1);
  EXPECT_EQ(end.kind, End::Kind::Deadline);
}

TEST_F(Supervise, NoEndYet) {
  EXPECT_FALSE(read_end(folder_.file("end.json")));
}

}  // namespace
}  // namespace xive::sweep
