// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/image/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sc_models/platform/image/elf.h"
#include "sc_models/platform/image/file.h"
#include "sc_models/platform/image/testing.h"

namespace xive::platform {
namespace {

using testing::ElfMaker;
using ::testing::HasSubstr;
using testing::message_of;
using testing::ScratchFolder;

class Loader : public ::testing::Test {
 protected:
  std::uint64_t word(std::uint64_t address) { return *load_be<4>(memory_, address); }
  std::string firmware_error(const std::vector<std::uint8_t>& data) {
    const std::string file = folder_.file("fw", data);
    return message_of<FileError>([&] { loader_.firmware(file, 0, 0x10); });
  }
  ScratchFolder folder_;
  SparseMemory memory_{0, 0x1000000};
  ImageLoader loader_{memory_};
};

TEST_F(Loader, RawFirmwareIsEnteredAtItsOffset) {
  std::vector<std::uint8_t> image(0x40, 0x11);
  image[0x10] = 8, image[0x11] = 0, image[0x12] = 0, image[0x13] = 0x48;
  const std::string file = folder_.file("a.lid", image);
  EXPECT_EQ(loader_.firmware(file, 0x2000, 0x10), 0x2010U);
  EXPECT_EQ(word(0x2010), 0x08000048U);
  ASSERT_EQ(loader_.placed().size(), 1U);
  EXPECT_EQ(loader_.placed()[0].last, 0x203fU);
}

TEST_F(Loader, RawFirmwareOfTheOtherByteOrder) {
  std::vector<std::uint8_t> image(0x40);
  image[0x10] = 0x48, image[0x11] = 0, image[0x12] = 0, image[0x13] = 8;
  EXPECT_THAT(firmware_error(image), HasSubstr("wrong byte order"));
}

TEST_F(Loader, TooShortAndMissingFiles) {
  EXPECT_THAT(firmware_error({1, 2, 3}), HasSubstr("truncated: 3 bytes"));
  EXPECT_THAT(firmware_error({}), HasSubstr("truncated: 0 bytes"));
  const std::string gone = folder_.path("gone");
  EXPECT_EQ(message_of<FileError>([&] { loader_.raw(gone, 0); }), gone + ": no such file");
  EXPECT_THAT(message_of<FileError>([&] { loader_.raw(folder_.path(""), 0); }),
              HasSubstr("is a folder"));
  EXPECT_THAT(message_of<FileError>([&] { loader_.raw(folder_.file("e", ""), 0); }),
              HasSubstr("is empty"));
  EXPECT_TRUE(read_file("/dev/null").empty());
}

TEST_F(Loader, ElfSegmentsOfBothByteOrders) {
  for (const bool little : {false, true}) {
    SparseMemory memory(0, 0x100000);
    ImageLoader loader(memory);
    ElfMaker elf(little);
    elf.segments = {{0x1000, {1, 2, 3, 4}, 4, true}, {0x8000, {5, 6, 7, 8}, 0x100, false}};
    EXPECT_EQ(loader.firmware(folder_.file("elf", elf.make()), 0, 0x10), 0x1000U);
    EXPECT_EQ(*load_be<4>(memory, 0x1000), 0x01020304U);
    EXPECT_EQ(*load_be<4>(memory, 0x8000), 0x05060708U);
    EXPECT_EQ(loader.placed()[1].last, 0x80ffU);
  }
}

TEST_F(Loader, FunctionDescriptorAtTheEntry) {
  ElfMaker elf;
  elf.entry = 0x8000;
  elf.segments = {{0x1000, std::vector<std::uint8_t>(8), 8, true},
                  {0x8000, {0, 0, 0, 0, 0, 0, 0x10, 4}, 8, false}};
  EXPECT_EQ(loader_.firmware(folder_.file("elf", elf.make()), 0, 0x10), 0x1004U);
}

TEST_F(Loader, ElfErrors) {
  ElfMaker elf;
  elf.segments = {{0x1000, {1, 2, 3, 4}, 4, true}};
  auto bytes = elf.make();
  bytes.resize(bytes.size() - 1);
  EXPECT_THAT(firmware_error(bytes), HasSubstr("truncated: 123 bytes, segment 0 needs 0x4 bytes"));
  bytes.resize(70);
  EXPECT_THAT(firmware_error(bytes), HasSubstr("truncated: 70 bytes, its program header"));
  bytes.resize(30);
  EXPECT_THAT(firmware_error(bytes), HasSubstr("truncated: 30 bytes, an ELF64 header has 64"));

  elf.machine = 62;
  EXPECT_THAT(firmware_error(elf.make()), HasSubstr("ELF file for x86-64 (machine 62), PPC64"));
  elf.machine = 21;

  bytes = elf.make();
  bytes[5] = 1;
  EXPECT_THAT(firmware_error(bytes),
              HasSubstr("says little-endian, but its fields are big-endian"));
  bytes = elf.make();
  bytes[4] = 1;
  EXPECT_THAT(firmware_error(bytes), HasSubstr("ELF file of 32 bits"));

  elf.segments.push_back({0x1002, {9}, 1, false});
  EXPECT_THAT(firmware_error(elf.make()),
              HasSubstr("overlapping segments [0x1000, 0x1003] and [0x1002, 0x1002]"));
  elf.segments = {{0xfff000, {1}, 0x2000, true}};
  EXPECT_THAT(firmware_error(elf.make()),
              HasSubstr("needs memory [0xfff000, 0x1000fff], the machine has [0x0, 0xffffff]"));
  elf.segments = {{~std::uint64_t{0} - 1, {1}, 0x2000, true}};
  EXPECT_THAT(firmware_error(elf.make()), HasSubstr("wraps around"));
  elf.segments = {{0x1000, {1, 2}, 1, true}};
  EXPECT_THAT(firmware_error(elf.make()), HasSubstr("0x2 bytes in the file for 0x1 bytes"));
  elf.segments = {{0x2000, {1, 2}, 2, true}};
  EXPECT_THAT(firmware_error(elf.make()), HasSubstr("entry 0x1000"));
  elf.segments.clear();
  EXPECT_THAT(firmware_error(elf.make()), HasSubstr("has no load segment"));
}

TEST_F(Loader, PayloadIsPlacedAsItIs) {
  ElfMaker elf(true);
  elf.segments = {{0x1000, {1, 2, 3, 4}, 4, true}};
  loader_.payload(folder_.file("p.elf", elf.make()), 0x20000);
  EXPECT_EQ(word(0x20000), 0x7f454c46U);
  loader_.payload(folder_.file("p.bin", "abcd"), 0x30000);
  EXPECT_EQ(word(0x30000), 0x61626364U);
  elf.machine = 183;
  const std::string arm = folder_.file("arm.elf", elf.make());
  EXPECT_THAT(message_of<FileError>([&] { loader_.payload(arm, 0x40000); }), HasSubstr("AArch64"));
  const std::string zero = folder_.file("zero", std::vector<std::uint8_t>(8));
  EXPECT_THAT(message_of<FileError>([&] { loader_.payload(zero, 0x40000); }),
              HasSubstr("first word is 0"));
}

TEST_F(Loader, ImagesDoNotOverlap) {
  loader_.raw(folder_.file("one", "abcdefgh"), 0x1000);
  const std::string two = folder_.file("two", "x");
  EXPECT_EQ(message_of<FileError>([&] { loader_.raw(two, 0x1007); }),
            two + ": [0x1007, 0x1007] overlaps " + folder_.path("one") + " [0x1000, 0x1007]");
  EXPECT_NO_THROW(loader_.raw(two, 0x1008));
}

}  // namespace
}  // namespace xive::platform
