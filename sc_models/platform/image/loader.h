// SPDX-License-Identifier: Apache-2.0
/// Puts images into the memory of a machine and knows where each one is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sc_models/platform/file_error.h"
#include "sc_models/platform/sparse_memory.h"

namespace xive::platform {

class ImageLoader {
 public:
  struct Placed {
    std::string name;  ///< file, or what it is
    std::uint64_t first = 0, last = 0;
  };

  /// `memory` is not owned.
  explicit ImageLoader(SparseMemory& memory) : memory_(memory) {}

  /// Bytes as they are. FileError when they do not fit into the memory, are empty or overlap what
  /// was placed before.
  void place(const std::string& name, std::uint64_t address, std::span<const std::uint8_t> data);

  /// Firmware: an ELF file by its segments, else raw at `address`. Returns the address of the first
  /// instruction; `raw_entry` is the offset of that of a raw image.
  std::uint64_t firmware(const std::string& file, std::uint64_t address, std::uint64_t raw_entry);

  /// A payload: the file as it is, at `address`. Firmware executes ELF files in place
  /// (skiboot-boot.md 8); one that it would not take is refused here.
  void payload(const std::string& file, std::uint64_t address);

  /// Any file as it is.
  void raw(const std::string& file, std::uint64_t address);

  const std::vector<Placed>& placed() const { return placed_; }

 private:
  void reserve(const std::string& name, std::uint64_t address, std::uint64_t size);

  SparseMemory& memory_;
  std::vector<Placed> placed_;
};

}  // namespace xive::platform
