// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/image/file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace xive::platform {

std::vector<std::uint8_t> read_file(const std::string& file) {
  constexpr std::uintmax_t kLimit = std::uintmax_t{1} << 30U;
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error || !std::filesystem::exists(status)) throw FileError(file, "no such file");
  if (std::filesystem::is_directory(status)) throw FileError(file, "is a folder, a file expected");
  std::uintmax_t size = 0;
  if (std::filesystem::is_regular_file(status)) {
    size = std::filesystem::file_size(file, error);
    if (error) throw FileError(file, "cannot be read: " + error.message());
  }
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> data;
  if (in && size <= kLimit) data.reserve(static_cast<std::size_t>(size));
  std::array<char, 65536> buffer{};
  while (in && data.size() <= kLimit && size <= kLimit) {
    in.read(buffer.data(), buffer.size());
    data.insert(data.end(), buffer.begin(), buffer.begin() + in.gcount());
  }
  if (data.size() > kLimit || size > kLimit) throw FileError(file, "larger than 1 GiB");
  if (!in.eof() || data.size() < size) {
    throw FileError(file, std::string("cannot be read: ") + std::strerror(errno));
  }
  return data;
}

}  // namespace xive::platform
