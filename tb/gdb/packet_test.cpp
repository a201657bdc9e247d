// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/packet.h"

#include <gtest/gtest.h>

namespace xive::gdb {
namespace {

using Kind = PacketReader::Input::Kind;

TEST(Packet, FramesAndEscapes) {
  EXPECT_EQ(frame("OK"), "$OK#9a");
  EXPECT_EQ(frame(""), "$#00");
  EXPECT_EQ(frame("a#b$c}d*"),
            "$a}\x03"
            "b}\x04"
            "c}]d}\n#ec");
}

TEST(Packet, ReaderTakesPacketsFromAStream) {
  PacketReader reader;
  reader.put("+$g#");
  EXPECT_FALSE(reader.next());
  reader.put("67-\x03$a}\x03#");
  auto input = reader.next();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->text, "g");
  input = reader.next();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->kind, Kind::Interrupt);
  reader.put("e1");
  input = reader.next();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->text, "a#") << "escaped";
  reader.put("$g#00");
  input = reader.next();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->kind, Kind::Damaged);
  EXPECT_FALSE(reader.next());
}

TEST(Packet, RoundTrip) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  PacketReader reader;
  reader.put(frame(all));
  const auto input = reader.next();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->text, all);
}

TEST(Packet, Hex) {
  EXPECT_EQ(text_to_hex("A\xff"), "41ff");
  EXPECT_EQ(from_hex("41fF"), (std::vector<std::uint8_t>{0x41, 0xff}));
  EXPECT_FALSE(from_hex("4"));
  EXPECT_FALSE(from_hex("4g"));
  std::string_view text = "1f,2";
  EXPECT_EQ(take_number(text), 0x1fU);
  EXPECT_EQ(text, ",2");
  EXPECT_FALSE(take_number(text));
}

}  // namespace
}  // namespace xive::gdb
