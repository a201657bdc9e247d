// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/sparse_memory.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

namespace xive::platform {
namespace {

constexpr std::uint64_t kOffsetMask = SparseMemory::kPageSize - 1;

/// Big-endian value of the `size` bytes at `bytes`.
std::uint64_t load(const std::uint8_t* bytes, unsigned size) {
  return size == 1 ? *bytes : from_big_endian({bytes, size});
}

/// The other way round. A fixed-length loop per size compiles to a byte swap and one store.
void store(std::uint8_t* bytes, unsigned size, std::uint64_t value) {
  switch (size) {
    case 1:
      *bytes = static_cast<std::uint8_t>(value);
      return;
    case 2:
      return to_big_endian(value, {bytes, 2});
    case 4:
      return to_big_endian(value, {bytes, 4});
    case 8:
      return to_big_endian(value, {bytes, 8});
    default:
      return to_big_endian(value, {bytes, size});
  }
}

bool in_one_page(std::uint64_t offset, std::size_t size) {
  return (offset & kOffsetMask) + size <= SparseMemory::kPageSize;
}

/// Calls act(offset, part) for the part of `data` in each page. Not inlined: rare.
template <typename Byte, typename Act>
[[gnu::noinline]] void by_pages(std::uint64_t offset, std::span<Byte> data, Act act) {
  while (!data.empty()) {
    const std::size_t size =
        std::min<std::size_t>(data.size(), SparseMemory::kPageSize - (offset & kOffsetMask));
    act(offset, data.first(size));
    data = data.subspan(size);
    offset += size;
  }
}

/// memcpy that needs no call for the sizes of table entries.
void copy(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  switch (size) {
    case 1:
      *to = *from;
      return;
    case 4:
      std::memcpy(to, from, 4);
      return;
    case 8:
      std::memcpy(to, from, 8);
      return;
    case 32:
      std::memcpy(to, from, 32);
      return;
    case 64:
      std::memcpy(to, from, 64);
      return;
    default:
      std::memcpy(to, from, size);
  }
}

}  // namespace

SparseMemory::SparseMemory(std::uint64_t base, std::uint64_t size, Time latency)
    : base_(base), size_(size), latency_(latency) {
  const std::uint64_t limit = std::uint64_t{1} << kPhysicalAddressBits;
  if (size == 0 || ((base | size) & kOffsetMask) != 0 || base >= limit || size > limit - base) {
    throw std::invalid_argument(fmt::format(
        "memory at {:#x}, size {:#x}: base and size must be multiples of 64 KiB below 2^56", base,
        size));
  }
  const std::uint64_t page_count = size >> kPageShift;
  groups_.resize((page_count + (1U << kGroupShift) - 1) >> kGroupShift);
}

SparseMemory::Page& SparseMemory::create(std::uint64_t offset) {
  const std::uint64_t page = offset >> kPageShift;
  auto& group = groups_[page >> kGroupShift];
  if (!group) group = std::make_unique<Group>();
  auto& slot = (*group)[page & ((1U << kGroupShift) - 1)];
  static_assert(sizeof(Page) == PagePool::kPageBytes);
  slot = static_cast<Page*>(pool_.allocate());
  ++pages_;
  return *slot;
}

Response SparseMemory::access(const Request& request) {
  if (!contains(request.address, request.size)) {
    return error_response(Status::AddressError, request, latency_);
  }
  if (request.atomic != Atomic::None) return atomic(request);
  return plain(request);
}

Response SparseMemory::atomic(const Request& request) {
  // Reservations exist for naturally aligned words only; anything else is an alignment error.
  if ((request.address & (request.size - 1U)) != 0) {
    return error_response(Status::SizeError, request, latency_);
  }
  if (request.command == Command::Load) {
    if (snooper_ != nullptr) snooper_->on_reserve(request.address, request.requester);
    if (user_ != nullptr) user_->on_reserve(request.address, request.requester);
    return plain(request);
  }
  if (snooper_ == nullptr || !snooper_->on_conditional(request.address, request.requester)) {
    return {Status::Ok, 0, latency_};
  }
  Response response = plain(request);
  response.data = 1;
  return response;
}

Response SparseMemory::plain(const Request& request) {
  const std::uint64_t offset = request.address - base_;
  const std::uint64_t in_page = offset & kOffsetMask;
  if (in_page + request.size > kPageSize) {
    std::array<std::uint8_t, 8> bytes{};
    const std::span<std::uint8_t> span(bytes.data(), request.size);
    if (request.command == Command::Store) {
      to_big_endian(request.data, span);
      announce(request.address, request.size, request.requester);
      copy_in(request.address, span);
      return {Status::Ok, 0, latency_};
    }
    read(request.address, span);
    return {Status::Ok, from_big_endian(span), latency_};
  }
  if (request.command == Command::Load) {
    const Page* page = find(offset);
    return {Status::Ok, page == nullptr ? 0 : load(page->data() + in_page, request.size), latency_};
  }
  announce(request.address, request.size, request.requester);
  store(touch(offset).data() + in_page, request.size, request.data);
  return {Status::Ok, 0, latency_};
}

HostMemory SparseMemory::host_memory(std::uint64_t address) {
  if (!contains(address, 1)) return {};
  const std::uint64_t offset = address - base_;
  Page* const page = find(offset);
  if (page == nullptr) return {};
  const std::uint64_t first = base_ + (offset & ~kOffsetMask);
  return {page->data(), first, first + kOffsetMask, this};
}

std::optional<DirectRegion> SparseMemory::direct(std::uint64_t address) {
  if (!contains(address, 1)) return std::nullopt;
  const std::uint64_t offset = address - base_;
  const std::uint64_t first = base_ + (offset & ~kOffsetMask);
  return DirectRegion{touch(offset).data(), first, first + kOffsetMask, snooper_ == nullptr,
                      latency_};
}

bool SparseMemory::read(std::uint64_t address, std::span<std::uint8_t> data) {
  if (!contains(address, data.size())) return false;
  const std::uint64_t offset = address - base_;
  if (const Page* page = find(offset); page != nullptr && in_one_page(offset, data.size())) {
    copy(data.data(), page->data() + (offset & kOffsetMask), data.size());
  } else {
    by_pages(offset, data, [this](std::uint64_t at, std::span<std::uint8_t> part) {
      if (const Page* some = find(at)) {
        std::memcpy(part.data(), some->data() + (at & kOffsetMask), part.size());
      } else {
        std::memset(part.data(), 0, part.size());
      }
    });
  }
  return true;
}

bool SparseMemory::write(std::uint64_t address, std::span<const std::uint8_t> data) {
  if (!contains(address, data.size())) return false;
  if (!data.empty()) announce(address, data.size(), Requester{});
  copy_in(address, data);
  return true;
}

void SparseMemory::copy_in(std::uint64_t address, std::span<const std::uint8_t> data) {
  const std::uint64_t offset = address - base_;
  if (Page* page = find(offset); page != nullptr && in_one_page(offset, data.size())) {
    copy(page->data() + (offset & kOffsetMask), data.data(), data.size());
  } else {
    by_pages(offset, data, [this](std::uint64_t at, std::span<const std::uint8_t> part) {
      std::memcpy(touch(at).data() + (at & kOffsetMask), part.data(), part.size());
    });
  }
}

}  // namespace xive::platform
