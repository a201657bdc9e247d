// SPDX-License-Identifier: Apache-2.0
/// What the ISS threads of a machine share: main memory with direct access, and decoded code.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/sparse_memory.h"

namespace xive::ppc::iss {

class CodeCache;
class MemoryView;

/// One per machine. It tells every thread when what the thread holds directly is no longer true: a
/// reservation of another thread, code that changed, a window that was mapped.
class Storage final : public platform::DirectUser {
 public:
  /// `bus` decides what an address is; `ram` is the one target that is accessed directly, without
  /// time and unseen by the bus. Both must outlive the object.
  Storage(platform::Bus& bus, platform::SparseMemory& ram);
  ~Storage() override;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  platform::Bus& bus() { return bus_; }
  platform::SparseMemory& ram() { return ram_; }
  CodeCache& code() { return *code_; }

  /// True if all of [address, address + length) is RAM.
  bool is_ram(std::uint64_t address, std::uint64_t length = 1) const;
  /// Host address of the 4 KiB page around `address`; null if part of it is not RAM.
  std::uint8_t* page(std::uint64_t address);

  /// Threads register what they hold.
  void attach(MemoryView& view);
  void detach(MemoryView& view);
  /// `view` can store into the page directly from now on.
  void note_store_page(const MemoryView& view, std::uint64_t page);
  /// No thread but `except` may store directly into the page any more.
  void revoke_stores(std::uint64_t page, std::uint32_t except = platform::Requester::kNoThread);

  // --- platform::DirectUser ---
  void on_reserve(std::uint64_t address, const platform::Requester& requester) override;
  void on_write(std::uint64_t address, std::uint64_t size) override;

 private:
  platform::Bus& bus_;
  platform::SparseMemory& ram_;
  std::unique_ptr<CodeCache> code_;
  std::vector<MemoryView*> views_;
  /// Views that may know how to store into a page, as a set of bits (number modulo 64).
  std::unordered_map<std::uint64_t, std::uint64_t> holders_;
};

}  // namespace xive::ppc::iss
