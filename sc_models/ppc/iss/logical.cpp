// SPDX-License-Identifier: Apache-2.0
// Logical, rotate, shift, extend and count instructions (Power ISA 3.0 Book I 3.3.13, 3.3.14).
#include <bit>

#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {
namespace {

using Result = const Block*;

// ---------------------------------------------------------------- two registers

#define BINARY(name, expression)                        \
  template <bool Rc>                                    \
  Result name(ArchState& s, const Op* op, Context& c) { \
    const U64 a = s.gpr[op->rt], b = s.gpr[op->rb];     \
    const U64 result = expression;                      \
    s.gpr[op->ra] = result;                             \
    record<Rc>(s, result);                              \
    return next(s, op, c);                              \
  }
BINARY(and_, a& b)
BINARY(or_, a | b)
BINARY(xor_, a ^ b)
BINARY(nand, ~(a& b))
BINARY(nor, ~(a | b))
BINARY(eqv, ~(a ^ b))
BINARY(andc, a & ~b)
BINARY(orc, a | ~b)
BINARY(slw, (b & 0x20U) != 0 ? 0 : (a << (b & 0x1fU)) & 0xffffffffU)
BINARY(srw, (b & 0x20U) != 0 ? 0 : (a & 0xffffffffU) >> (b & 0x1fU))
BINARY(sld, (b & 0x40U) != 0 ? 0 : a << (b & 0x3fU))
BINARY(srd, (b & 0x40U) != 0 ? 0 : a >> (b & 0x3fU))
#undef BINARY

#define UNARY(name, expression)                         \
  template <bool Rc>                                    \
  Result name(ArchState& s, const Op* op, Context& c) { \
    const U64 a = s.gpr[op->rt];                        \
    const U64 result = expression;                      \
    s.gpr[op->ra] = result;                             \
    record<Rc>(s, result);                              \
    return next(s, op, c);                              \
  }
UNARY(extsb, sign_extend(a, 8))
UNARY(extsh, sign_extend(a, 16))
UNARY(extsw, sign_extend(a, 32))
UNARY(cntlzw, static_cast<U64>(std::countl_zero(static_cast<U32>(a))))
UNARY(cntlzd, static_cast<U64>(std::countl_zero(a)))
UNARY(cnttzw, static_cast<U64>(std::countr_zero(static_cast<U32>(a))))
UNARY(cnttzd, static_cast<U64>(std::countr_zero(a)))
#undef UNARY

template <bool Rc>
Result and_imm(ArchState& s, const Op* op, Context& c) {
  const U64 result = s.gpr[op->rt] & static_cast<U64>(op->imm);
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}
Result or_imm(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->ra] = s.gpr[op->rt] | static_cast<U64>(op->imm);
  return next(s, op, c);
}
Result xor_imm(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->ra] = s.gpr[op->rt] ^ static_cast<U64>(op->imm);
  return next(s, op, c);
}

// ---------------------------------------------------------------- rotate

template <bool Rc>
Result rotate_mask(ArchState& s, const Op* op, Context& c) {
  const U64 result = rotate_left(s.gpr[op->rt], op->sh) & static_cast<U64>(op->imm);
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}
template <bool Rc>
Result rotate_insert(ArchState& s, const Op* op, Context& c) {
  const U64 mask = static_cast<U64>(op->imm);
  const U64 result = (rotate_left(s.gpr[op->rt], op->sh) & mask) | (s.gpr[op->ra] & ~mask);
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}
template <bool Rc>
Result rotate_word_mask(ArchState& s, const Op* op, Context& c) {
  const U64 result = rotate_left_word(s.gpr[op->rt], op->sh) & static_cast<U64>(op->imm);
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}
template <bool Rc>
Result rotate_word_insert(ArchState& s, const Op* op, Context& c) {
  const U64 mask = static_cast<U64>(op->imm);
  const U64 result = (rotate_left_word(s.gpr[op->rt], op->sh) & mask) | (s.gpr[op->ra] & ~mask);
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}
template <bool Rc>
Result rlwnm(ArchState& s, const Op* op, Context& c) {
  const auto n = static_cast<unsigned>(s.gpr[op->rb] & 0x1fU);
  const U64 result = rotate_left_word(s.gpr[op->rt], n) & static_cast<U64>(op->imm);
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}
/// rldcl and rldcr: the mask as for the immediate forms.
template <bool Rc>
Result rotate_register(ArchState& s, const Op* op, Context& c) {
  const auto n = static_cast<unsigned>(s.gpr[op->rb] & 0x3fU);
  const U64 result = rotate_left(s.gpr[op->rt], n) & static_cast<U64>(op->imm);
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}

