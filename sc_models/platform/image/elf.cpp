// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/image/elf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace xive::platform {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic = {0x7f, 'E', 'L', 'F'};
constexpr unsigned kClass64 = 2, kLittle = 1, kBig = 2, kPpc64 = 21;
constexpr std::uint64_t kHeader = 64, kProgramHeader = 56, kSectionHeader = 64, kSymbol = 24;
constexpr unsigned kLoad = 1, kSymbolTable = 2, kExecutable = 1;

std::string_view machine_name(unsigned machine) {
  switch (machine) {
    case 3:
      return "x86";
    case 20:
      return "32-bit PowerPC";
    case 40:
      return "ARM";
    case 62:
      return "x86-64";
    case 183:
      return "AArch64";
    case 243:
      return "RISC-V";
    default:
      return "another machine";
  }
}

}  // namespace

bool is_elf(std::span<const std::uint8_t> data) {
  return data.size() >= kMagic.size() && std::equal(kMagic.begin(), kMagic.end(), data.begin());
}

std::uint64_t ElfFile::get(std::uint64_t offset, unsigned bytes, const char* what) const {
  if (offset > data_.size() || bytes > data_.size() - offset) {
    fail(fmt::format("truncated: {} bytes, its {} needs byte {:#x}", data_.size(), what,
                     offset + bytes - 1));
  }
  std::uint64_t value = 0;
  for (unsigned n = 0; n < bytes; ++n) {
    value = value << 8U | data_[offset + (little_ ? bytes - 1 - n : n)];
  }
  return value;
}

ElfFile::ElfFile(std::span<const std::uint8_t> data, const std::string& name)
    : data_(data), name_(name) {
  if (!is_elf(data)) fail("no ELF file: it does not begin with 7f 45 4c 46");
  if (data.size() < kHeader) {
    fail(fmt::format("truncated: {} bytes, an ELF64 header has {}", data.size(), kHeader));
  }
  if (data[5] != kLittle && data[5] != kBig) {
    fail(fmt::format("byte order {} in the ELF header, 1 (little) or 2 (big) expected", data[5]));
  }
  little_ = data[5] == kLittle;
  const auto machine = static_cast<unsigned>(get(18, 2, "header"));
  if (data[4] != kClass64) {
    fail(fmt::format("ELF file of {} bits, ELF64 for PPC64 expected", data[4] == 1 ? "32" : "?"));
  }
  if (machine != kPpc64) {
    // The number of PPC64 with its bytes swapped says that the byte order is wrong.
    if (machine == (kPpc64 << 8U)) {
      fail(fmt::format("its header says {}-endian, but its fields are {}-endian",
                       little_ ? "little" : "big", little_ ? "big" : "little"));
    }
    fail(fmt::format("ELF file for {} (machine {}), PPC64 (machine {}) expected",
                     machine_name(machine), machine, kPpc64));
  }
  entry_ = get(24, 8, "header");
  abi_ = static_cast<unsigned>(get(48, 4, "header") & 3U);
  if (abi_ == 0) abi_ = little_ ? 2 : 1;
  read_segments();
}

void ElfFile::read_segments() {
  const std::uint64_t table = get(32, 8, "header");
  const std::uint64_t entry_size = get(54, 2, "header");
  const std::uint64_t count = get(56, 2, "header");
  if (count > 0 && entry_size != kProgramHeader) {
    fail(fmt::format("program headers of {} bytes, {} expected", entry_size, kProgramHeader));
  }
  for (std::uint64_t n = 0; n < count; ++n) {
    if (table > data_.size()) fail("truncated: the program headers lie behind the end of the file");
    const std::uint64_t at = table + n * kProgramHeader;
    if (get(at, 4, "program header") != kLoad) continue;
    ElfSegment segment;
    segment.executable = (get(at + 4, 4, "program header") & kExecutable) != 0;
    segment.file_offset = get(at + 8, 8, "program header");
    segment.virtual_address = get(at + 16, 8, "program header");
    segment.physical = get(at + 24, 8, "program header");
    segment.file_size = get(at + 32, 8, "program header");
    segment.memory_size = get(at + 40, 8, "program header");
    if (segment.file_size > segment.memory_size) {
      fail(fmt::format("segment {}: {:#x} bytes in the file for {:#x} bytes of memory", n,
                       segment.file_size, segment.memory_size));
    }
    if (segment.file_offset > data_.size() ||
        segment.file_size > data_.size() - segment.file_offset) {
      fail(fmt::format("truncated: {} bytes, segment {} needs {:#x} bytes from {:#x}", data_.size(),
                       n, segment.file_size, segment.file_offset));
    }
    if (segment.memory_size == 0) continue;
    if (segment.physical + segment.memory_size - 1 < segment.physical) {
      fail(fmt::format("segment {} at {:#x} wraps around the end of the address space", n,
                       segment.physical));
    }
    segments_.push_back(segment);
  }
  if (segments_.empty()) fail("has no load segment");
  std::sort(segments_.begin(), segments_.end(),
            [](const ElfSegment& a, const ElfSegment& b) { return a.physical < b.physical; });
  for (std::size_t n = 1; n < segments_.size(); ++n) {
    const ElfSegment& before = segments_[n - 1];
    const ElfSegment& after = segments_[n];
    if (before.physical + before.memory_size > after.physical) {
      fail(fmt::format("overlapping segments [{:#x}, {:#x}] and [{:#x}, {:#x}]", before.physical,
                       before.physical + before.memory_size - 1, after.physical,
                       after.physical + after.memory_size - 1));
    }
  }
}

