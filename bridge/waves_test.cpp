// SPDX-License-Identifier: Apache-2.0
// What stands in a wave file is what the port has told: values, and when they changed.
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "bridge/testing/fst_file.h"
#include "bridge/verilated_tima.h"
#include "sc_models/tima/testing/port_driver.h"

namespace xive::bridge {
namespace {

using testing::FstFile;
using tima::Page;
using tima::Ring;
using tima::testing::PortDriver;

constexpr unsigned kThreads = 4;

std::string bits(const std::array<std::uint8_t, tima::kThreadBytes>& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    for (unsigned bit = 8; bit-- > 0;) text += (byte >> bit & 1U) != 0 ? '1' : '0';
  }
  return text;
}

class Waves : public ::testing::Test {
 protected:
  Waves() : port_(make()), driver_(*port_) {}
  ~Waves() override { std::filesystem::remove(path_); }

  static std::unique_ptr<VerilatedTima> make() {
    tima::Params params;
    params.threads = kThreads;
    return make_verilated_tima(params, {});
  }

  /// In which cycle of the port does the call end that is made here?
  template <typename Call>
  tima::Cycle cycle_of(Call call) {
    call();
    return port_->now();
  }

  const std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) / "waves_test.fst";
  std::unique_ptr<VerilatedTima> port_;
  PortDriver driver_;
};

TEST_F(Waves, EndWithTheRegistersOfThePort) {
  driver_.enable_all();
  port_->open_waves(path_);
  for (unsigned t = 0; t < kThreads; ++t) {
    driver_.store(t, Page::Hv, 0x10, 8, 0x0011223344556677ULL * (t + 1));
    driver_.store(t, Page::Hv, 0x38, 1, 0x80);
    driver_.store(t, Page::Hv, 0x31, 1, 0xf0U + t);
    driver_.run(1'000'000);  // idle time is jumped
  }
  port_->close_waves();
  const FstFile waves(path_);
  for (unsigned t = 0; t < kThreads; ++t) {
    const auto& changes = waves.changes("ctx_q[" + std::to_string(t) + "]");
    ASSERT_FALSE(changes.empty());
    EXPECT_EQ(changes.back().bits, bits(port_->state(t).r)) << t;
  }
}

TEST_F(Waves, ALineMovesWhenThePortSaysSo) {
  driver_.enable_all();
  driver_.store(2, Page::Hv, 0x38, 1, 0x80);
  driver_.store(2, Page::Hv, 0x31, 1, 0xff);
  port_->open_waves(path_);
  const tima::Cycle rise = cycle_of([&] { driver_.present(2, Ring::Phys, 0, 0x80, 5); });
  ASSERT_TRUE(driver_.lines(2).hv_ext);
  driver_.run(12'345);
  const tima::Cycle fall = cycle_of([&] { driver_.load(2, Page::Hv, 0x830, 2); });
  ASSERT_FALSE(driver_.lines(2).hv_ext);
  driver_.run(10);
  port_->close_waves();

  std::vector<std::pair<tima::Cycle, std::string>> seen;
  const FstFile file(path_);
  for (const FstFile::Change& change : file.changes("hv_ext_o")) {
    if (seen.empty() || seen.back().second != change.bits) {
      seen.emplace_back(change.time / 10, change.bits);
    }
  }
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].second, "0000");
  EXPECT_EQ(seen[1], std::pair(rise, std::string("0100")));
  EXPECT_EQ(seen[2], std::pair(fall, std::string("0000")));
}

TEST_F(Waves, AFileThatIsCutIsRefused) {
  port_->open_waves(path_);
  driver_.enable_all();
  port_->close_waves();
  EXPECT_GT(FstFile(path_).size(), 50U);
  std::filesystem::resize_file(path_, 200);
  EXPECT_THROW(FstFile{path_}, std::runtime_error);
}

}  // namespace
}  // namespace xive::bridge
