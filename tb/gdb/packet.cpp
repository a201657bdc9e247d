// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/packet.h"

#include <fmt/format.h>

#include <charconv>
#include <numeric>

namespace xive::gdb {
namespace {

constexpr char kInterrupt = '\x03';
constexpr char kEscape = '}';

std::uint8_t checksum(std::string_view text) {
  unsigned sum = 0;
  for (const char c : text) sum += static_cast<unsigned char>(c);
  return static_cast<std::uint8_t>(sum);
}

}  // namespace

std::string frame(std::string_view text) {
  std::string body;
  for (const char c : text) {
    if (c == '$' || c == '#' || c == kEscape || c == '*') {
      body += kEscape;
      body += static_cast<char>(c ^ 0x20);
    } else {
      body += c;
    }
  }
  return fmt::format("${}#{:02x}", body, checksum(body));
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string text_to_hex(std::string_view text) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    std::uint8_t byte = 0;
    const auto result = std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    if (result.ec != std::errc() || result.ptr != digits.data() + i + 2) return std::nullopt;
    bytes.push_back(byte);
  }
  return bytes;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (result.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
  return value;
}

void PacketReader::put(std::string_view bytes) {
  buffer_ += bytes;
}

std::optional<PacketReader::Input> PacketReader::next() {
  while (!buffer_.empty()) {
    if (buffer_.front() == kInterrupt) {
      buffer_.erase(0, 1);
      return Input{Input::Kind::Interrupt, {}};
    }
    if (buffer_.front() != '$') {  // acknowledgements, noise
      buffer_.erase(0, 1);
      continue;
    }
    const std::size_t hash = buffer_.find('#');
    if (hash == std::string::npos || buffer_.size() < hash + 3) return std::nullopt;
    const std::string body = buffer_.substr(1, hash - 1);
    const auto sum = from_hex(std::string_view(buffer_).substr(hash + 1, 2));
    buffer_.erase(0, hash + 3);
    if (!sum || sum->front() != checksum(body)) return Input{Input::Kind::Damaged, {}};
    Input input;
    for (std::size_t i = 0; i < body.size(); ++i) {
      const bool escaped = body[i] == kEscape && i + 1 < body.size();
      input.text += escaped ? static_cast<char>(body[++i] ^ 0x20) : body[i];
    }
    return input;
  }
  return std::nullopt;
}

}  // namespace xive::gdb
