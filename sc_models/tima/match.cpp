// SPDX-License-Identifier: Apache-2.0
/// Section 4 of spec/tima.md: CAM match and the presenter port. Generation 1.
#include "sc_models/tima/conversions.h"
#include "sc_models/tima/reference.h"

namespace xive::tima {

// --- 4.1 CAM line formats ------------------------------------------------------------------------

std::uint32_t Reference::vp_id(const PresenterRequest& request) const {
  return (request.blk & 0xfU) << 19U | (request.idx & 0x7ffffU);
}

std::uint32_t Reference::hw_cam(unsigned thread) const {
  return (inputs_.blk & 0xfU) << 19U | 1U << 7U | (inputs_.pir[thread] & 0x7fU);
}

// --- 4.3 Per-thread match ------------------------------------------------------------------------

/// Only the ring's own V counts, not the valid chain. 24 bits are compared, so that a CAM with
/// bit 8 set matches nothing.
bool Reference::ring_matches(unsigned thread, Ring ring, std::uint32_t id) const {
  const ThreadState& t = threads_[thread];
  if (!t.valid(ring)) return false;
  return id == (ring == Ring::Phys ? hw_cam(thread) : t.word2(ring) & 0xffffffU);
}

bool Reference::user_matches(unsigned thread, std::uint32_t id, std::uint32_t logic_serv) const {
  const ThreadState& t = threads_[thread];
  return ring_matches(thread, Ring::Os, id) && t.valid(Ring::User) &&
         (t.word2(Ring::User) & 0x7fffffffU) == (logic_serv & 0x7fffffffU);
}

bool Reference::thread_matches(unsigned thread, const PresenterRequest& request, Ring& ring) const {
  const std::uint32_t id = vp_id(request);
  if (request.format) {
    ring = Ring::User;
    return user_matches(thread, id, request.logic_serv);
  }
  for (const Ring candidate : {Ring::Phys, Ring::Pool, Ring::Os}) {
    if (ring_matches(thread, candidate, id)) {
      ring = candidate;
      return true;
    }
  }
  return false;
}

PresenterResponse Reference::match(const PresenterRequest& request) const {
  PresenterResponse response;
  if (request.ignore) {
    response.code = ErrorCode::GroupG1;
    return response;
  }
  for (unsigned thread = 0; thread < params_.threads; ++thread) {
    Ring ring = Ring::User;
    if (!threads_[thread].enabled || !thread_matches(thread, request, ring)) continue;
    response.match |= static_cast<std::uint8_t>(1U << thread);
    response.ring[thread] = ring;
    response.pipr[thread] =
        ring == Ring::User ? std::uint8_t{0} : threads_[thread].at(sig(ring), reg::kPipr);
    ++response.count;
  }
  if (response.count > 1) {
    response.multi_err = true;
    response.code = ErrorCode::Multi;
  }
  return response;
}

// --- PRESENT (rule A3) and BCAST (4.8) -----------------------------------------------------------

/// Validates again at execution: V and CAM of the ring may have changed since the MATCH.
PresenterResponse Reference::present_validated(const PresenterRequest& request) {
  PresenterResponse response;
  if (request.ignore) {
    response.code = ErrorCode::GroupG1;
    return response;
  }
  const unsigned thread = request.thread;
  if (thread >= params_.threads || !threads_[thread].enabled) return response;
  const std::uint32_t id = vp_id(request);
  if (request.format || request.ring == Ring::User) {
    if (request.format && request.ring == Ring::User && params_.knobs.user_ring &&
        user_matches(thread, id, request.logic_serv)) {
      threads_[thread].at(Ring::User, reg::kNsr) |= nsr::kException;
      response.ack = true;
    }
    return response;
  }
  if (!ring_matches(thread, request.ring, id)) return response;
  present(threads_[thread], request.ring, request.prio, 0);
  response.ack = true;
  return response;
}

/// There is no backlog broadcast in generation 1: no ring takes part.
PresenterResponse Reference::broadcast(const PresenterRequest&) {
  PresenterResponse response;
  response.code = ErrorCode::GroupG1;
  return response;
}

PresenterResponse Reference::presenter(const PresenterRequest& request) {
  // A MATCH may come in the middle of an operation, whose code it must not touch.
  if (request.cmd == PresenterCmd::Match) return match(request);
  const PresenterResponse response =
      request.cmd == PresenterCmd::Present ? present_validated(request) : broadcast(request);
  code_ = response.code;
  return response;
}

}  // namespace xive::tima
