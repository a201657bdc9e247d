// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/xscom.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace xive::platform {

void XscomConstants::set(std::uint32_t offset, std::uint64_t value, bool writable) {
  for (Register& reg : registers_) {
    if (reg.offset != offset) continue;
    reg.value = value;
    reg.writable = writable;
    return;
  }
  registers_.push_back({offset, value, writable});
}

bool XscomConstants::read(std::uint32_t offset, std::uint64_t& value) {
  for (const Register& reg : registers_) {
    if (reg.offset != offset) continue;
    value = reg.value;
    return true;
  }
  return false;
}

bool XscomConstants::write(std::uint32_t offset, std::uint64_t value) {
  for (Register& reg : registers_) {
    if (reg.offset != offset) continue;
    if (reg.writable) reg.value = value;
    return true;
  }
  return false;
}

void XscomRouter::map(std::uint32_t base, std::uint32_t size, XscomUnit& unit, std::string name) {
  const std::uint64_t end = std::uint64_t{base} + size;
  for (const Range& range : ranges_) {
    if (base < std::uint64_t{range.base} + range.size && range.base < end) {
      throw std::invalid_argument(fmt::format("XSCOM {} [{:#x}, {:#x}] overlaps {} [{:#x}, {:#x}]",
                                              name, base, end - 1, range.name, range.base,
                                              std::uint64_t{range.base} + range.size - 1));
    }
  }
  const auto at = std::find_if(ranges_.begin(), ranges_.end(),
                               [&](const Range& range) { return range.base > base; });
  ranges_.insert(at, {base, size, &unit, std::move(name)});
}

XscomRouter::Range* XscomRouter::find(std::uint32_t pcb) {
  const auto at =
      std::upper_bound(ranges_.begin(), ranges_.end(), pcb,
                       [](std::uint32_t value, const Range& range) { return value < range.base; });
  if (at == ranges_.begin()) return nullptr;
  Range& range = *std::prev(at);
  return pcb - range.base < range.size ? &range : nullptr;
}

void XscomRouter::note(std::uint32_t pcb, bool write) {
  auto at = std::find_if(unknown_accesses_.begin(), unknown_accesses_.end(),
                         [&](const Unknown& entry) { return entry.pcb == pcb; });
  if (at == unknown_accesses_.end()) {
    at = unknown_accesses_.insert(at, {pcb, 0, 0});
  }
  ++(write ? at->writes : at->reads);
}

bool XscomRouter::read(std::uint32_t pcb, std::uint64_t& value) {
  value = 0;
  Range* range = find(pcb);
  if (range != nullptr && range->unit->read(pcb - range->base, value)) return true;
  note(pcb, false);
  value = 0;
  return unknown_ == UnknownXscom::ReadZero;
}

bool XscomRouter::write(std::uint32_t pcb, std::uint64_t value) {
  Range* range = find(pcb);
  if (range != nullptr && range->unit->write(pcb - range->base, value)) return true;
  note(pcb, true);
  return unknown_ == UnknownXscom::ReadZero;
}

Response XscomWindow::access(const Request& request) {
  if (request.size != 8 || (request.address & 7U) != 0) {
    return error_response(Status::SizeError, request);
  }
  const auto pcb = static_cast<std::uint32_t>((request.address - base_) >> 3U);
  std::uint64_t value = 0;
  const bool load = request.command == Command::Load;
  const bool ok = load ? router_.read(pcb, value) : router_.write(pcb, request.data);
  if (completion_ && request.requester.is_thread()) completion_(request.requester, !ok);
  return {Status::Ok, load ? (ok ? value : all_ones(8)) : 0};
}

}  // namespace xive::platform
