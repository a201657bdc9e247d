// SPDX-License-Identifier: Apache-2.0
/// Section 3 of spec/tima.md: priority and presentation. Generation 1.
#include "sc_models/tima/conversions.h"
#include "sc_models/tima/reference.h"

namespace xive::tima {

/// The line latch of SIG(ring): L_os for OS, L_hv for POOL and PHYS.
void Reference::set_line(ThreadState& thread, Ring ring, bool level) {
  (ring == Ring::Os ? thread.l_os : thread.l_hv) = level;
}

// --- 3.2 SET_PIPR: the only place where presentation changes -----------------------------------

void Reference::set_pipr(ThreadState& thread, Ring ring, std::uint8_t pipr, std::uint8_t level) {
  const Ring s = sig(ring);
  thread.at(s, reg::kPipr) = pipr;
  const bool presented = pipr < thread.at(s, reg::kCppr);
  // Assigned, never ORed: an old exception code or level must not survive.
  thread.at(s, reg::kNsr) =
      presented ? static_cast<std::uint8_t>(nsr::exception_code(ring) | (level & nsr::kLevel))
                : std::uint8_t{0};
  set_line(thread, s, presented);
}

// --- 3.3 PRESENT: a new notification -----------------------------------------------------------

void Reference::present(ThreadState& thread, Ring ring, std::uint8_t prio, std::uint8_t level) {
  const Ring s = sig(ring);
  if (level == 0) {
    thread.at(ring, reg::kIpb) |= prio2ipb(prio);
    // Against PIPR, not CPPR: a less favoured interrupt is recorded and nothing else.
    if (prio2pipr(prio) >= thread.at(s, reg::kPipr)) return;
  }
  set_pipr(thread, ring, prio2pipr(prio), level);
}

// --- 3.4 Evaluation, generation 1 --------------------------------------------------------------

void Reference::set_cppr(ThreadState& thread, Ring ring, std::uint8_t cppr) {
  thread.at(ring, reg::kCppr) = norm(cppr);
  Ring presenting = ring;
  std::uint8_t pipr = ipb2pipr(thread.at(ring, reg::kIpb));
  if (ring == Ring::Phys && thread.valid(Ring::Pool)) {
    const std::uint8_t pool = ipb2pipr(thread.at(Ring::Pool, reg::kIpb));
    if (pool < pipr) {
      pipr = pool;
      presenting = Ring::Pool;
    }
  }
  set_pipr(thread, presenting, pipr, 0);
}

void Reference::recompute(ThreadState& thread, Ring ring) {
  set_pipr(thread, ring, ipb2pipr(thread.at(ring, reg::kIpb)), 0);
}

// --- 3.6 Set OS pending ------------------------------------------------------------------------

void Reference::set_os_pending(ThreadState& thread, std::uint8_t prio) {
  thread.at(Ring::Os, reg::kIpb) |= prio2ipb(prio);
  recompute(thread, Ring::Os);
}

// --- 3.7 ACCEPT: acknowledge -------------------------------------------------------------------

std::uint16_t Reference::accept(ThreadState& thread, Ring ring) const {
  const std::uint8_t before = thread.at(ring, reg::kNsr);
  std::uint8_t& cppr = thread.at(ring, reg::kCppr);
  if (nsr::exception_present(ring, before)) {
    std::uint8_t& pipr = thread.at(ring, reg::kPipr);
    cppr = pipr;
    if (!nsr::group_exception(ring, before)) {
      const auto taken = static_cast<std::uint8_t>(~prio2ipb(pipr));
      // HE is a field: its value 3 names no ring, so no pending bit is taken.
      const std::uint8_t he = before & nsr::kHe;
      if (ring == Ring::Os || he == nsr::kHePhys) {
        thread.at(ring, reg::kIpb) &= taken;
      } else if (he == nsr::kHePool) {
        thread.at(Ring::Pool, reg::kIpb) &= taken;
      }
    }
    thread.at(ring, reg::kNsr) = 0;
    set_line(thread, ring, false);
    if (params_.knobs.ack_recompute) pipr = ipb2pipr(thread.at(ring, reg::kIpb));
  }
  return static_cast<std::uint16_t>(before << 8U | cppr);
}

}  // namespace xive::tima
