// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sc_models/ppc/iss/fuzz/fuzz.h"

namespace xive::ppc::iss::fuzz {
namespace {

TEST(IssFuzz, AMillionInstructionsOfAnything) {
  const Summary summary = run(11, 1'000'000);
  EXPECT_GE(summary.instructions, 1'000'000U);
  EXPECT_GT(summary.interrupts, 1000U);
  EXPECT_GT(summary.device_accesses, 100U);
}

TEST(IssFuzz, EqualSeedsGiveEqualRuns) {
  const Summary a = run(5, 100'000), b = run(5, 100'000), c = run(6, 100'000);
  EXPECT_EQ(a.digest, b.digest);
  EXPECT_EQ(a.instructions, b.instructions);
  EXPECT_NE(a.digest, c.digest);
}

}  // namespace
}  // namespace xive::ppc::iss::fuzz
