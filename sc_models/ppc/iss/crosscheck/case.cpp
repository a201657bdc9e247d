// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/crosscheck/case.h"

#include <algorithm>

#include <fmt/format.h>

#include "sc_models/ppc/iss/instruction.h"

namespace xive::ppc::iss::crosscheck {
namespace {

void put(Image& image, std::size_t offset, std::uint64_t value, unsigned size, bool little) {
  for (unsigned n = 0; n < size; ++n) {
    const unsigned shift = 8 * (little ? n : size - 1 - n);
    image[offset + n] = static_cast<std::uint8_t>(value >> shift);
  }
}
std::uint64_t get(const Image& image, std::size_t offset, bool little) {
  std::uint64_t value = 0;
  for (unsigned n = 0; n < 8; ++n) {
    const unsigned shift = 8 * (little ? n : 7 - n);
    value |= std::uint64_t{image[offset + n]} << shift;
  }
  return value;
}

/// What the words end with on the real machine: r0, CTR and LR into the case, then to its owner.
constexpr std::uint32_t kSuffix[] = {
    0xf8010000,  // std r0,0(r1)
    0x7c0902a6,  // mfctr r0
    0xf8010118,  // std r0,0x118(r1)
    0x7c0802a6,  // mflr r0
    0xf8010110,  // std r0,0x110(r1)
    0xe8010120,  // ld r0,0x120(r1)
    0x7c0903a6,  // mtctr r0
    0x4e800420,  // bctr
};

}  // namespace

Image to_image(const Case& the_case, bool little) {
  Image image{};
  for (unsigned n = 0; n < 32; ++n) put(image, 8 * n, the_case.gpr[n], 8, little);
  put(image, 0x100, the_case.cr, 8, little);
  put(image, 0x108, the_case.xer, 8, little);
  put(image, 0x110, the_case.lr, 8, little);
  put(image, 0x118, the_case.ctr, 8, little);
  std::copy(the_case.data.begin(), the_case.data.end(), image.begin() + kDataOffset);
  std::size_t at = kWordsOffset;
  for (const std::uint32_t word : the_case.words) {
    put(image, at, word, 4, little);
    at += 4;
  }
  for (const std::uint32_t word : kSuffix) {
    put(image, at, word, 4, little);
    at += 4;
  }
  return image;
}

Case from_image(const Image& image, bool little) {
  Case result;
  for (unsigned n = 0; n < 32; ++n) result.gpr[n] = get(image, 8 * n, little);
  result.cr = get(image, 0x100, little);
  result.xer = get(image, 0x108, little);
  result.lr = get(image, 0x110, little);
  result.ctr = get(image, 0x118, little);
  std::copy_n(image.begin() + kDataOffset, kDataBytes, result.data.begin());
  return result;
}

std::string difference(const Case& ours, const Case& theirs) {
  std::string text;
  const auto compare = [&](const std::string& name, std::uint64_t a, std::uint64_t b) {
    if (a != b) text += fmt::format("  {}: {:#018x} here, {:#018x} there\n", name, a, b);
  };
  for (unsigned n = 0; n < 32; ++n) compare(fmt::format("r{}", n), ours.gpr[n], theirs.gpr[n]);
  compare("cr", ours.cr, theirs.cr);
  compare("xer", ours.xer, theirs.xer);
  compare("lr", ours.lr, theirs.lr);
  compare("ctr", ours.ctr, theirs.ctr);
  for (unsigned n = 0; n < kDataBytes; ++n) {
    compare(fmt::format("data[{:#x}]", n), ours.data[n], theirs.data[n]);
  }
  return text;
}

std::string listing(const Case& the_case, const Setting& setting) {
  std::string text;
  for (std::size_t n = 0; n < the_case.words.size(); ++n) {
    const std::uint32_t word = the_case.words[n];
    const std::uint32_t suffix = n + 1 < the_case.words.size() ? the_case.words[n + 1] : 0;
    const Instruction* known = find_instruction(word, suffix, setting.v31);
    text += fmt::format("  {:#010x}: {:08x}  {}\n", kCode + 4 * n, word,
                        known == nullptr ? "?" : known->mnemonic);
    if (known != nullptr && is_prefixed(*known)) {
      text += fmt::format("  {:#010x}: {:08x}\n", kCode + 4 * ++n, suffix);
    }
  }
  return text;
}

}  // namespace xive::ppc::iss::crosscheck
