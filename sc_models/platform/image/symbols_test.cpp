// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/image/symbols.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sc_models/platform/image/testing.h"

namespace xive::platform {
namespace {

using testing::message_of;
using testing::ScratchFolder;

TEST(Symbols, MapFileWithAndWithoutSizes) {
  const ScratchFolder folder;
  SymbolTable table;
  table.read(folder.file("map",
                         "0000000000000010 t .first\n"
                         "0000000000000100 0000000000000020 T second\n"
                         "# a comment\n"
                         "                 U other\n"),
             0x30000000);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table.describe(0x30000014), "first+0x4");
  EXPECT_EQ(table.describe(0x3000011f), "second+0x1f");
  EXPECT_EQ(table.describe(0x30000120), "");
  EXPECT_EQ(table.describe(0x3000000f), "");
}

TEST(Symbols, MapInsideAnImage) {
  const std::string image = std::string("\0\1 t \2", 6) +
                            "0000000000000010 T .start\n0000000000000020 t .stop\n" +
                            std::string(8, '\0') + "a T b";
  SymbolTable table;
  EXPECT_EQ(table.read_embedded({reinterpret_cast<const std::uint8_t*>(image.data()), image.size()},
                                0x30000000),
            2U);
  EXPECT_EQ(table.describe(0x3000001f), "start+0xf");
  EXPECT_EQ(table.describe(0x30000020), "stop+0x0");
}

TEST(Symbols, NothingInIt) {
  const ScratchFolder folder;
  const std::string file = folder.file("map", "hello\n");
  SymbolTable table;
  EXPECT_THAT(message_of<FileError>([&] { table.read(file); }),
              ::testing::HasSubstr("holds no symbols"));
}

}  // namespace
}  // namespace xive::platform
