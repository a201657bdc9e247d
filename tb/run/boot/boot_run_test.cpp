// SPDX-License-Identifier: Apache-2.0
// How runs end, with firmware of a few instructions.
#include "tb/run/boot/boot_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sc_models/platform/image/testing.h"
#include "tb/run/boot/console_log.h"
#include "tb/run/boot/firmware_file.h"
#include "tb/run/run.h"

namespace xive::run {
namespace {

using platform::testing::message_of;
using platform::testing::ScratchFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint32_t kExitAddress[] = {0x3c600006,   // lis  r3,6
                                          0x606303f0,   // ori  r3,r3,0x3f0
                                          0x786307c6};  // sldi r3,r3,32
constexpr std::uint32_t kNowhere[] = {0x3c600010,       // lis  r3,0x10
                                      0x786307c6};      // sldi r3,r3,32
constexpr std::uint32_t kUart[] = {0x3c600006,          // lis  r3,6
                                   0x60630300,          // ori  r3,r3,0x300
                                   0x786307c6,          // sldi r3,r3,32
                                   0x6463d001,          // oris r3,r3,0xd001
                                   0x606303f8};         // ori  r3,r3,0x3f8

class Boot : public ::testing::Test {
 protected:
  Boot() {
    options_.work.firmware = FirmwareKind::Skiboot;
    options_.work.limit_s = 0.1;
    options_.platform.tima = bridge::TimaKind::Model;
    options_.platform.cores = 1;
    options_.platform.threads = 1;
    options_.platform.instruction_ps = 1000;
    options_.boot.watchdog_s = 0.01;
  }

  /// A raw image with `code` at its entry.
  template <typename... Parts>
  void firmware(const Parts&... parts) {
    std::vector<std::uint8_t> image(0x10);
    const auto word = [&](std::uint32_t value) {
      for (unsigned shift = 32; shift > 0; shift -= 8) {
        image.push_back(static_cast<std::uint8_t>(value >> (shift - 8)));
      }
    };
    const auto part = [&](const auto& words) {
      for (const std::uint32_t value : words) word(value);
    };
    (part(parts), ...);
    image.resize(0x100);
    options_.boot.image = folder_.file("firmware", image);
    // Names for it: the file is taken to be linked for address 0.
    options_.boot.symbols =
        folder_.file("map", "30000000 T elsewhere\n" + std::string("00000010 T entry\n"));
  }
  using Code = std::vector<std::uint32_t>;

  BootResult run() { return execute_boot(options_, &console_); }

