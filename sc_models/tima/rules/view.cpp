// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/rules/view.h"

#include <fmt/format.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <cstring>
#include <iterator>

namespace xive::tima::rules {

namespace {

constexpr std::array<const char*, 4> kRingNames{"USER", "OS", "POOL", "PHYS"};
constexpr std::array<const char*, 4> kPageNames{"HW", "HV", "OS", "USER"};

ByteSet store_set(const Access& access) {
  return static_cast<ByteSet>(access.lanes) << access.reg;
}

constexpr std::array<std::uint8_t, static_cast<std::size_t>(Op::AckEbb) + 1> kTraits = [] {
  std::array<std::uint8_t, static_cast<std::size_t>(Op::AckEbb) + 1> traits{};
  for (std::size_t op = 0; op < traits.size(); ++op) {
    traits[op] = static_cast<std::uint8_t>(traits_of(static_cast<Op>(op)));
  }
  return traits;
}();

void derive_mmio(View& view, const Checker& checker) {
  const Event& e = view.event;
  decode(e.mmio, view.before.enabled, checker.params.knobs, view.access);
  view.op = view.access.op;
  view.traits = kTraits[static_cast<std::size_t>(view.op)];
  view.data8 = static_cast<std::uint8_t>(e.mmio.wdata & 0xffU);
  switch (view.op) {
    case Op::RawStore:
      view.stored = store_set(view.access);
      view.raw_os = (view.stored & byte_of(Ring::Os, reg::kNsr)) != 0;
      view.raw_hv = (view.stored & byte_of(Ring::Phys, reg::kNsr)) != 0;
      break;
    case Op::SetOsCppr:
    case Op::SetOsPending:
      view.eval_os = true;
      break;
    case Op::SetHvCppr:
    case Op::PullPool:
      view.eval_hv = true;
      break;
    case Op::PushOs:
      view.push = (e.mmio.wdata & 0x80000000U) != 0;
      view.eval_os = view.push;
      break;
    case Op::AckOs:
    case Op::AckHv: {
      const Ring s = view.acked_ring();
      view.accepted = shows_exception(s, view.was(s, reg::kNsr));
      (s == Ring::Os ? view.accepts_os : view.accepts_hv) = view.accepted;
      break;
    }
    default:
      break;
  }
}

void derive_present(View& view) {
  const PresenterRequest& request = view.event.presenter;
  // Generation 1 takes every level as 0, so that every acked PRESENT there is directed.
  view.present = view.event.presenter_response.ack && !request.format && request.ring != Ring::User;
  if (view.present) {
    const Ring s = signalling(request.ring);
    const bool evaluated = capped(request.prio) < view.was(s, reg::kPipr);
    view.eval_os = evaluated && s == Ring::Os;
    view.eval_hv = evaluated && s == Ring::Phys;
  }
}

}  // namespace

ByteSet changed_bytes(const ThreadState& a, const ThreadState& b) {
  ByteSet same = 0;
#ifdef __SSE2__
  for (unsigned i = 0; i < kThreadBytes; i += 16) {
    __m128i x;
    __m128i y;
    std::memcpy(&x, a.r.data() + i, 16);
    std::memcpy(&y, b.r.data() + i, 16);
    same |= static_cast<ByteSet>(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y))))
            << i;
  }
#else
  for (unsigned i = 0; i < kThreadBytes; ++i) {
    same |= static_cast<ByteSet>(a.r[i] == b.r[i]) << i;
  }
#endif
  return ~same;
}

View::View(const Checker& checker, const Event& e)
    : event(e),
      before(e.before),
      after(e.after),
      shadow(checker.threads[e.thread % kMaxThreads]),
      mmio(e.kind == EventKind::Mmio),
      changed(changed_bytes(e.before, e.after)),
      latches_moved(((e.before.l_os ^ e.after.l_os) | (e.before.l_hv ^ e.after.l_hv)) != 0) {
  if (mmio) {
    derive_mmio(*this, checker);
  } else if (e.kind == EventKind::Present) {
    derive_present(*this);
  }
}

