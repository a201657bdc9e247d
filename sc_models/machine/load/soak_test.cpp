// SPDX-License-Identifier: Apache-2.0
// Conservation under 200,000 random interrupts: 8 threads, 64 virtual processors, every check live.
// Ten million of them: xive-cosim run --tima model --triggers 10000000
#include <gtest/gtest.h>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/machine/rules/machine_rules.h"
#include "sc_models/machine/testing/end_to_end.h"

namespace xive::machine {
namespace {

struct Digests {
  std::string whole, functional;
  bool operator==(const Digests&) const = default;
};

Digests soak(std::uint64_t seed, std::uint64_t triggers, bool filter) {
  ppc::host::FiberExecutor executor;
  RuleBook book;
  MachineConfig config;
  config.vp_filter = filter;
  Machine machine(config, executor, testing::reference_factory());
  DirectTables tables(machine);
  MachineRules rules(machine, book);
  MixedLoad load(machine, tables,
                 {.seed = seed, .triggers = triggers, .pause = 4 * platform::kMicrosecond});
  executor.run(10 * platform::kSecond);
  rules.finish();
  const LoadResult result = load.result();
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.lost, 0U);
  EXPECT_EQ(result.duplicated, 0U);
  EXPECT_TRUE(book.clean()) << book.violations()[0].rule << ": " << book.violations()[0].detail;
  EXPECT_GT(book.find("CHK-CONS")->hits, triggers);
  return {machine.digest().text(), result.functional};
}

TEST(Soak, TwoHundredThousandInterrupts) {
  EXPECT_EQ(soak(11, 100'000, true), soak(11, 100'000, true));
}

// A search waits for all answers, so that times differ.
TEST(Soak, AskingEveryCoreHasTheSameFunctionalResult) {
  EXPECT_EQ(soak(12, 20'000, false).functional, soak(12, 20'000, true).functional);
}

}  // namespace
}  // namespace xive::machine
