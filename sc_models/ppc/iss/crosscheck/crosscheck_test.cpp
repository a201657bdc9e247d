// SPDX-License-Identifier: Apache-2.0
// A fixed part of the series that iss-crosscheck can draw. Needs QEMU's user mode (qemu-user) and
// the cross compiler; says so when they are missing.
#include <gtest/gtest.h>

#include "sc_models/ppc/iss/crosscheck/oracle.h"
#include "sc_models/ppc/iss/crosscheck/subject.h"

namespace xive::ppc::iss::crosscheck {
namespace {

class Crosscheck : public ::testing::TestWithParam<Setting> {};

TEST_P(Crosscheck, SampleAgrees) {
  const std::string missing = missing_for_oracle(GetParam());
  if (!missing.empty()) GTEST_SKIP() << missing;
  const Summary summary = compare(20, 0, 6000, GetParam());
  EXPECT_EQ(summary.failures, 0U) << summary.first_failure;
  EXPECT_GE(summary.by_mnemonic.size(), 250U);
}

TEST_P(Crosscheck, CasesAreAFunctionOfSeedAndNumber) {
  const Case a = generate(3, 17, GetParam()), b = generate(3, 17, GetParam());
  EXPECT_EQ(a.words, b.words);
  EXPECT_EQ(a.gpr, b.gpr);
  EXPECT_NE(a.words, generate(3, 18, GetParam()).words);
  EXPECT_NE(a.words, generate(4, 17, GetParam()).words);
}

/// The comparison sees what it should see.
TEST_P(Crosscheck, DifferencesAreTold) {
  Case a = generate(1, 1, GetParam());
  Case b = a;
  EXPECT_EQ(difference(a, b), "");
  b.gpr[7] ^= 1;
  b.data[3] ^= 0x80;
  const std::string text = difference(a, b);
  EXPECT_NE(text.find("r7"), std::string::npos);
  EXPECT_NE(text.find("data[0x3]"), std::string::npos);
}

/// What the oracle reads back is what was written.
TEST_P(Crosscheck, ImageKeepsRegisters) {
  const Case a = generate(1, 5, GetParam());
  const bool little = GetParam().little_endian;
  EXPECT_EQ(difference(a, from_image(to_image(a, little), little)), "");
}

INSTANTIATE_TEST_SUITE_P(Machines, Crosscheck,
                         ::testing::Values(Setting{false, false}, Setting{true, false},
                                           Setting{false, true}, Setting{true, true}),
                         [](const auto& test) {
                           return std::string(test.param.little_endian ? "Little" : "Big") +
                                  (test.param.v31 ? "V31" : "V30");
                         });

}  // namespace
}  // namespace xive::ppc::iss::crosscheck
