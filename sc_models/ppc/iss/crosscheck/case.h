// SPDX-License-Identifier: Apache-2.0
/// One random instruction sequence with its registers and data, and how it is laid out in memory
/// for both machines.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace xive::ppc::iss::crosscheck {

inline constexpr std::uint64_t kCase = 0x20000000;  ///< registers and data in the machine's memory
inline constexpr std::uint64_t kCode = 0x2001000c;
inline constexpr std::size_t kCaseBytes = 0x400, kDataOffset = 0x200, kDataBytes = 0x100,
                             kWordsOffset = 0x300;
inline constexpr unsigned kMaxWords = 56;
/// Registers that keep their values: r1 points to the case, r14 into the middle of the data, r15 is
/// a small even index, r13 is the thread pointer.
inline constexpr unsigned kCasePointer = 1, kBase = 14, kIndex = 15, kThread = 13;

struct Setting {
  bool little_endian = false;
  bool v31 = false;
};

struct Case {
  std::array<std::uint64_t, 32> gpr{};
  std::uint64_t cr = 0, xer = 0, lr = 0, ctr = 0;
  std::array<std::uint8_t, kDataBytes> data{};
  std::vector<std::uint32_t> words;
};

/// Case `number` of the series `seed`.
Case generate(std::uint64_t seed, std::uint64_t number, const Setting& setting);

using Image = std::array<std::uint8_t, kCaseBytes>;
Image to_image(const Case& the_case, bool little_endian);
/// Registers and data of an image; not the words.
Case from_image(const Image& image, bool little_endian);

/// What differs, as text; empty: nothing that the architecture defines.
std::string difference(const Case& ours, const Case& theirs);
/// The words with their mnemonics.
std::string listing(const Case& the_case, const Setting& setting);

}  // namespace xive::ppc::iss::crosscheck
