// SPDX-License-Identifier: Apache-2.0
#include "tb/host/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

namespace xive::host {
namespace {

TEST(Process, OutputAndExitCode) {
  const ProcessOutcome o = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10);
  EXPECT_EQ(o.output, "out\nerr\n");
  EXPECT_EQ(o.exit_code, 3);
  EXPECT_FALSE(o.late);
  EXPECT_FALSE(o.stopped);
}

TEST(Process, StopsWhenEnoughWasSeen) {
  const ProcessOutcome o =
      run_process({"sh", "-c", "echo ready; sleep 60"}, 30,
                  [](const std::string& text) { return text.find("ready") != std::string::npos; });
  EXPECT_TRUE(o.stopped);
  EXPECT_LT(o.seconds, 20);
}

/// Gone, or dead and not yet collected by init.
bool is_gone(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string word, state;
  return !(stat >> word >> word >> state) || state == "Z";
}

TEST(Process, KilledAtTheDeadlineWithItsChildren) {
  const ProcessOutcome o = run_process({"sh", "-c", "sleep 60 & echo $!; wait"}, 0.5);
  EXPECT_TRUE(o.late);
  EXPECT_EQ(o.exit_code, -1);
  const auto child = static_cast<pid_t>(std::stol(o.output));
  bool gone = false;
  for (int n = 0; n < 100 && !gone; ++n) {
    gone = is_gone(child);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(gone);
}

TEST(Process, AProgramThatIsNotThere) {
  EXPECT_THROW(run_process({"/nowhere/program"}, 1), ProcessError);
  EXPECT_EQ(find_program("no-such-program-at-all"), "");
  EXPECT_NE(find_program("sh"), "");
}

}  // namespace
}  // namespace xive::host