// ---------------------------------------------------------------- arithmetic shifts

/// CA and CA32: a negative number lost ones.
void shift_carry(ArchState& s, bool carry) {
  set_xer(s, xer::kCa | xer::kCa32, carry ? xer::kCa | xer::kCa32 : 0);
}

template <bool Rc>
void shift_word(ArchState& s, const Op* op, unsigned n) {
  const S64 a = static_cast<S32>(s.gpr[op->rt]);
  const S64 result = n > 31 ? a >> 63 : a >> n;
  const U64 lost = n > 31 ? static_cast<U32>(a) : static_cast<U64>(a) & ((U64{1} << n) - 1);
  shift_carry(s, a < 0 && lost != 0);
  s.gpr[op->ra] = static_cast<U64>(result);
  record<Rc>(s, static_cast<U64>(result));
}
template <bool Rc>
void shift_double(ArchState& s, const Op* op, unsigned n) {
  const auto a = static_cast<S64>(s.gpr[op->rt]);
  const S64 result = n > 63 ? a >> 63 : a >> n;
  const U64 lost = n > 63 ? static_cast<U64>(a) : static_cast<U64>(a) & ((U64{1} << n) - 1);
  shift_carry(s, a < 0 && lost != 0);
  s.gpr[op->ra] = static_cast<U64>(result);
  record<Rc>(s, static_cast<U64>(result));
}
template <bool Rc>
Result sraw(ArchState& s, const Op* op, Context& c) {
  shift_word<Rc>(s, op, static_cast<unsigned>(s.gpr[op->rb] & 0x3fU));
  return next(s, op, c);
}
template <bool Rc>
Result srawi(ArchState& s, const Op* op, Context& c) {
  shift_word<Rc>(s, op, op->rb);
  return next(s, op, c);
}
template <bool Rc>
Result srad(ArchState& s, const Op* op, Context& c) {
  shift_double<Rc>(s, op, static_cast<unsigned>(s.gpr[op->rb] & 0x7fU));
  return next(s, op, c);
}
template <bool Rc>
Result sradi(ArchState& s, const Op* op, Context& c) {
  shift_double<Rc>(s, op, op->sh);
  return next(s, op, c);
}
template <bool Rc>
Result extswsli(ArchState& s, const Op* op, Context& c) {
  const U64 result = sign_extend(s.gpr[op->rt], 32) << op->sh;
  s.gpr[op->ra] = result;
  record<Rc>(s, result);
  return next(s, op, c);
}

// ---------------------------------------------------------------- bits and bytes

template <typename F>
U64 each_byte(F function) {
  U64 result = 0;
  for (unsigned shift = 0; shift < 64; shift += 8) result |= function(shift) << shift;
  return result;
}

Result cmpb(ArchState& s, const Op* op, Context& c) {
  const U64 differ = s.gpr[op->rt] ^ s.gpr[op->rb];
  s.gpr[op->ra] =
      each_byte([&](unsigned shift) { return (differ >> shift & 0xffU) == 0 ? U64{0xff} : 0; });
  return next(s, op, c);
}
Result popcntb(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->rt];
  s.gpr[op->ra] = each_byte(
      [&](unsigned shift) { return static_cast<U64>(std::popcount(a >> shift & 0xffU)); });
  return next(s, op, c);
}
Result popcntw(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->rt];
  s.gpr[op->ra] = static_cast<U64>(std::popcount(a >> 32U)) << 32U |
                  static_cast<U64>(std::popcount(a & 0xffffffffU));
  return next(s, op, c);
}
Result popcntd(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->ra] = static_cast<U64>(std::popcount(s.gpr[op->rt]));
  return next(s, op, c);
}
/// Parity of the least significant bits of the bytes.
Result prtyw(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->rt] & 0x0101010101010101U;
  s.gpr[op->ra] = static_cast<U64>(std::popcount(a >> 32U) & 1) << 32U |
                  static_cast<U64>(std::popcount(a & 0xffffffffU) & 1);
  return next(s, op, c);
}
Result prtyd(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->ra] = static_cast<U64>(std::popcount(s.gpr[op->rt] & 0x0101010101010101U) & 1);
  return next(s, op, c);
}
Result bpermd(ArchState& s, const Op* op, Context& c) {
  U64 result = 0;
  for (unsigned n = 0; n < 8; ++n) {
    const auto index = static_cast<unsigned>(s.gpr[op->rt] >> (8U * n) & 0xffU);
    if (index < 64) result |= (s.gpr[op->rb] >> (63U - index) & 1U) << n;
  }
  s.gpr[op->ra] = result;
  return next(s, op, c);
}

