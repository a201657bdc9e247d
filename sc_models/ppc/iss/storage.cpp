// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/storage.h"

#include <algorithm>

#include "sc_models/ppc/iss/code_cache.h"
#include "sc_models/ppc/iss/memory_view.h"

namespace xive::ppc::iss {

Storage::Storage(platform::Bus& bus, platform::SparseMemory& ram)
    : bus_(bus), ram_(ram), code_(std::make_unique<CodeCache>()) {
  ram_.set_direct_user(this);
}

Storage::~Storage() {
  ram_.set_direct_user(nullptr);
}

bool Storage::is_ram(std::uint64_t address, std::uint64_t length) const {
  const platform::Bus::Window* window = bus_.decode(address);
  if (window == nullptr || window->target != &ram_) return false;
  const auto [first, last] = bus_.extent(address);
  return length - 1 <= last - address && ram_.contains(address, length);
}

std::uint8_t* Storage::page(std::uint64_t address) {
  const std::uint64_t first = address & kPageMask;
  return is_ram(first, kPageSize) ? ram_.host(first) : nullptr;
}

void Storage::attach(MemoryView& view) {
  views_.push_back(&view);
}

void Storage::detach(MemoryView& view) {
  std::erase(views_, &view);
}

void Storage::note_store_page(const MemoryView& view, std::uint64_t page) {
  for (std::size_t n = 0; n < views_.size(); ++n) {
    if (views_[n] == &view) holders_[page] |= std::uint64_t{1} << (n & 63U);
  }
}

void Storage::revoke_stores(std::uint64_t page, std::uint32_t except) {
  const auto found = holders_.find(page);
  if (found == holders_.end() || found->second == 0) return;
  const std::uint8_t* host = ram_.host(page);
  std::uint64_t left = 0;
  for (std::size_t n = 0; n < views_.size(); ++n) {
    const std::uint64_t bit = std::uint64_t{1} << (n & 63U);
    if ((found->second & bit) == 0) continue;
    if (views_[n]->pir() == except) {
      left |= bit;
    } else {
      views_[n]->revoke_store(host);
    }
  }
  found->second = left;
}

void Storage::on_reserve(std::uint64_t address, const platform::Requester& requester) {
  if (views_.size() > 1) revoke_stores(address & kPageMask, requester.pir);
}

void Storage::on_write(std::uint64_t address, std::uint64_t size) {
  if (code_->holds(address, size)) code_->invalidate(address, size);
}

}  // namespace xive::ppc::iss
