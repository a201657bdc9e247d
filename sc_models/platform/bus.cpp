// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/bus.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

namespace xive::platform {
namespace {

std::string describe(const Bus::Window& window) {
  return fmt::format("{} [{:#x}, {:#x}]", window.name, window.base, window.base + window.size - 1);
}

}  // namespace

Bus::WindowId Bus::map(const Window& window) {
  const std::uint64_t limit = std::uint64_t{1} << kPhysicalAddressBits;
  if (window.size == 0 || window.base >= limit || window.size > limit - window.base) {
    throw std::invalid_argument(
        fmt::format("window {} at {:#x}, size {:#x}: must not be empty and "
                    "must end below 2^56",
                    window.name, window.base, window.size));
  }
  if (window.target == nullptr) {
    throw std::invalid_argument(fmt::format("window {} has no target", window.name));
  }
  for (const Entry& entry : windows_) {
    const Window& other = entry.window;
    if (other.priority == window.priority && other.base < window.base + window.size &&
        window.base < other.base + other.size) {
      throw std::invalid_argument(fmt::format("{} overlaps {} with the same priority {}",
                                              describe(window), describe(other), window.priority));
    }
  }
  windows_.push_back({next_id_, window});
  rebuild();
  return next_id_++;
}

void Bus::unmap(WindowId id) {
  std::erase_if(windows_, [&](const Entry& entry) { return entry.id == id; });
  rebuild();
}

void Bus::rebuild() {
  std::set<std::uint64_t> cuts;
  for (const Entry& entry : windows_) {
    cuts.insert(entry.window.base);
    cuts.insert(entry.window.base + entry.window.size);
  }
  ++generation_;
  segments_.clear();
  hints_ = {};
  for (auto cut = cuts.begin(); cut != cuts.end() && std::next(cut) != cuts.end(); ++cut) {
    const std::uint64_t first = *cut, last = *std::next(cut) - 1;
    const Entry* best = nullptr;
    for (const Entry& entry : windows_) {
      const Window& window = entry.window;
      if (first < window.base || last > window.base + window.size - 1) continue;
      if (best == nullptr || window.priority > best->window.priority) best = &entry;
    }
    if (best == nullptr) continue;
    const Window* const window = &best->window;
    if (!segments_.empty() && segments_.back().window == window &&
        segments_.back().last + 1 == first) {
      segments_.back().last = last;
    } else {
      segments_.push_back({first, last, window});
    }
  }
}

const Bus::Segment* Bus::search(std::uint64_t address) const {
  const auto at = std::upper_bound(
      segments_.begin(), segments_.end(), address,
      [](std::uint64_t value, const Segment& segment) { return value < segment.first; });
  if (at == segments_.begin()) return nullptr;
  const Segment& segment = *std::prev(at);
  if (address > segment.last) return nullptr;
  hints_[address >> kHintShift & (hints_.size() - 1)] = segment;
  return &segment;
}

const Bus::Window* Bus::decode(std::uint64_t address) const {
  const Segment* segment = find(address);
  return segment == nullptr ? nullptr : segment->window;
}

std::pair<std::uint64_t, std::uint64_t> Bus::extent(std::uint64_t address) const {
  const Segment* segment = find(address);
  if (segment == nullptr) return {address, address};
  return {segment->first, segment->last};
}

std::string Bus::explain(std::uint64_t address) const {
  if (const Window* window = decode(address)) {
    return fmt::format("{:#x} is in {}", address, describe(*window));
  }
  const Window* below = nullptr;
  const Window* above = nullptr;
  for (const Segment& segment : segments_) {
    if (segment.last < address) below = segment.window;
    if (segment.first > address && above == nullptr) above = segment.window;
  }
  return fmt::format("{:#x} is in no window; below: {}, above: {}", address,
                     below == nullptr ? "none" : describe(*below),
                     above == nullptr ? "none" : describe(*above));
}

Response Bus::fail(const Request& request, Status status, Time latency) {
  ++errors_;
  if (error_hook_) {
    error_hook_(
        {request, status,
         fmt::format("{} of {} bytes: {}: {}", request.command == Command::Load ? "load" : "store",
                     unsigned{request.size}, to_string(status), explain(request.address))});
  }
  return error_response(status, request, latency);
}

bool Bus::read(std::uint64_t address, std::span<std::uint8_t> data) {
  Target* const memory = memory_at(address, data.size());
  return memory != nullptr && memory->read_block(address, data);
}

bool Bus::write(std::uint64_t address, std::span<const std::uint8_t> data) {
  Target* const memory = memory_at(address, data.size());
  return memory != nullptr && memory->write_block(address, data);
}

Target* Bus::memory_at(std::uint64_t address, std::uint64_t size) const {
  const Segment* segment = find(address);
  if (segment == nullptr || !segment->holds_all(address, size)) return nullptr;
  return segment->window->kind == Kind::Memory ? segment->window->target : nullptr;
}

bool Bus::read_block(std::uint64_t address, std::span<std::uint8_t> data) {
  const Segment* segment = find(address);
  if (segment == nullptr || !segment->holds_all(address, data.size())) return false;
  return segment->window->target->read_block(address, data);
}

bool Bus::write_block(std::uint64_t address, std::span<const std::uint8_t> data) {
  const Segment* segment = find(address);
  if (segment == nullptr || !segment->holds_all(address, data.size())) return false;
  return segment->window->target->write_block(address, data);
}

HostMemory Bus::host_memory(std::uint64_t address) {
  const Segment* segment = find(address);
  if (segment == nullptr || segment->window->kind != Kind::Memory) return {};
  HostMemory host = segment->window->target->host_memory(address);
  // Another window may cover part of it.
  const std::uint64_t first = std::max(host.first, segment->first);
  if (host.data != nullptr) host.data += first - host.first;
  host.first = first;
  host.last = std::min(host.last, segment->last);
  return host;
}

std::optional<DirectRegion> Bus::direct(std::uint64_t address) {
  const Segment* segment = find(address);
  if (segment == nullptr) return std::nullopt;
  auto region = segment->window->target->direct(address);
  if (!region || region->first > address || region->last < address) return std::nullopt;
  // Another window may cover part of what the target offers.
  const std::uint64_t first = std::max(region->first, segment->first);
  region->data += first - region->first;
  region->first = first;
  region->last = std::min(region->last, segment->last);
  region->latency += segment->window->latency;
  return region;
}

}  // namespace xive::platform
