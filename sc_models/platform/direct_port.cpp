// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/direct_port.h"

namespace xive::platform {

const DirectPort::Page& DirectPort::find(std::uint64_t address) {
  if (seen_ != layout_) {
    pages_.fill({});
    seen_ = layout_;
  }
  Page& page = pages_[slot(address)];
  const std::uint64_t first = address & ~kOffset;
  const HostMemory host = port_.host_memory(address);
  if (host.data != nullptr && host.first <= first && host.last >= first + kOffset) {
    page = {address >> kShift, host.data + (first - host.first), host.memory};
  }
  return page;
}

}  // namespace xive::platform
