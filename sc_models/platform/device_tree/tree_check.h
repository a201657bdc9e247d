// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sc_models/platform/file_error.h"

namespace xive::platform {

/// Looks for what skiboot asserts on (table of mandatory nodes and properties, skiboot-boot.md 3):
/// FileError with `name`, node and property on the first thing missing.
void check_tree(std::span<const std::uint8_t> tree, const std::string& name);

/// What a tree tells about the machine that it expects.
struct TreeFacts {
  /// PIRs of all threads of all CPU nodes with status "okay", ascending.
  std::vector<std::uint32_t> pirs;
  std::uint64_t memory_end = 0;  ///< end of the highest memory node
};
/// Of a tree that passed check_tree().
TreeFacts tree_facts(std::span<const std::uint8_t> tree);

/// A .dtb file as it is, a .dts file through `dtc`; checked. A missing dtc: EnvironmentError.
std::vector<std::uint8_t> load_tree(const std::string& file);

/// Sets the properties of /chosen that tell where an initramfs and a payload are; used for trees
/// from a file. FileError when the tree has no room and cannot grow.
struct ChosenChange {
  std::optional<std::uint64_t> kernel_base;
  std::uint64_t initrd = 0, initrd_size = 0;
  std::string bootargs;
};
void change_chosen(std::vector<std::uint8_t>& tree, const std::string& name,
                   const ChosenChange& change);

}  // namespace xive::platform
