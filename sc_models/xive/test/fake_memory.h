// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <memory>

#include "sc_models/platform/memory_port.h"

namespace xive::ic::test {

/// Sparse memory for tests: pages of 64 KiB that exist from `map()` on; the rest is a bus error.
class FakeMemory final : public platform::MemoryPort {
 public:
  static constexpr std::uint64_t kPage = 0x10000;

  void map(std::uint64_t address, std::uint64_t bytes) {
    for (std::uint64_t page = address / kPage; page <= (address + bytes - 1) / kPage; ++page) {
      auto& slot = pages_[page];
      if (!slot) slot = std::make_unique<Page>();
    }
  }
  void fill(std::uint64_t address, std::uint64_t bytes, std::uint8_t value) {
    map(address, bytes);
    for (std::uint64_t i = 0; i < bytes; ++i) *at(address + i) = value;
  }
  bool read(std::uint64_t address, std::span<std::uint8_t> data) override {
    ++accesses_;
    std::uint8_t* from = range(address, data.size());
    if (from == nullptr) return false;
    std::copy_n(from, data.size(), data.begin());
    return true;
  }
  bool write(std::uint64_t address, std::span<const std::uint8_t> data) override {
    ++accesses_;
    std::uint8_t* to = range(address, data.size());
    if (to == nullptr) return false;
    std::copy(data.begin(), data.end(), to);
    return true;
  }
  std::uint64_t be32(std::uint64_t address) { return *platform::load_be<4>(*this, address); }
  std::uint64_t be64(std::uint64_t address) { return *platform::load_be<8>(*this, address); }
  void put32(std::uint64_t address, std::uint64_t value) {
    platform::store_be<4>(*this, address, value);
  }
  void put64(std::uint64_t address, std::uint64_t value) {
    platform::store_be<8>(*this, address, value);
  }
  std::uint64_t accesses() const { return accesses_; }

 private:
  using Page = std::array<std::uint8_t, kPage>;
  std::uint8_t* at(std::uint64_t address) {
    if (last_ == nullptr || address / kPage != last_number_) {
      const auto page = pages_.find(address / kPage);
      if (page == pages_.end()) return nullptr;
      last_ = page->second.get();
      last_number_ = address / kPage;
    }
    return last_->data() + address % kPage;
  }
  std::uint8_t* range(std::uint64_t address, std::size_t bytes) {
    if (address % kPage + bytes > kPage) return nullptr;  // tables never need it
    return at(address);
  }
  std::map<std::uint64_t, std::unique_ptr<Page>> pages_;
  Page* last_ = nullptr;
  std::uint64_t last_number_ = 0;
  std::uint64_t accesses_ = 0;
};

}  // namespace xive::ic::test
