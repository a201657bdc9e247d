// SPDX-License-Identifier: Apache-2.0
// Neither an instruction, nor an interrupt, nor a change of threads allocates.
#include <gtest/gtest.h>

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/testing.h"
#include "sc_models/testing/allocation_counter.h"

namespace xive::ppc::iss::testing {
namespace {

class Register final : public platform::Target {
 public:
  platform::Response access(const platform::Request& request) override {
    if (request.command == platform::Command::Store) value_ = request.data;
    return {.data = value_, .latency = 100 * platform::kNanosecond};
  }

 private:
  std::uint64_t value_ = 0;
};

TEST(IssAllocation, NonePerInstruction) {
  BenchConfig config;
  config.threads = 2;
  Bench bench(config);
  Register device;
  bench.bus.map({.name = "device", .base = 0x6000000000000, .size = 8, .target = &device});
  bench.place(0xc00, {addi(10, 10, 1), rfid()});
  for (unsigned n = 0; n < 2; ++n) {
    // Memory, a call, a counter under reservation, a device, an interrupt, the time base.
    bench.place(Bench::start(n), {ld(3, 0, 5), std_(3, 8, 5), bl(0x100), ldarx(4, 0, 5),
                                  addi(4, 4, 1), stdcx(4, 0, 5), bne(-12), ldcix(7, 0, 6),
                                  stdcix(7, 0, 6), sc(), mftb(8), dcbz(0, 9), sync(), b(-52)});
    bench.place(Bench::start(n) + 0x108, {addi(11, 11, 1), blr()});
    bench.regs(n).gpr[5] = 0x200000;
    bench.regs(n).gpr[6] = 0x6000000000000;
    bench.regs(n).gpr[9] = 0x200800;
  }
  bench.run(100'000);  // first use of pages, code, queues
  const std::size_t before = xive::testing::allocations();
  const std::uint64_t instructions = bench.cpu(0).instructions();
  bench.run(1'000'000);
  EXPECT_EQ(xive::testing::allocations(), before);
  EXPECT_GT(bench.cpu(0).instructions(), instructions + 10'000);
  EXPECT_GT(bench.regs(0).gpr[10], 1000U);
}

}  // namespace
}  // namespace xive::ppc::iss::testing
