// SPDX-License-Identifier: Apache-2.0
// Machine code on SC_THREADs: the same program gives the same result as on fibers.
#include <memory>

#include <gtest/gtest.h>

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/testing.h"
#include "sc_models/ppc/tlm/systemc_executor.h"
#include "sc_models/tlm/testing/sc_test_main.h"

namespace xive::ppc::tlm_face {
namespace {

using namespace iss::testing;

constexpr unsigned kThreads = 3;
constexpr std::uint64_t kCounter = 0x200000;

/// Every thread counts to 500 on a common counter with ldarx and stdcx., sends a doorbell to the
/// next one, waits for its own and ends.
struct Program {
  explicit Program(host::Executor* executor) : bench({.threads = kThreads}, executor) {
    bench.place(0xe80, {addi(10, 10, 1), hrfid()});
    for (unsigned n = 0; n < kThreads; ++n) {
      bench.place(Bench::start(n), {ldarx(3, 0, 5), addi(3, 3, 1), stdcx(3, 0, 5), bne(-12),
                                    bdnz(-16), msgsnd(9), cmpwi(10, 0), beq(-4), attn()});
      bench.regs(n).gpr[5] = kCounter;
      bench.regs(n).gpr[9] = encode_msgsnd((n + 1) % kThreads);
      bench.regs(n).ctr = 500;
      bench.thread(n).set_msr(bench.thread(n).msr() | msr::kEe);
      bench.cpu(n).set_event_hook(
          [](iss::IssCpu&, const iss::ExecutionEvent&) { return iss::EventAction::Continue; });
    }
  }
  Bench bench;
};

std::unique_ptr<SystemCExecutor> systemc;
std::unique_ptr<Program> on_systemc;

TEST(IssOnSystemC, GivesTheResultOfFibers) {
  Program on_fibers(nullptr);
  for (Program* program : {&on_fibers, on_systemc.get()}) {
    Bench& bench = program->bench;
    bench.executor.run(platform::kMillisecond);
    EXPECT_EQ(bench.doubleword(kCounter), 500 * kThreads);
    for (unsigned n = 0; n < kThreads; ++n) {
      EXPECT_TRUE(bench.thread(n).quiesced()) << n;
      EXPECT_EQ(bench.regs(n).gpr[10], 1U) << n;
    }
  }
}

}  // namespace
}  // namespace xive::ppc::tlm_face

void xive::testing::elaborate() {
  using namespace xive::ppc::tlm_face;
  systemc = std::make_unique<SystemCExecutor>("executor");
  on_systemc = std::make_unique<Program>(systemc.get());
}
