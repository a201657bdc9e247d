// SPDX-License-Identifier: Apache-2.0
/// Properties 9-19 of spec/tima.md section 7: what an access through the window may do and return.
#include <fmt/format.h>

#include "sc_models/tima/rules/groups.h"

namespace xive::tima::rules {

namespace {

constexpr ByteSet kPrivileged = bytes_of(Ring::Pool) | bytes_of(Ring::Phys);

std::string refused_text(const View& v) {
  return fmt::format("{}: err {} code {}, changed {}{}; expected an error, {:x} and no change",
                     v.text(), v.event.mmio_response.err ? 1 : 0,
                     static_cast<unsigned>(v.event.code), bytes_text(v.changed),
                     v.latches_moved ? " and a latch" : "", v.event.mmio.write ? 0 : v.access.ones);
}

/// Whether the permitted bytes hold the store data and everything else is as before.
bool stored_as_permitted(const View& v) {
  if ((v.changed & ~v.stored) != 0 || v.latches_moved) {
    return false;
  }
  for (unsigned i = 0; i < v.access.bytes; ++i) {
    const unsigned shift = 8U * (v.access.bytes - 1U - i);
    const auto data = static_cast<std::uint8_t>(v.event.mmio.wdata >> shift);
    if (((v.access.lanes >> i) & 1U) != 0 && v.after.r[v.access.reg + i] != data) {
      return false;
    }
  }
  return true;
}

void check_raw(Checker& c, const View& v) {
  if (v.op == Op::RawStore) {
    c.expect(RuleId::P09, stored_as_permitted(v), [&] {
      return fmt::format("{}: changed {}, may store to {} only", v.text(), bytes_text(v.changed),
                         bytes_text(v.stored));
    });
  } else {
    c.expect(RuleId::P10, v.untouched() && v.event.lines_before == v.event.lines_after, [&] {
      return fmt::format("{}: changed {}{}", v.text(), bytes_text(v.changed),
                         v.latches_moved ? " and a latch" : "");
    });
    const std::uint64_t expected = expected_rdata(v, c.params.knobs);
    c.expect(RuleId::P12, v.event.mmio_response.rdata == expected && !v.event.mmio_response.err,
             [&] {
               return fmt::format("{}: err {}, expected {:x}", v.text(),
                                  v.event.mmio_response.err ? 1 : 0, expected);
             });
  }
}

void check_refused(Checker& c, const View& v) {
  const Access& access = v.access;
  const bool clean = v.refused_cleanly();
  const auto describe = [&] { return refused_text(v); };
  if (access.refusal == Refusal::NoByte && !access.user_raw) {
    c.expect(RuleId::P11, clean, describe);
  }
  if (access.refusal == Refusal::NoOperation && access.bytes <= 2) {
    c.expect(RuleId::P13, clean, describe);
  }
  if (access.user_raw) {
    c.expect(RuleId::P14, clean, describe);
  }
}

/// Operations that a page is allowed or refused (15, 16), aliases (17), pages and rings (18).
void check_pages(Checker& c, const View& v) {
  const Access& access = v.access;
  const bool err = v.event.mmio_response.err;
  if (v.event.mmio.page == Page::User && v.op == Op::None) {
    c.expect(RuleId::P15, v.refused_cleanly(), [&] { return refused_text(v); });
  }
  if (access.foreign && v.op == Op::None) {
    c.expect(RuleId::P16, v.refused_cleanly(), [&] { return refused_text(v); });
  } else if (access.privileged) {
    c.expect(RuleId::P16, !err, [&] {
      return fmt::format("{}: refused with code {}, but this page may use the operation", v.text(),
                         static_cast<unsigned>(v.event.code));
    });
  }
  if (access.special && (v.event.mmio.offset & 0xf3c0U) != 0 &&
      access.refusal != Refusal::Disabled && access.refusal != Refusal::Misaligned) {
    const std::uint64_t expected = expected_rdata(v, c.params.knobs);
    c.expect(RuleId::P17, err == (v.op == Op::None) && v.event.mmio_response.rdata == expected,
             [&] {
               return fmt::format("{}: err {}, as at 0x{:03x} expected err {} and {:x}", v.text(),
                                  err ? 1 : 0, access.key, v.op == Op::None ? 1 : 0, expected);
             });
  }
  if (v.event.mmio.page == Page::Os) {
    c.expect(RuleId::P18,
             (v.changed & kPrivileged) == 0 && v.before.l_hv == v.after.l_hv &&
                 v.event.lines_before.hv_ext == v.event.lines_after.hv_ext,
             [&] {
               return fmt::format(
                   "{}: changed {}, hv_ext {} -> {}", v.text(), bytes_text(v.changed & kPrivileged),
                   v.event.lines_before.hv_ext ? 1 : 0, v.event.lines_after.hv_ext ? 1 : 0);
             });
  }
}

/// Two operations at 0x810, told apart by size alone.
void check_key_810(Checker& c, const View& v) {
  const MmioRequest& request = v.event.mmio;
  const bool reachable = v.before.enabled && request.page <= Page::Os && !request.write;
  if (v.access.key != 0x810 || !reachable) {
    return;
  }
  if (request.size_log2 == 1) {
    c.expect(RuleId::P19, v.before.valid(Ring::Os) == v.after.valid(Ring::Os), [&] {
      return fmt::format("{}: WORD2 went from {:08X} to {:08X}", v.text(), v.before.word2(Ring::Os),
                         v.after.word2(Ring::Os));
    });
  } else if (request.size_log2 == 2) {
    c.expect(RuleId::P19, v.refused_cleanly(), [&] { return refused_text(v); });
  }
}

/// The code that the access and the state before it call for (2.1, 2.2, 1.6, D-1, D-2).
ErrorCode expected_code(const View& v) {
  const ThreadState& b = v.before;
  const Ring ring = v.access.ring;
  switch (v.op) {
    case Op::None:
      return v.access.refusal == Refusal::Misaligned ? ErrorCode::Align : ErrorCode::NoAccess;
    case Op::RawStore:
    case Op::SetVt:
      return chain_valid(b, ring) ? ErrorCode::Undef : ErrorCode::None;
    case Op::AckOs:
    case Op::AckHv:
    case Op::SetOsPending:
      return chain_valid(b, ring) ? ErrorCode::None : ErrorCode::Undef;
    case Op::PullOs:
    case Op::PullPool:
    case Op::PullPhys:
      if (!b.valid(ring)) {
        return ErrorCode::PullInvalid;
      }
      return chain_valid(b, ring) ? ErrorCode::None : ErrorCode::Undef;
    case Op::PullUser:
      return b.valid(ring) ? ErrorCode::None : ErrorCode::PullInvalid;
    case Op::PushOs:
      return v.push && v.shadow.fetch.answered && !v.shadow.fetch.answer.ok ? ErrorCode::Nvp
                                                                            : ErrorCode::None;
    default:
      return ErrorCode::None;
  }
}

}  // namespace

void check_access(Checker& c, const View& v) {
  if (!v.mmio) {
    return;
  }
  if (v.op == Op::RawLoad || v.op == Op::RawStore) {
    check_raw(c, v);
  } else if (v.op == Op::None) {
    check_refused(c, v);
  }
  check_pages(c, v);
  check_key_810(c, v);
  c.expect(RuleId::Access, v.op == Op::None ? v.refused_cleanly() : !v.event.mmio_response.err,
           [&] {
             return v.op == Op::None ? refused_text(v)
                                     : fmt::format("{}: refused with code {}, but it is legal",
                                                   v.text(), static_cast<unsigned>(v.event.code));
           });
  const ErrorCode code = expected_code(v);
  c.expect(RuleId::Code, v.event.code == code, [&] {
    return fmt::format("{}: code {}, expected {}", v.text(), static_cast<unsigned>(v.event.code),
                       static_cast<unsigned>(code));
  });
}

}  // namespace xive::tima::rules
