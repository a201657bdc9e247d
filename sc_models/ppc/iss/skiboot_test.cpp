// SPDX-License-Identifier: Apache-2.0
// Debian's unmodified skiboot on the ISS and the smallest platform it accepts without an interrupt
// controller: RAM, a device tree, a 16550, one XSCOM register (skiboot-boot.md 1, 3, 10).
#include <fstream>
#include <iterator>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sc_models/platform/device_tree/fdt_writer.h"
#include "sc_models/platform/xscom.h"
#include "sc_models/ppc/iss/testing.h"

namespace xive::ppc::iss {
namespace {

constexpr const char* kImage = "/usr/share/qemu/skiboot.lid";
constexpr std::uint64_t kUart = 0x60300d00103f8, kXscom = 0x603fc00000000, kTree = 0x01000000,
                        kPayload = 0x20000000;

/// The registers of a 16550 that firmware looks at: always ready, nothing received.
class Uart final : public platform::Target {
 public:
  explicit Uart(const platform::Clock& clock) : clock_(clock) {}
  platform::Response access(const platform::Request& request) override {
    const std::uint64_t n = request.address - kUart;
    const bool latch = (registers_[3] & 0x80U) != 0;
    if (request.command == platform::Command::Load) {
      if (n == 5) return {.data = 0x60};
      return {.data = n == 0 && !latch ? std::uint64_t{0} : registers_[n & 7U]};
    }
    if (n == 0 && !latch) {
      text += static_cast<char>(request.data);
      if (request.data == '\n') line_times.push_back(clock_.now());
    } else {
      registers_[n & 7U] = static_cast<std::uint8_t>(request.data);
    }
    return {};
  }
  std::string text;
  std::vector<Time> line_times;

 private:
  const platform::Clock& clock_;
  std::array<std::uint8_t, 8> registers_{};
};

/// The tree of skiboot-boot.md 3 without its XIVE.
std::vector<std::uint8_t> smallest_tree() {
  platform::FdtWriter tree;
  tree.begin("");
  tree.cell("#address-cells", 2);
  tree.cell("#size-cells", 2);
  tree.text("compatible", "ibm,powernv");
  tree.begin("qemu");
  tree.end();
  tree.begin("awan");
  tree.text("device_type", "core");
  tree.end();
  tree.begin("memory@0");
  tree.text("device_type", "memory");
  tree.cells("reg", {0, 0, 0, 0x40000000});
  tree.cell("ibm,chip-id", 0);
  tree.end();
  tree.begin("cpus");
  tree.cell("#address-cells", 1);
  tree.cell("#size-cells", 0);
  tree.begin("PowerPC,POWER9@0");
  tree.text("device_type", "cpu");
  tree.cell("reg", 0);
  tree.text("status", "okay");
  tree.cell("ibm,chip-id", 0);
  tree.cell("timebase-frequency", 512'000'000);
  tree.cell("ibm,ppc-interrupt-server#s", 0);
  tree.end();
  tree.end();
  tree.begin("xscom@603fc00000000");
  tree.text("compatible", "ibm,xscom");
  tree.cells("reg", {0x603fc, 0, 4, 0});
  tree.cell("ibm,chip-id", 0);
  tree.cell("ibm,primary-topology-index", 0);
  tree.cell("#address-cells", 1);
  tree.cell("#size-cells", 1);
  tree.end();
  tree.begin("serial@60300d00103f8");
  tree.text("compatible", "ns16550");
  tree.cells("reg", {0x60300, 0xd00103f8, 0, 8});
  tree.cell("current-speed", 115200);
  tree.cell("clock-frequency", 1843200);
  tree.end();
  tree.end();
  return tree.finish();
}

TEST(IssSkiboot, BootsToThePayload) {
  std::ifstream file(kImage, std::ios::binary);
  if (!file) {
    GTEST_SKIP() << kImage << " is missing: install the Debian package qemu-system-data";
  }
  const std::string image((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

  testing::BenchConfig config;
  config.memory = std::uint64_t{1} << 30U;
  testing::Bench bench(config);
  Uart uart(bench.cpu());
  bench.bus.map({.name = "uart", .base = kUart, .size = 8, .target = &uart});
  platform::XscomRouter router(0);
  platform::XscomWindow window(kXscom, router);
  window.set_completion([&](const platform::Requester&, bool failed) {
    bench.thread().set_hmer(hmer::kXscomDone | (failed ? hmer::kXscomFail : 0));
  });
  bench.bus.map(
      {.name = "xscom", .base = kXscom, .size = platform::XscomWindow::kSize, .target = &window});
  std::string errors;
  bench.bus.set_error_hook([&](const platform::Bus::Error& error) { errors += error.message; });

  const auto blob = smallest_tree();
  bench.memory.write(0, {reinterpret_cast<const std::uint8_t*>(image.data()), image.size()});
  bench.memory.write(kTree, blob);
  bench.place(kPayload, {0x00000200});  // attn

  ArchState state;
  state.nip = 0x10;
  state.gpr[3] = kTree;
  bench.thread().reset(state, false, false);
  std::uint64_t payload_at = 0;
  bench.cpu().set_event_hook([&](IssCpu& cpu, const ExecutionEvent& event) {
    EXPECT_EQ(event.kind, EventKind::Attention);
    EXPECT_EQ(event.nip, kPayload + 4);
    payload_at = cpu.instructions();
    return EventAction::Stop;
  });
  bench.run(20'000'000);

  EXPECT_EQ(errors, "");
  EXPECT_NE(uart.text.find("OPAL v7.0 starting"), std::string::npos) << uart.text;
  for (const auto& [name, count] : bench.cpu().statistics().unimplemented) {
    ADD_FAILURE() << "not implemented: " << name << " " << count << " times";
  }
  EXPECT_TRUE(bench.cpu().statistics().synchronous.empty());
  EXPECT_NEAR(static_cast<double>(payload_at), 6.1e6, 0.061e6) << uart.text;
  RecordProperty("instructions", fmt::format("{}", payload_at));
}

}  // namespace
}  // namespace xive::ppc::iss
