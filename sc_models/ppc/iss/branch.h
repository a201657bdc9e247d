// SPDX-License-Identifier: Apache-2.0
/// How a block hands over to the next one.
#pragma once

#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {

/// To `target`; `slot` is where the current block remembers it (0 taken, 1 behind the block).
inline const Block* go(ArchState& s, Context& c, unsigned slot, U64 target) {
  s.nip = target;
  const Block*& known = c.cur->next[slot];
  if (known != nullptr && known->valid) return known;
  c.link = &known;
  return nullptr;
}
/// To what follows the block in memory.
inline const Block* fall_through(ArchState& s, Context& c) {
  return go(s, c, 1, c.cur->pc + c.cur->bytes);
}

}  // namespace xive::ppc::iss
