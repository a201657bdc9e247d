// SPDX-License-Identifier: Apache-2.0
/// Framing of the remote serial protocol: $text#checksum, acknowledgements, escapes, run length.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xive::gdb {

/// "$...#xx" with the characters that need it escaped.
std::string frame(std::string_view text);

std::string to_hex(std::span<const std::uint8_t> bytes);
std::string text_to_hex(std::string_view text);
/// nullopt for an odd number of digits or anything else.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits);
/// A hexadecimal number at the beginning of `text`, which is shortened by it.
std::optional<std::uint64_t> take_number(std::string_view& text);

/// Takes packets out of a stream of bytes.
class PacketReader {
 public:
  struct Input {
    enum class Kind : std::uint8_t {
      Packet,
      Damaged,    ///< wrong checksum: must be sent again
      Interrupt,  ///< Ctrl-C
    } kind = Kind::Packet;
    std::string text;
  };
  void put(std::string_view bytes);
  std::optional<Input> next();

 private:
  std::string buffer_;
};

}  // namespace xive::gdb
