// SPDX-License-Identifier: Apache-2.0
/// Section 5 of spec/tima.md: context push and pull. Generation 1.
#include "sc_models/tima/big_endian.h"
#include "sc_models/tima/conversions.h"
#include "sc_models/tima/reference.h"

namespace xive::tima {

// --- 5.2 Push ----------------------------------------------------------------------------------

void Reference::push_os(unsigned thread_index, std::uint32_t word2) {
  ThreadState& thread = threads_[thread_index];
  // 1. Before the fetch: V must be visible to MATCH when the fetch is issued (A4).
  store_be(&thread.at(Ring::Os, reg::kWord2), 4, word2);
  // 2.
  if (!thread.valid(Ring::Os)) return;
  // 3. and 4. The fetch clears the IPB in memory.
  MemoryRequest fetch;
  fetch.op = MemoryOp::NvtIpbFetchClr;
  fetch.thread = static_cast<std::uint8_t>(thread_index);
  fetch.blk = static_cast<std::uint8_t>(word2 >> 19U & 0xfU);
  fetch.idx = word2 & 0x7ffffU;
  const MemoryResponse nvt = memory_.request(fetch);
  if (nvt.ok) {
    thread.at(Ring::Os, reg::kIpb) |= nvt.ipb;
  } else {
    flag(ErrorCode::Nvp);
  }
  // 5. Always, even if nothing was merged: PIPR is neither saved nor restorable (3.9).
  recompute(thread, Ring::Os);
}

// --- 5.3 Pull ----------------------------------------------------------------------------------

/// Clears V of `ring` only and returns WORD2 as it was before.
std::uint32_t Reference::pull(ThreadState& thread, Ring ring) {
  const std::uint32_t before = thread.word2(ring);
  if (!thread.valid(ring)) flag(ErrorCode::PullInvalid);
  thread.at(ring, reg::kWord2) &= 0x7f;
  // Unconditionally, without a look at PIPR: see 3.9.
  thread.l_os = false;
  if (ring != Ring::Os) thread.l_hv = false;
  if (ring == Ring::Pool) recompute(thread, Ring::Phys);
  return before;
}

/// K_PULL64: where the word stands in an 8-byte pull.
std::uint64_t Reference::pulled(std::uint32_t word2, unsigned size_log2) const {
  return size_log2 == 3 && !params_.knobs.pull64_lo ? std::uint64_t{word2} << 32U : word2;
}

}  // namespace xive::tima
