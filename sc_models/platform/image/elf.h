// SPDX-License-Identifier: Apache-2.0
/// What is needed of an ELF64 file for PPC64, big- or little-endian. Every offset of the file is
/// checked before it is followed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sc_models/platform/file_error.h"

namespace xive::platform {

bool is_elf(std::span<const std::uint8_t> data);

struct ElfSegment {
  std::uint64_t physical = 0, virtual_address = 0;
  std::uint64_t file_offset = 0, file_size = 0, memory_size = 0;
  bool executable = false;
};

struct ElfSymbol {
  std::uint64_t address = 0, size = 0;
  std::string name;
  bool function = false;
};

class ElfFile {
 public:
  /// FileError with `name` for anything else than a complete ELF64 file for PPC64. `data` must
  /// outlive the object.
  ElfFile(std::span<const std::uint8_t> data, const std::string& name);

  bool little_endian() const { return little_; }
  /// 1: function descriptors, 2: none; 0: not said (then 1 for big-endian files).
  unsigned abi() const { return abi_; }
  std::uint64_t entry() const { return entry_; }
  /// Load segments, by physical address; they do not overlap.
  const std::vector<ElfSegment>& segments() const { return segments_; }
  std::span<const std::uint8_t> content(const ElfSegment& segment) const {
    return data_.subspan(segment.file_offset, segment.file_size);
  }
  /// Functions and objects of the symbol table; function descriptors are followed to their code.
  std::vector<ElfSymbol> symbols() const;
  /// Physical address of the first instruction: `entry`, or what its descriptor says when `entry`
  /// lies in no executable segment.
  std::uint64_t start() const;

 private:
  [[noreturn]] void fail(const std::string& text) const { throw FileError(name_, text); }
  std::uint64_t get(std::uint64_t offset, unsigned bytes, const char* what) const;
  void read_segments();
  /// Value of 8 bytes at a virtual address that has content; 0 where there is none.
  std::uint64_t doubleword(std::uint64_t address) const;

  std::span<const std::uint8_t> data_;
  std::string name_;
  bool little_ = false;
  unsigned abi_ = 0;
  std::uint64_t entry_ = 0;
  std::vector<ElfSegment> segments_;
};

}  // namespace xive::platform
