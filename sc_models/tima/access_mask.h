// SPDX-License-Identifier: Apache-2.0
/// Raw access masks of spec/tima.md 1.5: which bytes of the context a page may load or store.
#pragma once

#include <cstdint>

#include "sc_models/tima/types.h"

namespace xive::tima {

enum class Access : std::uint8_t { Load = 0, Store = 1 };

/// May `page` reach byte `byte` (0..63) of the context raw, in this direction?
bool raw_access_permitted(Page page, unsigned byte, Access access);

/// The same for the aligned 8 bytes that hold `byte`, as a big-endian value mask: 0xFF in every
/// permitted byte, byte 0 of the eight in the most significant position.
std::uint64_t raw_access_mask(Page page, unsigned byte, Access access);

}  // namespace xive::tima
