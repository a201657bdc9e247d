// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace xive::platform::testing {

/// A folder for the files of one test.
class ScratchFolder {
 public:
  ScratchFolder() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            (std::string("xive-") + test->test_suite_name() + "-" + test->name() + "-" +
             std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "-" +
             std::to_string(reinterpret_cast<std::uintptr_t>(this) & 0xffffU));
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string file(const std::string& name, const std::vector<std::uint8_t>& data) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(data.data()),
              static_cast<std::streamsize>(data.size()));
    return (path_ / name).string();
  }
  std::string file(const std::string& name, const std::string& text) const {
    return file(name, std::vector<std::uint8_t>(text.begin(), text.end()));
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Composes small ELF64 files.
class ElfMaker {
 public:
  explicit ElfMaker(bool little = false) : little_(little) {}
  struct Segment {
    std::uint64_t address;
    std::vector<std::uint8_t> data;
    std::uint64_t memory_size;
    bool executable;
  };
  unsigned machine = 21, flags = 0;
  std::uint64_t entry = 0x1000;
  std::vector<Segment> segments;

  std::vector<std::uint8_t> make() const {
    std::vector<std::uint8_t> out = {0x7f, 'E', 'L', 'F', 2, std::uint8_t(little_ ? 1 : 2), 1};
    out.resize(16);
    put(out, 2, 2);
    put(out, machine, 2);
    put(out, 1, 4);
    put(out, entry, 8);
    put(out, 64, 8);
    put(out, 0, 8);
    put(out, flags, 4);
    put(out, 64, 2);
    put(out, 56, 2);
    put(out, segments.size(), 2);
    put(out, 64, 2);
    put(out, 0, 2);
    put(out, 0, 2);
    std::uint64_t offset = 64 + 56 * segments.size();
    for (const Segment& segment : segments) {
      put(out, 1, 4);
      put(out, segment.executable ? 5 : 6, 4);
      put(out, offset, 8);
      put(out, segment.address, 8);
      put(out, segment.address, 8);
      put(out, segment.data.size(), 8);
      put(out, segment.memory_size, 8);
      put(out, 0x10000, 8);
      offset += segment.data.size();
    }
    for (const Segment& segment : segments) {
      out.insert(out.end(), segment.data.begin(), segment.data.end());
    }
    return out;
  }

 private:
  void put(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned bytes) const {
    for (unsigned n = 0; n < bytes; ++n) {
      out.push_back(static_cast<std::uint8_t>(value >> 8U * (little_ ? n : bytes - 1 - n)));
    }
  }
  bool little_;
};

/// what() of the exception of type E that `call` throws.
template <typename E, typename Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace xive::platform::testing
