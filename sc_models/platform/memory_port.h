// SPDX-License-Identifier: Apache-2.0
/// How a model reaches main memory by physical address, without knowing what stands behind it.
/// Implementations: sc_models/platform/memory (the machine), small fakes in tests.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace xive::platform {

/// Physical addresses have 56 bits; an access above that, or where no memory is, fails.
inline constexpr unsigned kPhysicalAddressBits = 56;

class MemoryPort;

/// Memory of the host that stands for [first, last].
struct HostMemory {
  std::uint8_t* data = nullptr;  ///< of `first`; null: there is none
  std::uint64_t first = 0, last = 0;
  MemoryPort* memory = nullptr;  ///< whom to announce writes to
};

/// Byte access to physical memory. An access either happens as a whole or fails as a whole (false =
/// bus error): a failed read leaves `data` undefined, a failed write changes nothing. A single
/// naturally aligned access of up to 8 bytes is atomic. Nothing here throws.
class MemoryPort {
 public:
  virtual ~MemoryPort() = default;
  virtual bool read(std::uint64_t address, std::span<std::uint8_t> data) = 0;
  virtual bool write(std::uint64_t address, std::span<const std::uint8_t> data) = 0;

  /// What may be accessed by pointer around `address` until layout() changes. Creates nothing.
  virtual HostMemory host_memory(std::uint64_t /*address*/) { return {}; }
  /// To be called before a write by pointer.
  virtual void announce_write(std::uint64_t /*address*/, std::uint64_t /*size*/) {}
  /// Another value when host_memory() says something else than before.
  virtual const std::uint64_t& layout() const {
    static constexpr std::uint64_t kNeverChanges = 0;
    return kNeverChanges;
  }
};

/// A big-endian word of 4 or 8 bytes in one load, where compilers make one for each byte.
template <typename Word>
Word load_word(std::span<const std::uint8_t> data) {
  Word word;
  std::memcpy(&word, data.data(), sizeof word);
  if (std::endian::native == std::endian::big) return word;
  return sizeof word == 8 ? static_cast<Word>(__builtin_bswap64(word))
                          : static_cast<Word>(__builtin_bswap32(static_cast<std::uint32_t>(word)));
}

/// Big-endian value of `data` (1..8 bytes), byte 0 most significant, right-justified.
constexpr std::uint64_t from_big_endian(std::span<const std::uint8_t> data) {
  if (!std::is_constant_evaluated()) {
    if (data.size() == 8) return load_word<std::uint64_t>(data);
    if (data.size() == 4) return load_word<std::uint32_t>(data);
  }
  std::uint64_t value = 0;
  for (const std::uint8_t byte : data) value = value << 8U | byte;
  return value;
}

/// Writes the low `data.size()` bytes of `value`, most significant first.
constexpr void to_big_endian(std::uint64_t value, std::span<std::uint8_t> data) {
  for (std::size_t i = data.size(); i-- > 0; value >>= 8U) {
    data[i] = static_cast<std::uint8_t>(value);
  }
}

/// Big-endian load of Bytes bytes; nullopt on a bus error.
template <unsigned Bytes>
std::optional<std::uint64_t> load_be(MemoryPort& memory, std::uint64_t address) {
  static_assert(Bytes >= 1 && Bytes <= 8);
  std::array<std::uint8_t, Bytes> data{};
  if (!memory.read(address, data)) return std::nullopt;
  return from_big_endian(data);
}

/// Big-endian store of the low Bytes bytes of `value`; false on a bus error.
template <unsigned Bytes>
bool store_be(MemoryPort& memory, std::uint64_t address, std::uint64_t value) {
  static_assert(Bytes >= 1 && Bytes <= 8);
  std::array<std::uint8_t, Bytes> data{};
  to_big_endian(value, data);
  return memory.write(address, data);
}

}  // namespace xive::platform