// ---------------------------------------------------------------- Power ISA 3.1

Result brh(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->rt];
  s.gpr[op->ra] = (a & 0x00ff00ff00ff00ffU) << 8U | (a >> 8U & 0x00ff00ff00ff00ffU);
  return next(s, op, c);
}
Result brw(ArchState& s, const Op* op, Context& c) {
  const U64 a = s.gpr[op->rt];
  s.gpr[op->ra] = U64{__builtin_bswap32(static_cast<U32>(a >> 32U))} << 32U |
                  __builtin_bswap32(static_cast<U32>(a));
  return next(s, op, c);
}
Result brd(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->ra] = __builtin_bswap64(s.gpr[op->rt]);
  return next(s, op, c);
}
Result cntlzdm(ArchState& s, const Op* op, Context& c) {
  U64 count = 0;
  for (unsigned n = 0; n < 64; ++n) {
    if ((s.gpr[op->rb] >> (63U - n) & 1U) == 0) continue;
    if ((s.gpr[op->rt] >> (63U - n) & 1U) != 0) break;
    ++count;
  }
  s.gpr[op->ra] = count;
  return next(s, op, c);
}
Result cnttzdm(ArchState& s, const Op* op, Context& c) {
  U64 count = 0;
  for (unsigned n = 0; n < 64; ++n) {
    if ((s.gpr[op->rb] >> n & 1U) == 0) continue;
    if ((s.gpr[op->rt] >> n & 1U) != 0) break;
    ++count;
  }
  s.gpr[op->ra] = count;
  return next(s, op, c);
}
U64 extract_bits(U64 value, U64 mask) {
  U64 result = 0;
  unsigned to = 0;
  for (unsigned n = 0; n < 64; ++n) {
    if ((mask >> n & 1U) != 0) result |= (value >> n & 1U) << to++;
  }
  return result;
}
Result pdepd(ArchState& s, const Op* op, Context& c) {
  const U64 value = s.gpr[op->rt], mask = s.gpr[op->rb];
  U64 result = 0;
  unsigned from = 0;
  for (unsigned n = 0; n < 64; ++n) {
    if ((mask >> n & 1U) != 0) result |= (value >> from++ & 1U) << n;
  }
  s.gpr[op->ra] = result;
  return next(s, op, c);
}
Result pextd(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->ra] = extract_bits(s.gpr[op->rt], s.gpr[op->rb]);
  return next(s, op, c);
}
/// The bits whose mask is 1 go to the right, the others to the left, each in order.
Result cfuged(ArchState& s, const Op* op, Context& c) {
  const U64 mask = s.gpr[op->rb], value = s.gpr[op->rt];
  const auto ones = static_cast<unsigned>(std::popcount(mask));
  const U64 right = extract_bits(value, mask);
  const U64 left = ones == 64 ? 0 : extract_bits(value, ~mask) << ones;
  s.gpr[op->ra] = left | right;
  return next(s, op, c);
}

// ---------------------------------------------------------------- decimal assist