std::uint64_t ElfFile::doubleword(std::uint64_t address) const {
  for (const ElfSegment& segment : segments_) {
    if (address < segment.virtual_address) continue;
    const std::uint64_t offset = address - segment.virtual_address;
    if (offset + 8 > segment.file_size || offset > segment.file_size) continue;
    return get(segment.file_offset + offset, 8, "segment");
  }
  return 0;
}

std::uint64_t ElfFile::start() const {
  std::uint64_t address = entry_;
  const auto executable = [&](std::uint64_t at) {
    return std::any_of(segments_.begin(), segments_.end(), [&](const ElfSegment& segment) {
      return segment.executable && at >= segment.virtual_address &&
             at - segment.virtual_address < segment.memory_size;
    });
  };
  if (abi_ == 1 && !executable(address)) address = doubleword(address);
  for (const ElfSegment& segment : segments_) {
    if (address >= segment.virtual_address &&
        address - segment.virtual_address < segment.memory_size) {
      return segment.physical + (address - segment.virtual_address);
    }
  }
  fail(fmt::format("entry {:#x} lies in no segment", entry_));
}

std::vector<ElfSymbol> ElfFile::symbols() const {
  std::vector<ElfSymbol> symbols;
  const std::uint64_t table = get(40, 8, "header");
  const std::uint64_t count = get(60, 2, "header");
  if (table == 0 || table > data_.size()) return symbols;
  const auto section = [&](std::uint64_t n) { return table + n * kSectionHeader; };
  for (std::uint64_t n = 0; n < count; ++n) {
    if (get(section(n) + 4, 4, "section header") != kSymbolTable) continue;
    const std::uint64_t first = get(section(n) + 24, 8, "section header");
    const std::uint64_t bytes = get(section(n) + 32, 8, "section header");
    const std::uint64_t strings_section = get(section(n) + 40, 4, "section header");
    const std::uint64_t strings = get(section(strings_section) + 24, 8, "section header");
    const std::uint64_t strings_size = get(section(strings_section) + 32, 8, "section header");
    if (strings > data_.size() || strings_size > data_.size() - strings) fail("truncated: names");
    const std::string_view names(reinterpret_cast<const char*>(data_.data()) + strings,
                                 static_cast<std::size_t>(strings_size));
    if (first > data_.size() || bytes > data_.size() - first) fail("truncated: symbol table");
    for (std::uint64_t at = first; at + kSymbol <= first + bytes; at += kSymbol) {
      const std::uint64_t name = get(at, 4, "symbol");
      const unsigned type = data_[at + 4] & 0xfU;
      const std::uint64_t place = get(at + 6, 2, "symbol");
      if (place == 0 || type > 2 || name >= names.size()) continue;
      ElfSymbol symbol;
      symbol.name = names.substr(name, names.find('\0', name) - name);
      if (symbol.name.empty()) continue;
      symbol.address = get(at + 8, 8, "symbol");
      symbol.size = get(at + 16, 8, "symbol");
      symbol.function = type == 2;
      const bool descriptor =
          std::any_of(segments_.begin(), segments_.end(), [&](const ElfSegment& segment) {
            return !segment.executable && symbol.address >= segment.virtual_address &&
                   symbol.address - segment.virtual_address < segment.memory_size;
          });
      if (symbol.function && abi_ == 1 && descriptor) {
        if (const std::uint64_t code = doubleword(symbol.address)) symbol.address = code;
      }
      symbols.push_back(std::move(symbol));
    }
  }
  return symbols;
}

}  // namespace xive::platform
