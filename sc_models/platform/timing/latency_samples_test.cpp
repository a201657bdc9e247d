// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/timing/latency_samples.h"

#include <gtest/gtest.h>

namespace xive::platform {
namespace {

TEST(LatencySamples, ExactPercentiles) {
  LatencySamples samples;
  EXPECT_EQ(samples.percentile(99), 0U);
  for (unsigned n = 10'000; n > 0; --n) samples.add(n);
  EXPECT_EQ(samples.count(), 10'000U);
  EXPECT_EQ(samples.min(), 1U);
  EXPECT_EQ(samples.median(), 5000U);
  EXPECT_EQ(samples.percentile(99), 9900U);
  EXPECT_EQ(samples.max(), 10'000U);
  for (unsigned n = 0; n < 1'000'000; ++n) samples.add(7);
  EXPECT_EQ(samples.median(), 7U);
  EXPECT_EQ(samples.max(), 10'000U);
}

TEST(LatencySamples, ExactWithTwoHundredThousandDifferentValues) {
  LatencySamples samples;
  constexpr std::uint64_t kCount = 200'003, kStep = 7919;  // without a common factor
  for (std::uint64_t n = 0; n < kCount; ++n) samples.add(1 + n * kStep % kCount);
  EXPECT_EQ(samples.median(), (kCount + 1) / 2);
  EXPECT_EQ(samples.percentile(99), (kCount * 99 + 99) / 100);
  EXPECT_EQ(samples.percentile(90), (kCount * 90 + 99) / 100);
}

TEST(LatencySamples, MemoryDoesNotGrowWithTheSamples) {
  LatencySamples samples;
  constexpr std::uint64_t kCount = 400'000, kFirst = 1'000'000;
  for (std::uint64_t n = 0; n < kCount; ++n) samples.add(kFirst + n * 7919 % kCount * 10);
  EXPECT_EQ(samples.count(), kCount);
  EXPECT_LE(samples.distinct(), LatencySamples::kDistinct);
  EXPECT_EQ(samples.min(), kFirst);
  EXPECT_EQ(samples.max(), kFirst + (kCount - 1) * 10);
  const auto median = static_cast<double>(samples.median());
  EXPECT_LE(median, 3'000'000.0);
  EXPECT_GT(median, 3'000'000.0 * 0.998);
}

}  // namespace
}  // namespace xive::platform
