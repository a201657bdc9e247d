// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/direct_port.h"

namespace xive::platform {

void DirectPort::remember(std::uint64_t address) {
  if (seen_ != layout_) {
    pages_.fill({});
    seen_ = layout_;
  }
  const std::uint64_t first = address & ~kOffset;
  const HostMemory host = port_.host_memory(address);
  if (host.data != nullptr && host.first <= first && host.last >= first + kOffset) {
    pages_[slot(address)] = {address >> kShift, host.data + (first - host.first), host.memory};
  }
}

bool DirectPort::slow_read(std::uint64_t address, std::span<std::uint8_t> data) {
  remember(address);
  return port_.read(address, data);
}

bool DirectPort::slow_write(std::uint64_t address, std::span<const std::uint8_t> data) {
  remember(address);
  return port_.write(address, data);
}

}  // namespace xive::platform