Result cdtbcd(ArchState& s, const Op* op, Context& c) {
  // Each declet (10 bits, three digits) of both words.
  const auto digits = [](U32 declet) {
    const auto b = [&](unsigned n) { return declet >> (9U - n) & 1U; };
    const U32 p = b(0), q = b(1), r = b(2), t = b(3), u = b(4), v = b(5), w = b(6), x = b(7),
              y = b(8), z = b(9);
    const auto digit = [](U32 d3, U32 d2, U32 d1, U32 d0) {
      return d3 << 3U | d2 << 2U | d1 << 1U | d0;
    };
    if (w == 0) {
      return digit(0, p, q, r) << 8U | digit(0, t, u, v) << 4U | digit(0, x, y, z);
    }
    switch (x << 1U | y) {
      case 0:
        return digit(0, p, q, r) << 8U | digit(0, t, u, v) << 4U | digit(1, 0, 0, z);
      case 1:
        return digit(0, p, q, r) << 8U | digit(1, 0, 0, v) << 4U | digit(0, t, u, z);
      case 2:
        return digit(1, 0, 0, r) << 8U | digit(0, t, u, v) << 4U | digit(0, p, q, z);
      default:
        break;
    }
    switch (t << 1U | u) {
      case 0:
        return digit(1, 0, 0, r) << 8U | digit(1, 0, 0, v) << 4U | digit(0, p, q, z);
      case 1:
        return digit(1, 0, 0, r) << 8U | digit(0, p, q, v) << 4U | digit(1, 0, 0, z);
      case 2:
        return digit(0, p, q, r) << 8U | digit(1, 0, 0, v) << 4U | digit(1, 0, 0, z);
      default:
        return digit(1, 0, 0, r) << 8U | digit(1, 0, 0, v) << 4U | digit(1, 0, 0, z);
    }
  };
  const U64 a = s.gpr[op->rt];
  const auto word = [&](U64 half) {
    return U64{digits(static_cast<U32>(half >> 10U & 0x3ffU))} << 12U |
           digits(static_cast<U32>(half & 0x3ffU));
  };
  s.gpr[op->ra] = word(a >> 32U) << 32U | word(a & 0xffffffffU);
  return next(s, op, c);
}
Result cbcdtd(ArchState& s, const Op* op, Context& c) {
  const auto declet = [](U32 bcd) {
    const auto b = [&](unsigned n) { return bcd >> (11U - n) & 1U; };
    const U32 a = b(0), e = b(4), i = b(8);
    const U32 bb = b(1), cc = b(2), d = b(3), f = b(5), g = b(6), h = b(7), j = b(9), k = b(10),
              m = b(11);
    const auto pack = [](U32 p, U32 q, U32 r, U32 t, U32 u, U32 v, U32 w, U32 x, U32 y, U32 z) {
      return p << 9U | q << 8U | r << 7U | t << 6U | u << 5U | v << 4U | w << 3U | x << 2U |
             y << 1U | z;
    };
    switch (a << 2U | e << 1U | i) {
      case 0:
        return pack(bb, cc, d, f, g, h, 0, j, k, m);
      case 1:
        return pack(bb, cc, d, f, g, h, 1, 0, 0, m);
      case 2:
        return pack(bb, cc, d, j, k, h, 1, 0, 1, m);
      case 3:
        return pack(bb, cc, d, 1, 0, h, 1, 1, 1, m);
      case 4:
        return pack(j, k, d, f, g, h, 1, 1, 0, m);
      case 5:
        return pack(f, g, d, 0, 1, h, 1, 1, 1, m);
      case 6:
        return pack(j, k, d, 0, 0, h, 1, 1, 1, m);
      default:
        return pack(0, 0, d, 1, 1, h, 1, 1, 1, m);
    }
  };
  const U64 a = s.gpr[op->rt];
  const auto word = [&](U64 half) {
    return U64{declet(static_cast<U32>(half >> 12U & 0xfffU))} << 10U |
           declet(static_cast<U32>(half & 0xfffU));
  };
  s.gpr[op->ra] = word(a >> 32U) << 32U | word(a & 0xffffffffU);
  return next(s, op, c);
}

// ---------------------------------------------------------------- table

constexpr U32 kMd = 0xfc00001c, kMds = 0xfc00001e, kXs = 0xfc0007fc;

