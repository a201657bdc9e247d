// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/digest.h"

#include <fmt/format.h>

namespace xive::validate {

void Digest::add(std::string_view text) {
  add(static_cast<std::uint64_t>(text.size()));
  std::uint64_t word = 0;
  unsigned filled = 0;
  for (const char c : text) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << (8U * filled);
    if (++filled == 8) {
      add(word);
      word = 0;
      filled = 0;
    }
  }
  if (filled != 0) add(word);
}

std::string Digest::text() const {
  return fmt::format("{:016x}{:016x}", high(), low());
}

}  // namespace xive::validate
