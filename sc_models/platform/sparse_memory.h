// SPDX-License-Identifier: Apache-2.0
/// Main memory: 64 KiB pages that come into being when written.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sc_models/platform/memory_port.h"
#include "sc_models/platform/page_pool.h"
#include "sc_models/platform/target.h"

namespace xive::platform {

/// Sits where the memory is: hears of every store before it is visible, and decides the fate of
/// store-conditional.
class StoreSnooper {
 public:
  virtual ~StoreSnooper() = default;
  /// `requester` is no thread for a device (MemoryPort, block writes).
  virtual void on_store(std::uint64_t address, std::uint64_t size, const Requester& requester) = 0;
  virtual void on_reserve(std::uint64_t /*address*/, const Requester&) {}
  /// True: the store may be done (on_store follows). The reservation is gone either way.
  virtual bool on_conditional(std::uint64_t /*address*/, const Requester&) { return false; }
  /// True: until the next on_reserve it makes no difference here whether `requester` stores into
  /// [first, last] or not, so it may do so unseen.
  virtual bool indifferent(std::uint64_t /*first*/, std::uint64_t /*last*/,
                           const Requester&) const {
    return false;
  }
};

/// Loads and stores by host pointer although there is a snooper (an instruction set simulator), and
/// holds things derived from the contents (decoded code). It must hear of all that happens without
/// it.
class DirectUser {
 public:
  virtual ~DirectUser() = default;
  /// `requester` has a reservation from now on: others no longer store around it unseen.
  virtual void on_reserve(std::uint64_t address, const Requester& requester) = 0;
  /// Something was stored through access() or write().
  virtual void on_write(std::uint64_t address, std::uint64_t size) = 0;
};

class SparseMemory final : public Target, public MemoryPort {
 public:
  static constexpr unsigned kPageShift = 16;
  static constexpr std::uint64_t kPageSize = std::uint64_t{1} << kPageShift;

  /// [base, base + size); both multiples of kPageSize, size > 0, within 56 address bits:
  /// std::invalid_argument otherwise. Untouched memory reads 0.
  SparseMemory(std::uint64_t base, std::uint64_t size, Time latency = 0);

  std::uint64_t base() const { return base_; }
  std::uint64_t size() const { return size_; }
  bool contains(std::uint64_t address, std::uint64_t length) const {
    return address >= base_ && length <= size_ && address - base_ <= size_ - length;
  }
  /// Pages that exist.
  std::size_t pages() const { return pages_; }
  /// At most one; null removes it. While there is one, direct() regions are read-only.
  void set_snooper(StoreSnooper* snooper) { snooper_ = snooper; }
  /// At most one; null removes it. Not owned.
  void set_direct_user(DirectUser* user) { user_ = user; }
  /// For the direct user: host address of the byte at `address`, which is inside; its page lasts as
  /// long as the memory.
  std::uint8_t* host(std::uint64_t address) {
    const std::uint64_t offset = address - base_;
    return touch(offset).data() + (offset & (kPageSize - 1));
  }
  /// May `requester` store into [first, last] by pointer? Until DirectUser::on_reserve.
  bool may_store_unseen(std::uint64_t first, std::uint64_t last, const Requester& requester) const {
    return snooper_ == nullptr || snooper_->indifferent(first, last, requester);
  }

  /// Any alignment inside the memory; an access that straddles its end fails as a whole. Without a
  /// snooper a store-conditional is never done.
  Response access(const Request& request) override;
  bool read_block(std::uint64_t address, std::span<std::uint8_t> data) override {
    return read(address, data);
  }
  bool write_block(std::uint64_t address, std::span<const std::uint8_t> data) override {
    return write(address, data);
  }
  HostMemory host_memory(std::uint64_t address) override;
  void announce_write(std::uint64_t address, std::uint64_t size) override {
    announce(address, size, Requester{});
  }
  bool may_direct(std::uint64_t address) const override { return contains(address, 1); }
  /// One page; asking for it creates it.
  std::optional<DirectRegion> direct(std::uint64_t address) override;

  bool read(std::uint64_t address, std::span<std::uint8_t> data) override;
  bool write(std::uint64_t address, std::span<const std::uint8_t> data) override;

 private:
  static constexpr unsigned kGroupShift = 10;  ///< pages of one directory entry, log2
  using Page = std::array<std::uint8_t, kPageSize>;
  using Group = std::array<Page*, std::size_t{1} << kGroupShift>;

  Response atomic(const Request& request);
  Response plain(const Request& request);
  void copy_in(std::uint64_t address, std::span<const std::uint8_t> data);
  Page* find(std::uint64_t offset) const {
    const std::uint64_t page = offset >> kPageShift;
    const Group* group = groups_[page >> kGroupShift].get();
    return group == nullptr ? nullptr : (*group)[page & ((1U << kGroupShift) - 1)];
  }
  Page& touch(std::uint64_t offset) {
    Page* page = find(offset);
    return page != nullptr ? *page : create(offset);
  }
  Page& create(std::uint64_t offset);

  std::uint64_t base_;
  std::uint64_t size_;
  Time latency_;
  std::vector<std::unique_ptr<Group>> groups_;
  PagePool pool_;  ///< owns the pages
  std::size_t pages_ = 0;
  void announce(std::uint64_t address, std::uint64_t size, const Requester& requester) {
    if (snooper_ != nullptr) snooper_->on_store(address, size, requester);
    if (user_ != nullptr) user_->on_write(address, size);
  }

  StoreSnooper* snooper_ = nullptr;
  DirectUser* user_ = nullptr;
};

}  // namespace xive::platform