const Instruction kRows[] = {
    XIVE_ROW("andi.", DUnsigned, opcode(28), kPrimary, and_imm<true>),
    XIVE_ROW("andis.", DUnsignedShifted, opcode(29), kPrimary, and_imm<true>),
    XIVE_ROW("nop", Raw, opcode(24), 0xffffffff, no_operation),
    XIVE_ROW("ori", DUnsigned, opcode(24), kPrimary, or_imm),
    XIVE_ROW("oris", DUnsignedShifted, opcode(25), kPrimary, or_imm),
    XIVE_ROW("xori", DUnsigned, opcode(26), kPrimary, xor_imm),
    XIVE_ROW("xoris", DUnsignedShifted, opcode(27), kPrimary, xor_imm),
    XIVE_ROW_RC("and", Raw, opcode(31, 28), kX, and_),
    XIVE_ROW_RC("or", Raw, opcode(31, 444), kX, or_),
    XIVE_ROW_RC("xor", Raw, opcode(31, 316), kX, xor_),
    XIVE_ROW_RC("nand", Raw, opcode(31, 476), kX, nand),
    XIVE_ROW_RC("nor", Raw, opcode(31, 124), kX, nor),
    XIVE_ROW_RC("eqv", Raw, opcode(31, 284), kX, eqv),
    XIVE_ROW_RC("andc", Raw, opcode(31, 60), kX, andc),
    XIVE_ROW_RC("orc", Raw, opcode(31, 412), kX, orc),
    XIVE_ROW_RC("extsb", Raw, opcode(31, 954), kX, extsb),
    XIVE_ROW_RC("extsh", Raw, opcode(31, 922), kX, extsh),
    XIVE_ROW_RC("extsw", Raw, opcode(31, 986), kX, extsw),
    XIVE_ROW_RC("cntlzw", Raw, opcode(31, 26), kX, cntlzw),
    XIVE_ROW_RC("cntlzd", Raw, opcode(31, 58), kX, cntlzd),
    XIVE_ROW_RC("cnttzw", Raw, opcode(31, 538), kX, cnttzw),
    XIVE_ROW_RC("cnttzd", Raw, opcode(31, 570), kX, cnttzd),
    XIVE_ROW("cmpb", Raw, opcode(31, 508), kX, cmpb),
    XIVE_ROW("popcntb", Raw, opcode(31, 122), kX, popcntb),
    XIVE_ROW("popcntw", Raw, opcode(31, 378), kX, popcntw),
    XIVE_ROW("popcntd", Raw, opcode(31, 506), kX, popcntd),
    XIVE_ROW("prtyw", Raw, opcode(31, 154), kX, prtyw),
    XIVE_ROW("prtyd", Raw, opcode(31, 186), kX, prtyd),
    XIVE_ROW("bpermd", Raw, opcode(31, 252), kX, bpermd),
    XIVE_ROW("cdtbcd", Raw, opcode(31, 282), kX, cdtbcd),
    XIVE_ROW("cbcdtd", Raw, opcode(31, 314), kX, cbcdtd),
    XIVE_ROW_RC("rlwimi", M, opcode(20), kPrimary, rotate_word_insert),
    XIVE_ROW_RC("rlwinm", M, opcode(21), kPrimary, rotate_word_mask),
    XIVE_ROW_RC("rlwnm", M, opcode(23), kPrimary, rlwnm),
    XIVE_ROW_RC("rldicl", MdLeft, opcode(30) | 0 << 2, kMd, rotate_mask),
    XIVE_ROW_RC("rldicr", MdRight, opcode(30) | 1 << 2, kMd, rotate_mask),
    XIVE_ROW_RC("rldic", MdBoth, opcode(30) | 2 << 2, kMd, rotate_mask),
    XIVE_ROW_RC("rldimi", MdBoth, opcode(30) | 3 << 2, kMd, rotate_insert),
    XIVE_ROW_RC("rldcl", MdLeft, opcode(30) | 8 << 1, kMds, rotate_register),
    XIVE_ROW_RC("rldcr", MdRight, opcode(30) | 9 << 1, kMds, rotate_register),
    XIVE_ROW_RC("slw", Raw, opcode(31, 24), kX, slw),
    XIVE_ROW_RC("srw", Raw, opcode(31, 536), kX, srw),
    XIVE_ROW_RC("sld", Raw, opcode(31, 27), kX, sld),
    XIVE_ROW_RC("srd", Raw, opcode(31, 539), kX, srd),
    XIVE_ROW_RC("sraw", Raw, opcode(31, 792), kX, sraw),
    XIVE_ROW_RC("srawi", Raw, opcode(31, 824), kX, srawi),
    XIVE_ROW_RC("srad", Raw, opcode(31, 794), kX, srad),
    XIVE_ROW_RC("sradi", XsShift, opcode(31, 826), kXs, sradi),
    XIVE_ROW_RC("extswsli", XsShift, opcode(31, 890), kXs, extswsli),
    XIVE_ROW("brh", Raw, opcode(31, 219), kX, brh, nullptr, kV31),
    XIVE_ROW("brw", Raw, opcode(31, 155), kX, brw, nullptr, kV31),
    XIVE_ROW("brd", Raw, opcode(31, 187), kX, brd, nullptr, kV31),
    XIVE_ROW("cntlzdm", Raw, opcode(31, 59), kX, cntlzdm, nullptr, kV31),
    XIVE_ROW("cnttzdm", Raw, opcode(31, 571), kX, cnttzdm, nullptr, kV31),
    XIVE_ROW("pdepd", Raw, opcode(31, 156), kX, pdepd, nullptr, kV31),
    XIVE_ROW("pextd", Raw, opcode(31, 188), kX, pextd, nullptr, kV31),
    XIVE_ROW("cfuged", Raw, opcode(31, 220), kX, cfuged, nullptr, kV31),
};

}  // namespace

std::span<const Instruction> logical_instructions() {
  return kRows;
}

}  // namespace xive::ppc::iss
