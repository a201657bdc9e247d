// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/fst_names.h"

#include <zlib.h>

#include <cstdint>
#include <cstring>

#include "tb/validate/files.h"

namespace xive::validate::testing_support {
namespace {

constexpr unsigned char kHierarchyGzip = 4;
constexpr unsigned char kHierarchyLz4 = 6;

std::uint64_t big_endian(const std::string& data, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    value = value << 8U | static_cast<unsigned char>(data.at(at + i));
  }
  return value;
}

std::string inflate_gzip(const std::string& data, std::size_t size) {
  std::string text(size, '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return {};
  const int code = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  return code == Z_STREAM_END ? text : std::string();
}

/// The LZ4 block format: literals and copies of what is already there.
std::string inflate_lz4(const std::string& data) {
  std::string text;
  std::size_t at = 0;
  const auto byte = [&] { return static_cast<unsigned char>(data.at(at++)); };
  const auto length = [&](std::size_t first) {
    std::size_t sum = first;
    if (first == 15) {
      unsigned char more = 255;
      while (more == 255) sum += more = byte();
    }
    return sum;
  };
  while (at < data.size()) {
    const unsigned char token = byte();
    const std::size_t literals = length(token >> 4U);
    text += data.substr(at, literals);
    at += literals;
    if (at >= data.size()) break;
    const std::size_t low = byte();
    const std::size_t offset = low | static_cast<std::size_t>(byte()) << 8U;
    const std::size_t copy = length(token & 15U) + 4;
    if (offset == 0 || offset > text.size()) return {};
    for (std::size_t i = 0; i < copy; ++i) text += text[text.size() - offset];
  }
  return text;
}

}  // namespace

std::string fst_names(const std::filesystem::path& path) {
  const std::string data = read_file(path);
  // Blocks: type, length (8 bytes, counted from itself), content.
  for (std::size_t at = 0; at + 9 <= data.size();) {
    const auto type = static_cast<unsigned char>(data[at]);
    const std::uint64_t length = big_endian(data, at + 1);
    if (length < 8 || at + 1 + length > data.size()) return {};
    if (type == kHierarchyGzip || type == kHierarchyLz4) {
      const std::uint64_t size = big_endian(data, at + 9);
      const std::string content = data.substr(at + 17, length - 16);
      return type == kHierarchyGzip ? inflate_gzip(content, size) : inflate_lz4(content);
    }
    at += 1 + length;
  }
  return {};
}

}  // namespace xive::validate::testing_support