std::uint64_t expected_rdata(const View& view, const Knobs& knobs) {
  if (view.event.mmio.write) {
    return 0;
  }
  const ThreadState& before = view.before;
  switch (view.op) {
    case Op::None:
      return view.access.ones;
    case Op::RawLoad: {
      std::uint64_t data = 0;
      for (unsigned i = 0; i < view.access.bytes; ++i) {
        const unsigned permitted = 0U - ((view.access.lanes >> i) & 1U);
        data = data << 8U | (before.r[view.access.reg + i] & permitted);
      }
      return data;
    }
    case Op::AckOs:
    case Op::AckHv: {
      const Ring s = view.acked_ring();
      return static_cast<std::uint64_t>(before.at(s, reg::kNsr)) << 8U | view.is(s, reg::kCppr);
    }
    case Op::PullOs:
    case Op::PullPool:
    case Op::PullUser: {
      const std::uint64_t word2 = before.word2(view.access.ring);
      return view.access.bytes == 8 && !knobs.pull64_lo ? word2 << 32U : word2;
    }
    case Op::PullPhys:
    case Op::PollVt:
      return before.at(Ring::Phys, reg::kWord2);
    case Op::LoadOsCppr:
      return before.at(Ring::Os, reg::kCppr);
    case Op::LoadHvCppr:
      return before.at(Ring::Phys, reg::kCppr);
    case Op::UserNsrLoad:
    case Op::AckEbb:
      return before.at(Ring::User, reg::kNsr);
    default:
      return 0;
  }
}

std::string ring_text(const ThreadState& state, Ring ring) {
  return fmt::format(
      "{} NSR={:02X} CPPR={:02X} IPB={:02X} PIPR={:02X} WORD2={:08X} L_os={} L_hv={}",
      kRingNames[static_cast<unsigned>(ring)], state.at(ring, reg::kNsr),
      state.at(ring, reg::kCppr), state.at(ring, reg::kIpb), state.at(ring, reg::kPipr),
      state.word2(ring), state.l_os ? 1 : 0, state.l_hv ? 1 : 0);
}

std::string bytes_text(ByteSet set) {
  std::string out;
  for (unsigned i = 0; i < kThreadBytes; ++i) {
    if (((set >> i) & 1U) != 0) {
      fmt::format_to(std::back_inserter(out), "{}{}+{:X}", out.empty() ? "" : " ",
                     kRingNames[i / 16], i % 16);
    }
  }
  return out.empty() ? "nothing" : out;
}

std::string View::text() const {
  const unsigned thread = event.thread;
  switch (event.kind) {
    case EventKind::Mmio: {
      const MmioRequest& request = event.mmio;
      std::string out =
          fmt::format("thread {} page {} {}{} 0x{:04x} ({})", thread,
                      kPageNames[static_cast<unsigned>(request.page) & 3U],
                      request.write ? "store" : "load", access.bytes, request.offset, name_of(op));
      if (request.write) {
        fmt::format_to(std::back_inserter(out), " data {:x}", request.wdata);
      } else {
        fmt::format_to(std::back_inserter(out), " returned {:x}", event.mmio_response.rdata);
      }
      return out;
    }
    case EventKind::Present:
      return fmt::format("thread {} PRESENT {} blk {:x} idx {:x} prio {:x} {}", thread,
                         kRingNames[static_cast<unsigned>(event.presenter.ring) & 3U],
                         event.presenter.blk, event.presenter.idx, event.presenter.prio,
                         event.presenter_response.ack ? "acked" : "nacked");
    case EventKind::Bcast:
      return fmt::format("thread {} BCAST", thread);
    case EventKind::Enable:
      return fmt::format("thread {} enable {} -> {}", thread, before.enabled ? 1 : 0,
                         after.enabled ? 1 : 0);
    case EventKind::Reset:
      return "reset";
  }
  return "unknown event";
}

}  // namespace xive::tima::rules
