// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sc_models/platform/file_error.h"

namespace xive::platform {

/// Names of functions by address, for traces and state dumps.
class SymbolTable {
 public:
  struct Hit {
    const std::string* name;
    std::uint64_t offset;  ///< from the beginning of the function
  };

  /// Reads an ELF file, or a map with lines "ADDRESS [SIZE] [TYPE] NAME" (nm, skiboot.map). `base`
  /// is added to each address. FileError when it holds no symbol.
  void read(const std::string& file, std::uint64_t base = 0);
  /// Finds the map that skiboot carries in its image for its own backtraces: lines "ADDRESS TYPE
  /// NAME" with 16 digits. Returns how many names it had; 0 is no error.
  std::size_t read_embedded(std::span<const std::uint8_t> image, std::uint64_t base);
  void add(std::uint64_t address, std::string name, std::uint64_t size = 0);

  bool empty() const { return symbols_.empty(); }
  std::size_t size() const { return symbols_.size(); }
  /// Lowest address; all ones without symbols.
  std::uint64_t lowest() const;
  /// The function that holds `address`: the nearest below it, not further than its size, or 64 KiB
  /// when its size is not known.
  std::optional<Hit> find(std::uint64_t address) const;
  /// "name+0x10", or "" when nobody holds the address.
  std::string describe(std::uint64_t address) const;

 private:
  struct Symbol {
    std::uint64_t address, size;
    std::string name;
  };
  void sort() const;

  mutable std::vector<Symbol> symbols_;
  mutable bool sorted_ = true;
};

}  // namespace xive::platform
