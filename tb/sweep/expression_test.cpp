// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xive::sweep {
namespace {

std::optional<double> two(const std::string& name) {
  return name == "a.b" || name == "c_1" ? std::optional<double>(2) : std::nullopt;
}

TEST(Expression, Evaluates) {
  EXPECT_EQ(Expression("a.b * c_1 <= 4").evaluate(two), 1);
  EXPECT_EQ(Expression("a.b * c_1 < 4").evaluate(two), 0);
  EXPECT_EQ(Expression("a.b == 2 && c_1 + 1 == 3").evaluate(two), 1);
  EXPECT_THAT(Expression("c_1 < a.b").names(), ::testing::ElementsAre("a.b", "c_1"));
}

TEST(Expression, MistakesAreTold) {
  EXPECT_THROW(Expression("a <"), ExpressionError);
  EXPECT_THROW(Expression("a ( b"), ExpressionError);
  EXPECT_THROW(Expression(""), ExpressionError);
  const Expression unknown("other > 1");
  EXPECT_THROW(unknown.evaluate(two), ExpressionError);
}

}  // namespace
}  // namespace xive::sweep
