// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/reference.h"

#include <stdexcept>
#include <string>

#include "sc_models/tima/access_mask.h"
#include "sc_models/tima/big_endian.h"
#include "sc_models/tima/conversions.h"

namespace xive::tima {
namespace {

/// 1.7: the state of a thread after reset. PIPR must not be 0, or the first CPPR write would show a
/// phantom exception.
ThreadState reset_state(unsigned generation) {
  ThreadState state{};
  state.at(Ring::Os, reg::kLsmfb) = 0xff;
  state.at(Ring::Os, reg::kAck) = 0xff;
  state.at(Ring::Os, reg::kTarget) = 0xff;
  state.at(Ring::Os, reg::kPipr) = 0xff;
  state.at(Ring::Phys, reg::kPipr) = 0xff;
  if (generation == 2) state.at(Ring::Os, reg::kOgen) = 0x02;
  return state;
}

}  // namespace

Reference::Reference(const Params& params, MemoryPort& memory) : params_(params), memory_(memory) {
  if (params.generation != 1) {
    throw std::invalid_argument("reference TIMA: generation " + std::to_string(params.generation) +
                                " is not implemented, expected 1");
  }
  if (params.threads < 1 || params.threads > kMaxThreads) {
    throw std::invalid_argument("reference TIMA: " + std::to_string(params.threads) +
                                " threads, expected 1 to 8");
  }
  reset();
}

// --- 1.7 Reset -------------------------------------------------------------------------------

void Reference::reset() {
  threads_.fill(reset_state(params_.generation));
  code_ = ErrorCode::None;
}

void Reference::set_enabled(unsigned thread, bool enabled) {
  if (threads_[thread].enabled && !enabled) thread_reset(thread);
  threads_[thread].enabled = enabled;
}

void Reference::thread_reset(unsigned thread) {
  const bool enabled = threads_[thread].enabled;
  threads_[thread] = reset_state(params_.generation);
  threads_[thread].enabled = enabled;
}

// --- 0.3 Terms -------------------------------------------------------------------------------

bool Reference::valid_chain(const ThreadState& thread, Ring ring) {
  for (auto r = static_cast<unsigned>(ring); r <= static_cast<unsigned>(Ring::Phys); ++r) {
    if (!thread.valid(static_cast<Ring>(r))) return false;
  }
  return true;
}

bool Reference::defined_for(const ThreadState& thread, Ring ring, Defined defined) {
  return defined == Defined::Always || valid_chain(thread, ring) == (defined == Defined::HwOwned);
}

void Reference::flag(ErrorCode code) {
  if (code_ == ErrorCode::None || code_ == ErrorCode::Undef) code_ = code;
}

// --- 0.2 The way of an access ----------------------------------------------------------------

MmioResponse Reference::mmio(const MmioRequest& request) {
  code_ = ErrorCode::None;
  const unsigned size = 1U << (request.size_log2 & 3U);
  Result result;
  if (request.thread >= params_.threads || !threads_[request.thread].enabled) {
    code_ = ErrorCode::NoAccess;
    result.err = true;
  } else if (request.size_log2 > 3 || (request.offset & (size - 1)) != 0) {
    code_ = ErrorCode::Align;
    result.err = true;
  } else {
    ThreadState& thread = threads_[request.thread];
    const Decoded decoded = decode(generation(), params_.knobs, request);
    switch (decoded.op) {
      case Op::None:
        code_ = ErrorCode::NoAccess;
        result.err = true;
        break;
      case Op::Raw:
        result = raw_access(thread, request);
        break;
      default:
        if (!defined_for(thread, addressed_ring(request.offset), decoded.defined)) {
          flag(ErrorCode::Undef);
        }
        result.rdata = execute(decoded.op, request.thread, request);
        break;
    }
  }
  if (request.write) {
    result.rdata = 0;
  } else if (result.err) {
    result.rdata = all_ones(size);
  }
  return {result.rdata, result.err, code_};
}

// --- 1.6 Raw access rules --------------------------------------------------------------------

Reference::Result Reference::raw_access(ThreadState& thread, const MmioRequest& request) {
  const unsigned offset = request.offset & 0x3fU;
  const unsigned size = 1U << request.size_log2;
  const Ring ring = addressed_ring(request.offset);

  // The permitted bytes as a mask over the right-justified value of the access.
  std::uint64_t mask = 0;
  if (size >= 4 && ring != Ring::User) {
    const Access access = request.write ? Access::Store : Access::Load;
    mask = raw_access_mask(request.page, offset, access) >> (8 * (8 - offset % 8 - size)) &
           all_ones(size);
    // K_G1_POOL_PUSH: the VP byte becomes reachable from page 1, but for the 8-byte store.
    if (params_.knobs.g1_pool_push && generation() == 1 && request.page == Page::Hv &&
        offset == 0x28 && !(request.write && size == 8)) {
      mask |= std::uint64_t{0xff} << (8 * (size - 1));
    }
  }
  if (mask == 0) {
    code_ = ErrorCode::NoAccess;
    return {0, true};
  }

  std::uint8_t* const bytes = &thread.r[offset];
  const std::uint64_t stored = load_be(bytes, size);
  if (!request.write) return {stored & mask, false};
  if (valid_chain(thread, ring)) flag(ErrorCode::Undef);
  store_be(bytes, size, (stored & ~mask) | (request.wdata & mask));
  return {};
}

// --- 2 Special operations --------------------------------------------------------------------

std::uint64_t Reference::execute(Op op, unsigned thread_index, const MmioRequest& request) {
  ThreadState& thread = threads_[thread_index];
  const auto data = static_cast<std::uint8_t>(request.wdata);
  std::uint8_t& user_nsr = thread.at(Ring::User, reg::kNsr);
  switch (op) {
    case Op::SetOsCppr:
      set_cppr(thread, Ring::Os, data);
      return 0;
    case Op::SetHvCppr:
      set_cppr(thread, Ring::Phys, data);
      return 0;
    case Op::PushOs:
      push_os(thread_index, static_cast<std::uint32_t>(request.wdata));
      return 0;
    case Op::SetVt:
      thread.at(Ring::Phys, reg::kWord2) = data;
      return 0;
    case Op::PollVt:
      return thread.at(Ring::Phys, reg::kWord2);
    case Op::LoadOsCppr:
      return thread.at(Ring::Os, reg::kCppr);
    case Op::LoadHvCppr:
      return thread.at(Ring::Phys, reg::kCppr);
    case Op::AckOs:
      return accept(thread, Ring::Os);
    case Op::AckHv:
      return accept(thread, Ring::Phys);
    case Op::SetOsPending:
      set_os_pending(thread, data);
      return 0;
    case Op::PullOs:
      return pulled(pull(thread, Ring::Os), request.size_log2);
    case Op::PullPool:
      return pulled(pull(thread, Ring::Pool), request.size_log2);
    case Op::PullPhys:
      return pull(thread, Ring::Phys) >> 24U;
    case Op::LoadUserNsr:
      return user_nsr;
    case Op::StoreUserNsr:
      user_nsr = data;
      return 0;
    case Op::AckEbb: {
      const std::uint8_t before = user_nsr;
      user_nsr &= static_cast<std::uint8_t>(~nsr::kException);
      return before;
    }
    case Op::PushUser:
      store_be(&thread.at(Ring::User, reg::kWord2), 4, request.wdata);
      return 0;
    case Op::PullUser: {
      const std::uint32_t before = thread.word2(Ring::User);
      if (!thread.valid(Ring::User)) flag(ErrorCode::PullInvalid);
      thread.at(Ring::User, reg::kWord2) &= 0x7f;
      return before;
    }
    case Op::None:
    case Op::Raw:
    case Op::PushPool:
    case Op::PushPhys:
    case Op::SetOsLgs:
    case Op::SetPoolLgs:
    case Op::SetPhysTarget:
    case Op::AckOsEvenLine:
    case Op::PullOsOddLine:
    case Op::PullPhysOddLine:
      break;
  }
  throw std::logic_error("reference TIMA: operation of generation 2 in generation 1");
}

}  // namespace xive::tima
