// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/isa_page.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace xive::ppc::iss {
namespace {

TEST(IsaPage, IsWhatTheTableSays) {
  std::ifstream file(XIVE_SOURCE_DIR "/docs/isa.md");
  ASSERT_TRUE(file);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(text, isa_page()) << "write it again: build/bin/iss-isa-page > docs/isa.md";
}

}  // namespace
}  // namespace xive::ppc::iss
