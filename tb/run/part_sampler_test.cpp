// SPDX-License-Identifier: Apache-2.0
#include "tb/run/part_sampler.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace xive::run {
namespace {

using machine::Part;
using machine::PartScope;

TEST(PartSampler, CountsThePartThatWorks) {
  machine::Profile profile;
  PartSampler sampler(profile);
  {
    const PartScope outer(profile, Part::Routers);
    const PartScope inner(profile, Part::Timas);
    while (sampler.shares().of(Part::Timas) == 0) {
    }
  }
  EXPECT_EQ(profile.part(), Part::Processors);
  const PartShares shares = sampler.shares();
  double all = 0;
  for (const double percent : shares.percent) all += percent;
  EXPECT_NEAR(all, 100, 0.001);
  EXPECT_EQ(shares.of(Part::Routers), 0);
  EXPECT_THROW(PartSampler{profile}, std::logic_error) << "one at a time";
}

TEST(PartSampler, NoSamplesAreNoShares) {
  EXPECT_EQ(to_text(PartShares{}),
            "TIMAs 0.0 %, routers 0.0 %, rules and traces 0.0 %, rest 0.0 %");
  EXPECT_EQ(to_json(PartShares{}).at("timas"), 0.0);
}

}  // namespace
}  // namespace xive::run
