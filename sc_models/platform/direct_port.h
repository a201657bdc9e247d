// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "sc_models/platform/memory_port.h"

namespace xive::platform {

/// A port in front of another that remembers where pages are in the memory of the host, for whoever
/// reads and writes the same few pages again and again. Nobody but that can tell the difference.
class DirectPort final : public MemoryPort {
 public:
  /// `port` is not owned.
  explicit DirectPort(MemoryPort& port) : port_(port), layout_(port.layout()), seen_(layout_) {}

  [[gnu::always_inline]] bool read(std::uint64_t address, std::span<std::uint8_t> data) override {
    const Page& page = pages_[slot(address)];
    if (!page.holds(address, data.size()) || seen_ != layout_) return slow_read(address, data);
    std::memcpy(data.data(), page.at(address), data.size());
    return true;
  }
  [[gnu::always_inline]] bool write(std::uint64_t address,
                                    std::span<const std::uint8_t> data) override {
    const Page& page = pages_[slot(address)];
    if (!page.holds(address, data.size()) || seen_ != layout_) return slow_write(address, data);
    page.memory->announce_write(address, data.size());
    std::memcpy(page.at(address), data.data(), data.size());
    return true;
  }

 private:
  static constexpr unsigned kShift = 16, kPagesLog2 = 8;
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  static constexpr std::uint64_t kOffset = (std::uint64_t{1} << kShift) - 1;
  /// Aligned: one touches one line of a cache.
  struct alignas(32) Page {
    std::uint64_t number = kNone;
    std::uint8_t* data = nullptr;
    MemoryPort* memory = nullptr;
    bool holds(std::uint64_t address, std::size_t size) const {
      return address >> kShift == number && (address & kOffset) + size <= kOffset + 1;
    }
    std::uint8_t* at(std::uint64_t address) const { return data + (address & kOffset); }
  };

  /// Tables like to begin at round addresses: these must not share a place.
  static std::size_t slot(std::uint64_t address) {
    return (address >> kShift) * 0x9e3779b97f4a7c15 >> (64U - kPagesLog2);
  }
  /// Remembers the page of `address`, if it can be, for the next time.
  void remember(std::uint64_t address);
  bool slow_read(std::uint64_t address, std::span<std::uint8_t> data);
  bool slow_write(std::uint64_t address, std::span<const std::uint8_t> data);

  MemoryPort& port_;
  const std::uint64_t& layout_;
  std::uint64_t seen_;  ///< layout for which the pages hold
  std::array<Page, 1U << kPagesLog2> pages_{};
};

}  // namespace xive::platform
