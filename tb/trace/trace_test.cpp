// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tb/trace/firmware_profile.h"
#include "tb/trace/trace_file.h"

namespace xive::trace {
namespace {

namespace fs = std::filesystem;

class TraceFileTest : public ::testing::Test {
 protected:
  ~TraceFileTest() override { fs::remove(path_); }
  std::string path_ = fs::temp_directory_path() / ("xive-trace-" + std::to_string(getpid()));
};

TEST_F(TraceFileTest, IsTheJsonThatViewersRead) {
  TraceFile file(path_);
  file.name_thread(4, "thread \"4\"");
  file.slice(4, "OPAL_XIVE_RESET", 1'000'000, 3'500'000, "result 0");
  file.instant(4, "interrupt 0xea0", 2'000'000);
  file.hop(7, "ipi", "eas", 1'000, 2'000);
  EXPECT_FALSE(fs::exists(path_)) << "has its name when it is complete";
  file.close();
  std::ifstream in(path_);
  const auto json = nlohmann::json::parse(in);
  const auto& events = json.at("traceEvents");
  ASSERT_EQ(events.size(), 7U);
  EXPECT_EQ(events[2].at("args").at("name"), "thread \"4\"");
  EXPECT_EQ(events[3].at("ph"), "X");
  EXPECT_DOUBLE_EQ(events[3].at("ts"), 1);
  EXPECT_DOUBLE_EQ(events[3].at("dur"), 2.5);
  EXPECT_EQ(events[5].at("ph"), "b");
  EXPECT_EQ(events[6].at("ph"), "e");
  EXPECT_EQ(events[5].at("id"), events[6].at("id"));
  EXPECT_EQ(json.at("otherData").at("events left out"), 0);
}

TEST_F(TraceFileTest, NothingIsLeftOfATraceThatWasNotFinished) {
  {
    TraceFile file(path_);
    file.instant(0, "x", 0);
  }
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_FALSE(fs::exists(path_ + ".part"));
  EXPECT_THROW(TraceFile("/nowhere/at/all"), std::runtime_error);
}

TEST(RegisterName, KnowsTheWindows) {
  EXPECT_EQ(register_name(0x000603fc00000000 + (0x5013002ULL << 3U)), "XSCOM 0x5013002");
  EXPECT_EQ(register_name(0x000603fc00000000 + (1ULL << 42U) + 8), "XSCOM 0x1") << "chip 1";
  EXPECT_EQ(register_name(0x0006030203190038), "TIMA page 1 +0x038");
  EXPECT_EQ(register_name(0x0006030203100420), "IC page 0 +0x420");
  EXPECT_EQ(register_name(0x00060300d00103fd), "UART +0x5");
  EXPECT_EQ(register_name(0x0006010000230000 + 0x800), "ESB 1 +0x800");
  EXPECT_EQ(register_name(0x123456789), "0x123450000");
}

}  // namespace
}  // namespace xive::trace
