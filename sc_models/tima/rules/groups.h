// SPDX-License-Identifier: Apache-2.0
/// The rules by group, as in spec/tima.md section 7. Each function judges one event; none changes
/// the shadow, which belongs to Rules (rules.cpp) and ledger.h.
#pragma once

#include <cstdint>

#include "sc_models/tima/rules/checker.h"
#include "sc_models/tima/rules/view.h"

namespace xive::tima::rules {

void check_structure(Checker& checker, const View& view);  ///< 1-8, 20, footprint
void check_continuity(Checker& checker,
                      const View& view);  ///< 20, 21, 87 between two events of a known thread
void check_access(Checker& checker, const View& view);        ///< 9-19, access, code
void check_lines(Checker& checker, const View& view);         ///< 22-33
void check_presentation(Checker& checker, const View& view);  ///< 34-52, A3
void check_ack(Checker& checker, const View& view);           ///< 53-60
void check_cppr(Checker& checker, const View& view);          ///< 62, 63
void check_context(Checker& checker, const View& view);       ///< 71-78, 84, 85

/// 88, 89, 92 for one thread whose state at the MATCH is `state`.
void check_match_thread(Checker& checker, unsigned thread, const ThreadState& state,
                        const PresenterRequest& request, const PresenterResponse& response);
/// 94: the parts of the answer that concern all threads.
void check_match_count(Checker& checker, const PresenterRequest& request,
                       const PresenterResponse& response);

/// Whether ring `ring` of a thread holds the VP named by a request of format 0 (valid and CAM
/// equal; the enable is not looked at). `thread` selects the PIR.
bool ring_holds(const Checker& checker, unsigned thread, const ThreadState& state, Ring ring,
                const PresenterRequest& request);
/// Whether the OS and USER rings of a thread take a user event (format 1).
bool takes_user_event(const ThreadState& state, const PresenterRequest& request);
/// Whether the specification says what a CAM comparison with this index gives (19 bits in G1).
bool index_in_range(const PresenterRequest& request);

}  // namespace xive::tima::rules
