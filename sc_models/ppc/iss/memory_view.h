// SPDX-License-Identifier: Apache-2.0
/// What one thread remembers of where its pages are: a software TLB to host memory.
#pragma once

#include <array>
#include <cstdint>

namespace xive::ppc::iss {

inline constexpr unsigned kPageShift = 12;
inline constexpr std::uint64_t kPageSize = std::uint64_t{1} << kPageShift;
inline constexpr std::uint64_t kPageMask = ~(kPageSize - 1);

class MemoryView {
 public:
  explicit MemoryView(std::uint32_t pir) : pir_(pir) { flush(); }

  std::uint32_t pir() const { return pir_; }

  /// Host address for a naturally aligned access of `Size` bytes, or null: ask the slow way.
  template <unsigned Size>
  const std::uint8_t* load(std::uint64_t effective) const {
    return find<Size>(load_, effective);
  }
  template <unsigned Size>
  std::uint8_t* store(std::uint64_t effective) const {
    return find<Size>(store_, effective);
  }

  void fill_load(std::uint64_t effective, std::uint8_t* page) { fill(load_, effective, page); }
  void fill_store(std::uint64_t effective, std::uint8_t* page) { fill(store_, effective, page); }
  /// Sets the real address of an access inside a page that is known not to be RAM.
  bool device(std::uint64_t effective, std::uint64_t& real) const {
    const Device& entry = device_[effective >> kDeviceShift & (kDevices - 1)];
    real = entry.real | (effective & ~kPageMask);
    return (effective & kPageMask) == entry.tag;
  }
  void fill_device(std::uint64_t effective, std::uint64_t real) {
    device_[effective >> kDeviceShift & (kDevices - 1)] = {effective & kPageMask, real & kPageMask};
  }
  void flush() {
    load_.fill({});
    store_.fill({});
    device_.fill({});
  }
  /// Forgets how to store into the page at host address `page`.
  void revoke_store(const std::uint8_t* page) {
    for (Entry& entry : store_) {
      if (entry.tag != kNoTag && entry.delta + entry.tag == reinterpret_cast<std::uintptr_t>(page))
        entry = {};
    }
  }

 private:
  /// Bits that no comparison leaves set.
  static constexpr std::uint64_t kNoTag = ~std::uint64_t{0};
  static constexpr unsigned kEntries = 256;
  struct Entry {
    std::uint64_t tag = kNoTag;
    std::uintptr_t delta = 0;  ///< host address minus effective address
  };
  using Table = std::array<Entry, kEntries>;

  template <unsigned Size>
  static std::uint8_t* find(const Table& table, std::uint64_t effective) {
    const Entry& entry = table[effective >> kPageShift & (kEntries - 1)];
    // Page and alignment in one comparison.
    if ((effective & (kPageMask | (Size - 1))) != entry.tag) return nullptr;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): one addition instead of base and offset
    return reinterpret_cast<std::uint8_t*>(entry.delta + effective);
  }
  static void fill(Table& table, std::uint64_t effective, std::uint8_t* page) {
    const std::uint64_t tag = effective & kPageMask;
    table[effective >> kPageShift & (kEntries - 1)] = {
        tag, reinterpret_cast<std::uintptr_t>(page) - tag};
  }

  /// Pages of devices are 64 KiB apart as a rule.
  static constexpr unsigned kDeviceShift = 16;
  static constexpr unsigned kDevices = 16;
  struct Device {
    std::uint64_t tag = kNoTag;
    std::uint64_t real = 0;
  };

  std::uint32_t pir_;
  Table load_, store_;
  std::array<Device, kDevices> device_;
};

}  // namespace xive::ppc::iss
