// SPDX-License-Identifier: Apache-2.0
/// What the files of instruction handlers have in common.
#pragma once

#include <cstdint>

#include "sc_models/ppc/iss/context.h"

namespace xive::ppc::iss {

using U64 = std::uint64_t;
using S64 = std::int64_t;
using U32 = std::uint32_t;
using S32 = std::int32_t;
__extension__ using U128 = unsigned __int128;
__extension__ using S128 = __int128;

/// Handlers that stand in the table under no opcode.
const Block* end_of_block(ArchState& s, const Op* op, Context& c);
const Block* illegal_instruction(ArchState& s, const Op* op, Context& c);
const Block* prefix_crosses(ArchState& s, const Op* op, Context& c);
/// Does nothing.
const Block* no_operation(ArchState& s, const Op* op, Context& c);

/// A call in tail position: with optimisation it is a jump, without it the depth is that of a
/// block.
inline const Block* next(ArchState& s, const Op* op, Context& c) {
  return op[1].fn(s, op + 1, c);
}

// ---- fields of a word, by IBM bit numbers
constexpr U32 bits(U32 word, unsigned first, unsigned last) {
  return word >> (31U - last) & (0xffffffffU >> (31U - (last - first)));
}
constexpr bool bit(U32 word, unsigned n) {
  return (word >> (31U - n) & 1U) != 0;
}
constexpr U32 opcode(U32 primary, U32 extended = 0) {
  return primary << 26U | extended << 1U;
}

// ---- masks of table rows
inline constexpr U32 kPrimary = 0xfc000000, kX = 0xfc0007fe, kXRc = 0xfc0007ff, kXo = 0xfc0003fe,
                     kXoRc = 0xfc0003ff, kXoOe = 0xfc0007ff, kDs = 0xfc000003, kRc = 1;

// ---- XER
namespace xer {
inline constexpr U64 kSo = 0x80000000, kOv = 0x40000000, kCa = 0x20000000, kOv32 = 0x80000,
                     kCa32 = 0x40000;
}  // namespace xer

/// RA, or 0 for register 0.
inline U64 ra_or_zero(const ArchState& s, const Op* op) {
  return op->ra != 0 ? s.gpr[op->ra] : 0;
}
/// Bits of a CR field.
inline constexpr U32 kLt = 8, kGt = 4, kEq = 2, kSo = 1;

inline void set_cr(ArchState& s, unsigned field, U32 value) {
  const unsigned shift = 28 - 4 * field;
  s.cr = (s.cr & ~(U32{0xf} << shift)) | value << shift;
}
template <typename T>
U32 compare(const ArchState& s, T a, T b) {
  return (a < b ? kLt : a > b ? kGt : kEq) | static_cast<U32>(s.xer >> 31U & 1U);
}
inline void set_cr0(ArchState& s, U64 result) {
  const U32 value = compare<S64>(s, static_cast<S64>(result), 0);
  s.cr = (s.cr & 0x0fffffffU) | value << 28U;
}
template <bool Rc>
void record(ArchState& s, U64 result) {
  if constexpr (Rc) set_cr0(s, result);
}
inline void set_xer(ArchState& s, U64 mask, U64 value) {
  s.xer = (s.xer & ~mask) | value;
}
/// OV, OV32 and the sticky SO.
inline void set_overflow(ArchState& s, bool ov, bool ov32) {
  set_xer(s, xer::kOv | xer::kOv32, (ov ? xer::kOv | xer::kSo : 0) | (ov32 ? xer::kOv32 : 0));
}

constexpr U64 rotate_left(U64 value, unsigned n) {
  return value << (n & 63U) | value >> (-n & 63U);
}
/// The low word in both halves, rotated.
constexpr U64 rotate_left_word(U64 value, unsigned n) {
  const U64 both = (value & 0xffffffffU) | value << 32U;
  return rotate_left(both, n);
}
/// Ones from IBM bit `first` to `last`, around the end if last < first.
constexpr U64 mask_of(unsigned first, unsigned last) {
  const U64 from = ~U64{0} >> first, to = ~U64{0} << (63 - last);
  return first <= last ? from & to : from | to;
}
constexpr U64 sign_extend(U64 value, unsigned width) {
  const U64 sign = U64{1} << (width - 1);
  value &= (sign << 1U) - 1;
  return (value ^ sign) - sign;
}

/// Number of an SPR in mfspr and mtspr: two halves, exchanged.
constexpr unsigned spr_number(U32 word) {
  return bits(word, 16, 20) << 5U | bits(word, 11, 15);
}

template <unsigned Size>
U64 swap_bytes(U64 value) {
  if constexpr (Size == 2) return __builtin_bswap16(static_cast<std::uint16_t>(value));
  if constexpr (Size == 4) return __builtin_bswap32(static_cast<U32>(value));
  if constexpr (Size == 8) return __builtin_bswap64(value);
  return value & 0xffU;
}

// Rows of the table. The Rc=1 form has its own row and its own handler. A template argument list
// cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define XIVE_ROW(name, form, opc, mask, ...) \
  Instruction {                              \
    name, Form::form, opc, mask, __VA_ARGS__ \
  }
#define XIVE_ROW_RC(name, form, opc, mask, handler)        \
  XIVE_ROW(name, form, opc, (mask) | kRc, handler<false>), \
      XIVE_ROW(name ".", form, (opc) | kRc, (mask) | kRc, handler<true>, nullptr, kRecord)
// NOLINTEND(bugprone-macro-parentheses)

}  // namespace xive::ppc::iss
