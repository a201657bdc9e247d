// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/image/loader.h"

#include <fmt/format.h>

#include "sc_models/platform/image/elf.h"
#include "sc_models/platform/image/file.h"

namespace xive::platform {
namespace {

/// First instruction of skiboot's entry: "tdi 0,r0,0x48", which decodes as a branch in the other
/// byte order (skiboot-boot.md 2).
constexpr std::uint32_t kEndianFix = 0x08000048, kSwapped = 0x48000008;

std::uint32_t word(std::span<const std::uint8_t> data, std::uint64_t offset) {
  return static_cast<std::uint32_t>(from_big_endian(data.subspan(offset, 4)));
}

}  // namespace

void ImageLoader::reserve(const std::string& name, std::uint64_t address, std::uint64_t size) {
  if (size == 0) throw FileError(name, "is empty");
  if (!memory_.contains(address, size)) {
    throw FileError(
        name, fmt::format("needs memory [{:#x}, {:#x}], the machine has [{:#x}, {:#x}]", address,
                          address + size - 1, memory_.base(), memory_.base() + memory_.size() - 1));
  }
  for (const Placed& other : placed_) {
    if (address <= other.last && other.first <= address + size - 1) {
      throw FileError(name, fmt::format("[{:#x}, {:#x}] overlaps {} [{:#x}, {:#x}]", address,
                                        address + size - 1, other.name, other.first, other.last));
    }
  }
  placed_.push_back({name, address, address + size - 1});
}

void ImageLoader::place(const std::string& name, std::uint64_t address,
                        std::span<const std::uint8_t> data) {
  reserve(name, address, data.size());
  memory_.write(address, data);
}

std::uint64_t ImageLoader::firmware(const std::string& file, std::uint64_t address,
                                    std::uint64_t raw_entry) {
  const auto data = read_file(file);
  if (is_elf(data)) {
    const ElfFile elf(data, file);
    for (const ElfSegment& segment : elf.segments()) {
      reserve(file, segment.physical, segment.memory_size);
      memory_.write(segment.physical, elf.content(segment));
    }
    return elf.start();
  }
  if (data.size() < raw_entry + 8) {
    throw FileError(file, fmt::format("truncated: {} bytes, firmware is entered at {:#x}",
                                      data.size(), raw_entry));
  }
  if (word(data, raw_entry) == kSwapped) {
    throw FileError(file, fmt::format("wrong byte order: the word at {:#x} is {:#010x}, {:#010x} "
                                      "(with its bytes in this order) expected",
                                      raw_entry, kSwapped, kEndianFix));
  }
  place(file, address, data);
  return address + raw_entry;
}

void ImageLoader::payload(const std::string& file, std::uint64_t address) {
  const auto data = read_file(file);
  if (is_elf(data)) {
    const ElfFile elf(data, file);
    static_cast<void>(elf.start());
  } else if (data.size() >= 4 && word(data, 0) == 0) {
    throw FileError(file, "its first word is 0: firmware would take it for no payload");
  }
  place(file, address, data);
}

void ImageLoader::raw(const std::string& file, std::uint64_t address) {
  place(file, address, read_file(file));
}

}  // namespace xive::platform
