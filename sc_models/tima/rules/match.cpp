// SPDX-License-Identifier: Apache-2.0
/// Properties 88, 89, 92 and 94 of spec/tima.md section 7: the answer to MATCH.
#include <fmt/format.h>

#include <bit>

#include "sc_models/tima/rules/groups.h"

namespace xive::tima::rules {

namespace {

constexpr std::uint32_t kCamMask = 0xffffffU;  // WORD2 bits 8:31

std::uint32_t vp_id(const PresenterRequest& request) {
  return static_cast<std::uint32_t>(request.blk) << 19U | request.idx;
}

/// Whether the CAM of a ring equals the VP of a request, whatever V is.
bool cam_equal(const Checker& c, unsigned thread, const ThreadState& state, Ring ring,
               const PresenterRequest& request) {
  const std::uint32_t id = vp_id(request);
  switch (ring) {
    case Ring::Phys:
      return id == (static_cast<std::uint32_t>(c.inputs.blk) << 19U | 1U << 7U |
                    (c.inputs.pir[thread] & 0x7fU));
    case Ring::Pool:
    case Ring::Os:
      return id == (state.word2(ring) & kCamMask);
    case Ring::User:
      return false;
  }
  return false;
}

struct Hit {
  bool match = false;
  Ring ring = Ring::User;
  std::uint8_t pipr = 0;
};

Hit expected_hit(const Checker& c, unsigned thread, const ThreadState& state,
                 const PresenterRequest& request) {
  if (state.enabled && !request.ignore) {
    for (const Ring ring : {Ring::Phys, Ring::Pool, Ring::Os}) {
      if (ring_holds(c, thread, state, ring, request)) {
        return {true, ring, state.at(signalling(ring), reg::kPipr)};
      }
    }
  }
  return {};
}

std::string answer_text(unsigned thread, const PresenterRequest& request,
                        const PresenterResponse& response) {
  return fmt::format("MATCH F={} blk {:x} idx {:x}: thread {} answered {} ring {} PIPR {:02X}",
                     request.format ? 1 : 0, request.blk, request.idx, thread,
                     (response.match >> thread) & 1U, static_cast<unsigned>(response.ring[thread]),
                     response.pipr[thread]);
}

}  // namespace

bool ring_holds(const Checker& c, unsigned thread, const ThreadState& state, Ring ring,
                const PresenterRequest& request) {
  return state.valid(ring) && cam_equal(c, thread, state, ring, request);
}

bool takes_user_event(const ThreadState& state, const PresenterRequest& request) {
  return state.valid(Ring::Os) && vp_id(request) == (state.word2(Ring::Os) & kCamMask) &&
         state.valid(Ring::User) && request.logic_serv == (state.word2(Ring::User) & 0x7fffffffU);
}

bool index_in_range(const PresenterRequest& request) {
  return request.idx < (1U << 19U);
}

void check_match_thread(Checker& c, unsigned thread, const ThreadState& state,
                        const PresenterRequest& request, const PresenterResponse& response) {
  if (!index_in_range(request)) {
    return;
  }
  const bool seen = ((response.match >> thread) & 1U) != 0;
  const bool precluded = ((response.precluded >> thread) & 1U) != 0;
  const Ring ring = response.ring[thread];
  const auto describe = [&](const Hit& hit) {
    return fmt::format(
        "{}, expected {} ring {} PIPR {:02X}; enabled {}, OS {:08X}, POOL {:08X}, PHYS "
        "{:08X}, USER {:08X}",
        answer_text(thread, request, response), hit.match ? 1 : 0, static_cast<unsigned>(hit.ring),
        hit.pipr, state.enabled ? 1 : 0, state.word2(Ring::Os), state.word2(Ring::Pool),
        state.word2(Ring::Phys), state.word2(Ring::User));
  };
  if (request.format) {
    Hit hit;
    hit.match = state.enabled && !request.ignore && takes_user_event(state, request);
    const bool os_named = vp_id(request) == (state.word2(Ring::Os) & kCamMask);
    if (os_named || seen) {
      c.expect(RuleId::P92,
               seen == hit.match && (!seen || (ring == Ring::User && response.pipr[thread] == 0)),
               [&] { return describe(hit); });
    }
    return;
  }
  const bool needs_pir = state.valid(Ring::Phys);
  if (needs_pir && !c.configured) {
    return;
  }
  const Hit hit = expected_hit(c, thread, state, request);
  if (hit.match || seen) {
    const bool same = seen && hit.match && ring == hit.ring && response.pipr[thread] == hit.pipr;
    c.expect(RuleId::P88, same && !precluded, [&] { return describe(hit); });
  }
  // A chance for 89 wherever the VP stands in a ring that must not answer.
  bool tempting = !state.enabled;
  for (const Ring r : {Ring::Phys, Ring::Pool, Ring::Os}) {
    const bool readable = r != Ring::Phys || c.configured;
    tempting = tempting || (!state.valid(r) && readable && cam_equal(c, thread, state, r, request));
  }
  if (tempting || seen) {
    c.expect(RuleId::P89, !seen || (state.enabled && state.valid(ring)),
             [&] { return describe(hit); });
  }
}

void check_match_count(Checker& c, const PresenterRequest& request,
                       const PresenterResponse& response) {
  if (request.ignore) {
    return;
  }
  const int threads = std::popcount(response.match);
  const bool several = threads > 1;
  // User events match on several threads just as well: the code is the same (4.5).
  if (threads != 0 || response.multi_err) {
    c.expect(RuleId::P94,
             response.count == threads && response.multi_err == several &&
                 response.code == (several ? ErrorCode::Multi : ErrorCode::None),
             [&] {
               return fmt::format(
                   "MATCH blk {:x} idx {:x}: threads {:02x}, count {}, multi {}, code {}",
                   request.blk, request.idx, response.match, response.count,
                   response.multi_err ? 1 : 0, static_cast<unsigned>(response.code));
             });
  }
}

}  // namespace xive::tima::rules
