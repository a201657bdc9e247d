// SPDX-License-Identifier: Apache-2.0
/// The shadow of each thread: how observations move it. The checks that live on shadow state alone,
/// conservation (85) and progress (96), are here too.
#pragma once

#include "sc_models/tima/rules/checker.h"
#include "sc_models/tima/rules/view.h"

namespace xive::tima::rules {

/// A block reset: every thread is in the reset state and disabled, nothing is in flight.
void reset_shadows(Checker& checker);

/// First event of a thread that the checker knows nothing of.
void adopt(Shadow& shadow, const ThreadState& state, const Lines& lines);

/// 85: compares the IPBs with the ledger, and moves the ledger by what the interface said.
void check_conservation(Checker& checker, const View& view);

/// 96: what an event means for the memory requests in flight and for the order of events.
void check_progress(Checker& checker, const View& view);
void note_memory_request(Checker& checker, const MemoryRequest& request);
void note_memory_answer(Checker& checker, const MemoryResponse& response);
void check_nothing_open(Checker& checker);

/// Whether a ring is settled (Shadow::settled_os, settled_hv) once this event is over; an enable
/// settles both besides.
inline bool settled_os_after(const View& v) {
  return !v.raw_os && (v.shadow.settled_os || v.eval_os || v.accepts_os);
}
inline bool settled_hv_after(const View& v) {
  return !v.raw_hv && (v.shadow.settled_hv || v.eval_hv || v.accepts_hv);
}

/// Takes an event into the shadow; last of all.
void commit(Checker& checker, const View& view);

}  // namespace xive::tima::rules
