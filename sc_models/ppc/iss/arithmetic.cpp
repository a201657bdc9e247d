// SPDX-License-Identifier: Apache-2.0
// Fixed-point arithmetic and compare instructions (Power ISA 3.0 Book I 3.3.9 to 3.3.11).
// Length: one table and its handlers.
#include <limits>

#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {
namespace {

using Result = const Block*;

// ---------------------------------------------------------------- add and subtract

Result addi(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = ra_or_zero(s, op) + static_cast<U64>(op->imm);
  return next(s, op, c);
}

/// a + b + carry_in with all that may follow from it.
template <bool Carry, bool Oe, bool Rc>
void add_with(ArchState& s, unsigned target, U64 a, U64 b, U64 carry_in) {
  const U64 sum = a + b + carry_in;
  if constexpr (Carry) {
    const bool ca = sum < a || (carry_in != 0 && sum == a);
    const bool ca32 = ((a ^ b ^ sum) >> 32U & 1U) != 0;
    set_xer(s, xer::kCa | xer::kCa32, (ca ? xer::kCa : 0) | (ca32 ? xer::kCa32 : 0));
  }
  if constexpr (Oe) {
    const U64 overflow = (a ^ sum) & (b ^ sum);
    set_overflow(s, (overflow >> 63U) != 0, (overflow >> 31U & 1U) != 0);
  }
  s.gpr[target] = sum;
  record<Rc>(s, sum);
}

U64 carry(const ArchState& s) {
  return s.xer >> 29U & 1U;
}

template <bool Rc>
Result addic(ArchState& s, const Op* op, Context& c) {
  add_with<true, false, Rc>(s, op->rt, s.gpr[op->ra], static_cast<U64>(op->imm), 0);
  return next(s, op, c);
}

Result subfic(ArchState& s, const Op* op, Context& c) {
  add_with<true, false, false>(s, op->rt, ~s.gpr[op->ra], static_cast<U64>(op->imm), 1);
  return next(s, op, c);
}

template <bool Oe, bool Rc>
Result add(ArchState& s, const Op* op, Context& c) {
  add_with<false, Oe, Rc>(s, op->rt, s.gpr[op->ra], s.gpr[op->rb], 0);
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result subf(ArchState& s, const Op* op, Context& c) {
  add_with<false, Oe, Rc>(s, op->rt, ~s.gpr[op->ra], s.gpr[op->rb], 1);
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result addc(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, s.gpr[op->ra], s.gpr[op->rb], 0);
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result subfc(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, ~s.gpr[op->ra], s.gpr[op->rb], 1);
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result adde(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, s.gpr[op->ra], s.gpr[op->rb], carry(s));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result subfe(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, ~s.gpr[op->ra], s.gpr[op->rb], carry(s));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result addme(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, s.gpr[op->ra], ~U64{0}, carry(s));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result subfme(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, ~s.gpr[op->ra], ~U64{0}, carry(s));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result addze(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, s.gpr[op->ra], 0, carry(s));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result subfze(ArchState& s, const Op* op, Context& c) {
  add_with<true, Oe, Rc>(s, op->rt, ~s.gpr[op->ra], 0, carry(s));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result neg(ArchState& s, const Op* op, Context& c) {
  add_with<false, Oe, Rc>(s, op->rt, ~s.gpr[op->ra], 0, 1);
  return next(s, op, c);
}

/// addex with CY=0: OV plays the part of the carry.
Result addex(ArchState& s, const Op* op, Context& c) {
  if (bits(op->raw, 21, 22) != 0) return c.illegal(op);
  const U64 a = s.gpr[op->ra], b = s.gpr[op->rb], in = s.xer >> 30U & 1U;
  const U64 sum = a + b + in;
  const bool ov = sum < a || (in != 0 && sum == a);
  const bool ov32 = ((a ^ b ^ sum) >> 32U & 1U) != 0;
  set_xer(s, xer::kOv | xer::kOv32, (ov ? xer::kOv : 0) | (ov32 ? xer::kOv32 : 0));
  s.gpr[op->rt] = sum;
  return next(s, op, c);
}

// ---------------------------------------------------------------- multiply

Result mulli(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = s.gpr[op->ra] * static_cast<U64>(op->imm);
  return next(s, op, c);
}

template <bool Oe, bool Rc>
Result mullw(ArchState& s, const Op* op, Context& c) {
  const S64 product = S64{static_cast<S32>(s.gpr[op->ra])} * static_cast<S32>(s.gpr[op->rb]);
  if constexpr (Oe) {
    const bool ov = product != static_cast<S32>(product);
    set_overflow(s, ov, ov);
  }
  s.gpr[op->rt] = static_cast<U64>(product);
  record<Rc>(s, static_cast<U64>(product));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result mulld(ArchState& s, const Op* op, Context& c) {
  const U64 low = s.gpr[op->ra] * s.gpr[op->rb];
  if constexpr (Oe) {
    const S128 product = S128{static_cast<S64>(s.gpr[op->ra])} * static_cast<S64>(s.gpr[op->rb]);
    const bool ov = product != static_cast<S64>(low);
    set_overflow(s, ov, ov);
  }
  s.gpr[op->rt] = low;
  record<Rc>(s, low);
  return next(s, op, c);
}
template <bool Signed, bool Rc>
Result mulhw(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->ra], b = s.gpr[op->rb];
  U64 high = 0;
  if constexpr (Signed) {
    high = static_cast<U64>(S64{static_cast<S32>(a)} * static_cast<S32>(b) >> 32);
  } else {
    high = (a & 0xffffffffU) * (b & 0xffffffffU) >> 32U;
  }
  s.gpr[op->rt] = high;
  record<Rc>(s, high);
  return next(s, op, c);
}
template <bool Signed, bool Rc>
Result mulhd(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->ra], b = s.gpr[op->rb];
  U64 high = 0;
  if constexpr (Signed) {
    high = static_cast<U64>(S128{static_cast<S64>(a)} * static_cast<S64>(b) >> 64);
  } else {
    high = static_cast<U64>(U128{a} * b >> 64U);
  }
  s.gpr[op->rt] = high;
  record<Rc>(s, high);
  return next(s, op, c);
}
template <bool Rc>
Result mulhw_signed(ArchState& s, const Op* op, Context& c) {
  return mulhw<true, Rc>(s, op, c);
}
template <bool Rc>
Result mulhw_unsigned(ArchState& s, const Op* op, Context& c) {
  return mulhw<false, Rc>(s, op, c);
}
template <bool Rc>
Result mulhd_signed(ArchState& s, const Op* op, Context& c) {
  return mulhd<true, Rc>(s, op, c);
}
template <bool Rc>
Result mulhd_unsigned(ArchState& s, const Op* op, Context& c) {
  return mulhd<false, Rc>(s, op, c);
}

unsigned rc_field(const Op* op) {
  return bits(op->raw, 21, 25);
}

Result maddhd(ArchState& s, const Op* op, Context& c) {
  const S128 product = S128{static_cast<S64>(s.gpr[op->ra])} * static_cast<S64>(s.gpr[op->rb]) +
                       static_cast<S64>(s.gpr[rc_field(op)]);
  s.gpr[op->rt] = static_cast<U64>(product >> 64);
  return next(s, op, c);
}
Result maddhdu(ArchState& s, const Op* op, Context& c) {
  const U128 product = U128{s.gpr[op->ra]} * s.gpr[op->rb] + s.gpr[rc_field(op)];
  s.gpr[op->rt] = static_cast<U64>(product >> 64U);
  return next(s, op, c);
}
Result maddld(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = s.gpr[op->ra] * s.gpr[op->rb] + s.gpr[rc_field(op)];
  return next(s, op, c);
}

// ---------------------------------------------------------------- divide

/// An impossible quotient is undefined: 0 here. With OE it is an overflow.
template <bool Oe, bool Rc>
void quotient(ArchState& s, const Op* op, bool overflow, U64 value) {
  if constexpr (Oe) set_overflow(s, overflow, overflow);
  if (overflow) value = 0;
  s.gpr[op->rt] = value;
  record<Rc>(s, value);
}

template <bool Oe, bool Rc>
Result divw(ArchState& s, const Op* op, Context& c) {
  const auto a = static_cast<S32>(s.gpr[op->ra]), b = static_cast<S32>(s.gpr[op->rb]);
  const bool overflow = b == 0 || (b == -1 && a == std::numeric_limits<S32>::min());
  quotient<Oe, Rc>(s, op, overflow, overflow ? 0 : static_cast<U32>(a / b));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result divwu(ArchState& s, const Op* op, Context& c) {
  const auto a = static_cast<U32>(s.gpr[op->ra]), b = static_cast<U32>(s.gpr[op->rb]);
  quotient<Oe, Rc>(s, op, b == 0, b == 0 ? 0 : a / b);
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result divd(ArchState& s, const Op* op, Context& c) {
  const auto a = static_cast<S64>(s.gpr[op->ra]), b = static_cast<S64>(s.gpr[op->rb]);
  const bool overflow = b == 0 || (b == -1 && a == std::numeric_limits<S64>::min());
  quotient<Oe, Rc>(s, op, overflow, overflow ? 0 : static_cast<U64>(a / b));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result divdu(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->ra], b = s.gpr[op->rb];
  quotient<Oe, Rc>(s, op, b == 0, b == 0 ? 0 : a / b);
  return next(s, op, c);
}
/// Extended: the dividend has zeros behind it.
template <bool Oe, bool Rc>
Result divwe(ArchState& s, const Op* op, Context& c) {
  const S64 a = static_cast<S64>(s.gpr[op->ra] << 32U);
  const S64 b = static_cast<S32>(s.gpr[op->rb]);
  bool overflow = b == 0 || (b == -1 && a == std::numeric_limits<S64>::min());
  const S64 q = overflow ? 0 : a / b;
  overflow = overflow || q != static_cast<S32>(q);
  quotient<Oe, Rc>(s, op, overflow, static_cast<U32>(q));
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result divweu(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->ra] << 32U, b = s.gpr[op->rb] & 0xffffffffU;
  const U64 q = b == 0 ? 0 : a / b;
  quotient<Oe, Rc>(s, op, b == 0 || q > 0xffffffffU, q);
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result divde(ArchState& s, const Op* op, Context& c) {
  const auto a = static_cast<S64>(s.gpr[op->ra]), b = static_cast<S64>(s.gpr[op->rb]);
  // |a| * 2^64 / |b| fits 64 bits only if |a| < |b|.
  const U64 ua = a < 0 ? -static_cast<U64>(a) : static_cast<U64>(a);
  const U64 ub = b < 0 ? -static_cast<U64>(b) : static_cast<U64>(b);
  bool overflow = ub == 0 || ua >= ub;
  U64 q = 0;
  if (!overflow) {
    q = static_cast<U64>((U128{ua} << 64U) / ub);
    const bool negative = (a < 0) != (b < 0);
    const U64 limit = U64{1} << 63U;
    overflow = negative ? q > limit : q >= limit;
    if (negative) q = -q;
  }
  quotient<Oe, Rc>(s, op, overflow, q);
  return next(s, op, c);
}
template <bool Oe, bool Rc>
Result divdeu(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->ra], b = s.gpr[op->rb];
  const bool overflow = a >= b;
  quotient<Oe, Rc>(s, op, overflow, overflow ? 0 : static_cast<U64>((U128{a} << 64U) / b));
  return next(s, op, c);
}

Result modsw(ArchState& s, const Op* op, Context& c) {
  const auto a = static_cast<S32>(s.gpr[op->ra]), b = static_cast<S32>(s.gpr[op->rb]);
  const bool impossible = b == 0 || (b == -1 && a == std::numeric_limits<S32>::min());
  s.gpr[op->rt] = impossible ? 0 : static_cast<U64>(S64{a % b});
  return next(s, op, c);
}
Result moduw(ArchState& s, const Op* op, Context& c) {
  const auto a = static_cast<U32>(s.gpr[op->ra]), b = static_cast<U32>(s.gpr[op->rb]);
  s.gpr[op->rt] = b == 0 ? 0 : a % b;
  return next(s, op, c);
}
Result modsd(ArchState& s, const Op* op, Context& c) {
  const auto a = static_cast<S64>(s.gpr[op->ra]), b = static_cast<S64>(s.gpr[op->rb]);
  const bool impossible = b == 0 || (b == -1 && a == std::numeric_limits<S64>::min());
  s.gpr[op->rt] = impossible ? 0 : static_cast<U64>(a % b);
  return next(s, op, c);
}
Result modud(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->ra], b = s.gpr[op->rb];
  s.gpr[op->rt] = b == 0 ? 0 : a % b;
  return next(s, op, c);
}

// ---------------------------------------------------------------- compare

template <typename T>
Result cmp(ArchState& s, const Op* op, Context& c) {
  set_cr(s, op->rt >> 2U,
         compare<T>(s, static_cast<T>(s.gpr[op->ra]), static_cast<T>(s.gpr[op->rb])));
  return next(s, op, c);
}
template <typename T>
Result cmp_imm(ArchState& s, const Op* op, Context& c) {
  set_cr(s, op->rt >> 2U, compare<T>(s, static_cast<T>(s.gpr[op->ra]), static_cast<T>(op->imm)));
  return next(s, op, c);
}

/// Is the low byte of RA in the range(s) of RB?
Result cmprb(ArchState& s, const Op* op, Context& c) {
  const auto byte = static_cast<std::uint8_t>(s.gpr[op->ra]);
  const U64 ranges = s.gpr[op->rb];
  const auto in = [&](unsigned shift) {
    return byte >= (ranges >> shift & 0xffU) && byte <= (ranges >> (shift + 8U) & 0xffU);
  };
  const bool two = bit(op->raw, 10);
  set_cr(s, op->rt >> 2U, in(0) || (two && in(16)) ? kGt : 0);
  return next(s, op, c);
}
Result cmpeqb(ArchState& s, const Op* op, Context& c) {
  const U64 byte = s.gpr[op->ra] & 0xffU;
  bool found = false;
  for (unsigned n = 0; n < 64; n += 8) found = found || (s.gpr[op->rb] >> n & 0xffU) == byte;
  set_cr(s, op->rt >> 2U, found ? kGt : 0);
  return next(s, op, c);
}

// ---------------------------------------------------------------- decimal assist

Result addg6s(ArchState& s, const Op* op, Context& c) {
  // A six for each decimal digit whose addition makes no carry.
  const U64 a = s.gpr[op->ra], b = s.gpr[op->rb];
  U64 result = 0;
  for (unsigned n = 0; n < 16; ++n) {
    const unsigned shift = 4 * n;
    const U128 low = (U128{1} << (shift + 4U)) - 1;
    const bool carry_out =
        ((a & static_cast<U64>(low)) + U128{b & static_cast<U64>(low)}) >> (shift + 4U) != 0;
    if (!carry_out) result |= U64{6} << shift;
  }
  s.gpr[op->rt] = result;
  return next(s, op, c);
}

// ---------------------------------------------------------------- table

// NOLINTBEGIN(bugprone-macro-parentheses): template arguments
#define OE_ROWS(name, xo, handler)                                                                \
  XIVE_ROW(name, Raw, opcode(31, xo), kXoOe, handler<false, false>),                              \
      XIVE_ROW(name ".", Raw, opcode(31, xo) | 1, kXoOe, handler<false, true>, nullptr, kRecord), \
      XIVE_ROW(name "o", Raw, opcode(31, 512 + (xo)), kXoOe, handler<true, false>),               \
      XIVE_ROW(name "o.", Raw, opcode(31, 512 + (xo)) | 1, kXoOe, handler<true, true>, nullptr,   \
               kRecord)
// NOLINTEND(bugprone-macro-parentheses)

constexpr U32 kCmpL = 0x00200000;  // L: 64-bit operands
constexpr U32 kVa = 0xfc00003f;

const Instruction kRows[] = {
    XIVE_ROW("addi", D, opcode(14), kPrimary, addi),
    XIVE_ROW("paddi", PrefixMLS, opcode(14), kPrimary, addi, nullptr, kV31),
    XIVE_ROW("addis", DShifted, opcode(15), kPrimary, addi),
    XIVE_ROW("addic", D, opcode(12), kPrimary, addic<false>),
    XIVE_ROW("addic.", D, opcode(13), kPrimary, addic<true>),
    XIVE_ROW("subfic", D, opcode(8), kPrimary, subfic),
    OE_ROWS("add", 266, add),
    OE_ROWS("subf", 40, subf),
    OE_ROWS("addc", 10, addc),
    OE_ROWS("subfc", 8, subfc),
    OE_ROWS("adde", 138, adde),
    OE_ROWS("subfe", 136, subfe),
    OE_ROWS("addme", 234, addme),
    OE_ROWS("subfme", 232, subfme),
    OE_ROWS("addze", 202, addze),
    OE_ROWS("subfze", 200, subfze),
    OE_ROWS("neg", 104, neg),
    XIVE_ROW("addex", Raw, opcode(31, 170), 0xfc0001fe, addex),
    XIVE_ROW("mulli", D, opcode(7), kPrimary, mulli),
    OE_ROWS("mullw", 235, mullw),
    OE_ROWS("mulld", 233, mulld),
    XIVE_ROW_RC("mulhw", Raw, opcode(31, 75), kX, mulhw_signed),
    XIVE_ROW_RC("mulhwu", Raw, opcode(31, 11), kX, mulhw_unsigned),
    XIVE_ROW_RC("mulhd", Raw, opcode(31, 73), kX, mulhd_signed),
    XIVE_ROW_RC("mulhdu", Raw, opcode(31, 9), kX, mulhd_unsigned),
    XIVE_ROW("maddhd", Raw, opcode(4) | 48, kVa, maddhd),
    XIVE_ROW("maddhdu", Raw, opcode(4) | 49, kVa, maddhdu),
    XIVE_ROW("maddld", Raw, opcode(4) | 51, kVa, maddld),
    OE_ROWS("divw", 491, divw),
    OE_ROWS("divwu", 459, divwu),
    OE_ROWS("divd", 489, divd),
    OE_ROWS("divdu", 457, divdu),
    OE_ROWS("divwe", 427, divwe),
    OE_ROWS("divweu", 395, divweu),
    OE_ROWS("divde", 425, divde),
    OE_ROWS("divdeu", 393, divdeu),
    XIVE_ROW("modsw", Raw, opcode(31, 779), kX, modsw),
    XIVE_ROW("moduw", Raw, opcode(31, 267), kX, moduw),
    XIVE_ROW("modsd", Raw, opcode(31, 777), kX, modsd),
    XIVE_ROW("modud", Raw, opcode(31, 265), kX, modud),
    XIVE_ROW("cmpwi", D, opcode(11), kPrimary | kCmpL, cmp_imm<S32>),
    XIVE_ROW("cmpdi", D, opcode(11) | kCmpL, kPrimary | kCmpL, cmp_imm<S64>),
    XIVE_ROW("cmplwi", DUnsigned, opcode(10), kPrimary | kCmpL, cmp_imm<U32>),
    XIVE_ROW("cmpldi", DUnsigned, opcode(10) | kCmpL, kPrimary | kCmpL, cmp_imm<U64>),
    XIVE_ROW("cmpw", Raw, opcode(31, 0), kX | kCmpL, cmp<S32>),
    XIVE_ROW("cmpd", Raw, opcode(31, 0) | kCmpL, kX | kCmpL, cmp<S64>),
    XIVE_ROW("cmplw", Raw, opcode(31, 32), kX | kCmpL, cmp<U32>),
    XIVE_ROW("cmpld", Raw, opcode(31, 32) | kCmpL, kX | kCmpL, cmp<U64>),
    XIVE_ROW("cmprb", Raw, opcode(31, 192), kX, cmprb),
    XIVE_ROW("cmpeqb", Raw, opcode(31, 224), kX, cmpeqb),
    XIVE_ROW("addg6s", Raw, opcode(31, 74), kX, addg6s),
};

}  // namespace

std::span<const Instruction> arithmetic_instructions() {
  return kRows;
}

}  // namespace xive::ppc::iss