  ScratchFolder folder_;
  RunOptions options_;
  std::ostringstream console_;
};

TEST_F(Boot, ExitCode) {
  firmware(kExitAddress, Code{0x38800000,    // li r4,0
                              0x7c801f2a});  // stwcix r4,0,r3
  const BootResult good = run();
  EXPECT_EQ(good.end, BootEnd::Exit);
  EXPECT_TRUE(good.passed());
  EXPECT_EQ(good.state, "");
  EXPECT_LE(good.instructions, 5U);
  EXPECT_LT(good.simulated, platform::kMicrosecond);  // at once
  firmware(kExitAddress, Code{0x38800007, 0x7c801f2a});
  const BootResult bad = run();
  EXPECT_EQ(bad.end, BootEnd::Exit);
  EXPECT_EQ(bad.exit_code, 7U);
  EXPECT_FALSE(bad.passed());
  EXPECT_THAT(bad.reason, HasSubstr("exit code 7"));
  EXPECT_THAT(bad.state, HasSubstr("thread 0 (PIR 0x0)"));
}

TEST_F(Boot, EndlessLoopIsEndedByTheWatchdog) {
  firmware(Code{0x48000000});  // b .
  const BootResult result = run();
  EXPECT_EQ(result.end, BootEnd::Watchdog);
  EXPECT_THAT(result.reason, HasSubstr("an endless loop"));
  EXPECT_NEAR(static_cast<double>(result.simulated), 0.011e12, 0.002e12);
  EXPECT_THAT(result.state, HasSubstr("0x0000000000000010"));
}

TEST_F(Boot, TruncatedImage) {
  firmware(Code{0});  // no instruction, and none at the vector of that either
  const BootResult result = run();
  EXPECT_EQ(result.end, BootEnd::Watchdog);
  EXPECT_THAT(result.reason, HasSubstr("completes no instruction"));
  EXPECT_LT(result.simulated, 6 * platform::kMillisecond);
}

TEST_F(Boot, BusyWithADeviceIsEndedByTheTimeLimit) {
  firmware(kUart, Code{0x7c801eaa,    // lbzcix r4,0,r3
                       0x4bfffffc});  // b .-4
  options_.work.limit_s = 0.02;
  const BootResult result = run();
  EXPECT_EQ(result.end, BootEnd::Limit);
  EXPECT_THAT(result.reason, HasSubstr("within 0.02 s of simulated time"));
}

TEST_F(Boot, Attention) {
  firmware(Code{0x3c800100,    // lis r4,0x100: HID0[ATTN] of POWER9 is bit 4 of the high word
                0x788407c6,    // sldi r4,r4,32
                0x7c90fba6,    // mtspr HID0,r4
                0x00000200});  // attn
  const BootResult result = run();
  EXPECT_EQ(result.end, BootEnd::Attention);
  EXPECT_THAT(result.reason, HasSubstr("attention"));
}

TEST_F(Boot, UnmappedLoadEndsTheRun) {
  firmware(kNowhere, Code{0x7c801eea});  // ldcix r4,0,r3
  const BootResult result = run();
  EXPECT_EQ(result.end, BootEnd::BusError);
  EXPECT_THAT(result.reason,
              HasSubstr("load of 8 bytes: address error: 0x10000000000000 is in no"));
  EXPECT_EQ(result.bus_error_count, 1U);
  EXPECT_NE(result.state, "");
}

TEST_F(Boot, UnmappedLoadAsAMachineCheck) {
  firmware(kNowhere, Code{0x7c801eea});
  options_.boot.bus_errors = BusErrorPolicy::Continue;
  const BootResult result = run();
  EXPECT_EQ(result.end, BootEnd::Checkstop);
  EXPECT_EQ(result.bus_error_count, 1U);
}

TEST_F(Boot, WildJump) {
  firmware(kNowhere, Code{0x7c6903a6,    // mtctr r3
                          0x4e800420});  // bctr
  const BootResult result = run();
  EXPECT_FALSE(result.passed());
  EXPECT_TRUE(result.end == BootEnd::Checkstop || result.end == BootEnd::BusError)
      << to_string(result.end) << ": " << result.reason;
  EXPECT_THAT(result.state, HasSubstr("call stack"));
}

TEST_F(Boot, ConsoleGoesToTheTerminalOrAFile) {
  firmware(kUart,
           Code{0x38800041,   // li r4,'A'
                0x7c801faa,   // stbcix r4,0,r3
                0x3880000a,   // li r4,'\n'
                0x7c801faa},  // stbcix r4,0,r3
           kExitAddress, Code{0x38800000, 0x7c801f2a});
  EXPECT_EQ(run().console_characters, 2U);
  EXPECT_EQ(console_.str(), "A\n");
  options_.boot.console = folder_.path("console.txt");
  EXPECT_TRUE(run().passed());
  EXPECT_EQ(console_.str(), "A\n");
  std::ifstream file(options_.boot.console);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "A");
}

TEST_F(Boot, InputFromAFile) {
  // Echo one character.
  firmware(kUart,
           Code{0x7c801eaa,   // lbzcix r4,0,r3
                0x7c801faa},  // stbcix r4,0,r3
           kExitAddress, Code{0x38800000, 0x7c801f2a});
  options_.boot.input = folder_.file("typed", "Z");
  EXPECT_TRUE(run().passed());
  EXPECT_EQ(console_.str(), "Z");
}

TEST_F(Boot, ViewsOfTheResult) {
  firmware(kExitAddress, Code{0x38800003, 0x7c801f2a});
  options_.json = folder_.path("r.json");
  options_.junit = folder_.path("r.xml");
  std::ostringstream out, err;
  EXPECT_EQ(run_machine(options_, out, err), 1);
  for (const char* word : {"FAIL: exit code 3", "last lines of the console", "call stack", "digest",
                           "MIPS", "milestones"}) {
    EXPECT_THAT(out.str(), HasSubstr(word));
  }
  std::ifstream file(options_.json);
  const auto json = nlohmann::json::parse(file);
  EXPECT_EQ(json["verdict"], "FAIL");
  EXPECT_EQ(json["exit_code"], 3);
  EXPECT_EQ(json["end"], "exit");
  EXPECT_EQ(json["images"][0]["name"], options_.boot.image);
  std::ifstream xml(options_.junit);
  std::stringstream text;
  text << xml.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("<failure message=\"exit code 3"));
}

TEST_F(Boot, SameRunSameDigest) {
  firmware(kUart, Code{0x38800041, 0x7c801faa}, kExitAddress, Code{0x38800000, 0x7c801f2a});
  const std::string digest = run().digest;
  EXPECT_EQ(run().digest, digest);
  firmware(kUart, Code{0x38800042, 0x7c801faa}, kExitAddress, Code{0x38800000, 0x7c801f2a});
  EXPECT_NE(run().digest, digest);
}

TEST_F(Boot, BadFiles) {
  firmware(Code{0x48000000});
  options_.boot.payload = folder_.path("gone");
  EXPECT_THAT(message_of<platform::FileError>([&] { run(); }), HasSubstr("gone: no such file"));
  options_.boot.payload.clear();
  options_.boot.tree = folder_.file("t.dtb", "nonsense");
  EXPECT_THAT(message_of<platform::FileError>([&] { run(); }), HasSubstr("t.dtb: 8 bytes"));
}

TEST(FirmwareFile, TheFirstPlaceCounts) {
  const ScratchFolder folder;
  const std::string second = folder.file("b.lid", "x");
  EXPECT_EQ(find_firmware({folder.path("a.lid"), second}), second);
  EXPECT_THAT(message_of<platform::EnvironmentError>([&] { find_firmware({folder.path("a")}); }),
              HasSubstr("skiboot.lid is missing; remedy: apt-get install qemu-system-data"));
}

TEST(ConsoleLog, LevelsOfSkibootsLines) {
  EXPECT_EQ(ConsoleLog::level("[   24.000328565,3] SBE: Master chip ID not found."), 3);
  EXPECT_EQ(ConsoleLog::level("[    0.001786195,7] x"), 7);
  EXPECT_EQ(ConsoleLog::level("[x] y"), -1);
  EXPECT_EQ(ConsoleLog::level(""), -1);
  EXPECT_EQ(ConsoleLog::level("[ 1,2 3"), -1);
  ConsoleLog log;
  for (const char c : std::string("[ 1.2,3] bad\r\n[ 1.3,5] good\nrest")) {
    log.put(static_cast<std::uint8_t>(c));
  }
  EXPECT_THAT(log.errors(), ElementsAre("[ 1.2,3] bad"));
  EXPECT_THAT(log.last(2), ElementsAre("[ 1.3,5] good", "rest"));
  EXPECT_EQ(log.lines(), 2U);
}

}  // namespace
}  // namespace xive::run
