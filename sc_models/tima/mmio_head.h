// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sc_models/tima/types.h"

namespace xive::tima {

/// Sets all fields of a request but the data, in one store. A request is copied as a whole right
/// after it was made, and a wide load from narrow stores has to wait until they left the
/// processor's store buffer, which costs as much as the rest of the way through TLM.
inline void set_head(MmioRequest& request, unsigned thread, unsigned page, unsigned offset,
                     bool write, unsigned size_log2) {
  if constexpr (std::endian::native == std::endian::little && offsetof(MmioRequest, page) == 1 &&
                offsetof(MmioRequest, offset) == 2 && offsetof(MmioRequest, write) == 4 &&
                offsetof(MmioRequest, size_log2) == 5 && offsetof(MmioRequest, wdata) == 8) {
    const std::uint64_t head = std::uint64_t{thread & 0xffU} | std::uint64_t{page & 0xffU} << 8U |
                               std::uint64_t{offset & 0xffffU} << 16U |
                               std::uint64_t{write} << 32U |
                               std::uint64_t{size_log2 & 0xffU} << 40U;
    std::memcpy(static_cast<void*>(&request), &head, sizeof head);
  } else {
    request.thread = static_cast<std::uint8_t>(thread);
    request.page = static_cast<Page>(page);
    request.offset = static_cast<std::uint16_t>(offset);
    request.write = write;
    request.size_log2 = static_cast<std::uint8_t>(size_log2);
  }
}

}  // namespace xive::tima
