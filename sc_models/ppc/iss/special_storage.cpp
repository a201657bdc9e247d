// SPDX-License-Identifier: Apache-2.0
// Storage instructions that are more than one plain access: multiple, string, quadword, atomic,
// caching-inhibited, cache management (Power ISA 3.0 Book I 3.3.4 to 3.3.7, Book II 4, Book
// III 4.4). Length: one table and its handlers.
#include <cstring>

#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {
namespace {

using Result = const Block*;

U64 indexed(const ArchState& s, const Op* op) {
  return ra_or_zero(s, op) + s.gpr[op->rb];
}
U64 displaced(const ArchState& s, const Op* op) {
  return ra_or_zero(s, op) + static_cast<U64>(op->imm);
}
template <unsigned Size, bool Little>
U64 ordered(U64 value) {
  return Little ? swap_bytes<Size>(value) : value;
}

// ---------------------------------------------------------------- multiple and string

// A device access leaves the slice between two instructions only, so these refuse devices: the
// first element that is no RAM is an alignment interrupt, as the architecture allows.

template <bool Little>
Result lmw(ArchState& s, const Op* op, Context& c) {
  U64 address = displaced(s, op);
  if (Little) return c.alignment(op, address);
  for (unsigned r = op->rt; r < 32; ++r, address += 4) {
    if (!c.load_ram(op, address, 4)) return nullptr;
    s.gpr[r] = c.value;
  }
  return c.proceed(op, s);
}
template <bool Little>
Result stmw(ArchState& s, const Op* op, Context& c) {
  U64 address = displaced(s, op);
  if (Little) return c.alignment(op, address);
  for (unsigned r = op->rt; r < 32; ++r, address += 4) {
    if (!c.store_ram(op, address, 4, s.gpr[r])) return nullptr;
  }
  return c.proceed(op, s);
}

/// `count` bytes to the low words of consecutive registers, around from 31 to 0.
Result load_string(ArchState& s, const Op* op, Context& c, U64 address, unsigned count) {
  unsigned r = op->rt;
  for (unsigned n = 0; n < count; ++n) {
    if (!c.load_ram(op, address + n, 1)) return nullptr;
    if (n % 4 == 0) {
      r = (op->rt + n / 4) & 31U;
      s.gpr[r] = 0;
    }
    s.gpr[r] |= c.value << (24U - 8U * (n % 4));
  }
  return c.proceed(op, s);
}
Result store_string(ArchState& s, const Op* op, Context& c, U64 address, unsigned count) {
  for (unsigned n = 0; n < count; ++n) {
    const U64 word = s.gpr[(op->rt + n / 4) & 31U];
    if (!c.store_ram(op, address + n, 1, word >> (24U - 8U * (n % 4)))) return nullptr;
  }
  return c.proceed(op, s);
}
unsigned immediate_count(const Op* op) {
  return op->rb == 0 ? 32 : op->rb;
}
template <bool Little>
Result lswi(ArchState& s, const Op* op, Context& c) {
  if (Little) return c.alignment(op, ra_or_zero(s, op));
  return load_string(s, op, c, ra_or_zero(s, op), immediate_count(op));
}
template <bool Little>
Result lswx(ArchState& s, const Op* op, Context& c) {
  if (Little) return c.alignment(op, indexed(s, op));
  return load_string(s, op, c, indexed(s, op), static_cast<unsigned>(s.xer & 0x7fU));
}
template <bool Little>
Result stswi(ArchState& s, const Op* op, Context& c) {
  if (Little) return c.alignment(op, ra_or_zero(s, op));
  return store_string(s, op, c, ra_or_zero(s, op), immediate_count(op));
}
template <bool Little>
Result stswx(ArchState& s, const Op* op, Context& c) {
  if (Little) return c.alignment(op, indexed(s, op));
  return store_string(s, op, c, indexed(s, op), static_cast<unsigned>(s.xer & 0x7fU));
}

// ---------------------------------------------------------------- quadword

/// The even register holds the more significant half; where that lies is a matter of endianness.
template <bool Little>
Result quad_load(ArchState& s, const Op* op, Context& c, U64 address) {
  if ((op->rt & 1U) != 0) return c.illegal(op);
  if ((address & 15U) != 0) return c.alignment(op, address);
  if (!c.load_ram(op, address, 8)) return nullptr;
  const U64 first = ordered<8, Little>(c.value);
  if (!c.load_ram(op, address + 8, 8)) return nullptr;
  const U64 second = ordered<8, Little>(c.value);
  s.gpr[op->rt] = Little ? second : first;
  s.gpr[op->rt + 1U] = Little ? first : second;
  return c.proceed(op, s);
}
template <bool Little>
Result quad_store(ArchState& s, const Op* op, Context& c, U64 address) {
  if ((op->rt & 1U) != 0) return c.illegal(op);
  if ((address & 15U) != 0) return c.alignment(op, address);
  const U64 high = ordered<8, Little>(s.gpr[op->rt]);
  const U64 low = ordered<8, Little>(s.gpr[op->rt + 1U]);
  if (!c.store_ram(op, address, 8, Little ? low : high)) return nullptr;
  if (!c.store_ram(op, address + 8, 8, Little ? high : low)) return nullptr;
  return c.proceed(op, s);
}
template <bool Little>
Result lq(ArchState& s, const Op* op, Context& c) {
  return quad_load<Little>(s, op, c, displaced(s, op));
}
template <bool Little>
Result stq(ArchState& s, const Op* op, Context& c) {
  return quad_store<Little>(s, op, c, displaced(s, op));
}

// ---------------------------------------------------------------- reservations

template <unsigned Size, bool Little>
Result larx(ArchState& s, const Op* op, Context& c) {
  if (!c.load_reserve(op, indexed(s, op), Size)) return nullptr;
  s.gpr[op->rt] = ordered<Size, Little>(c.value);
  return c.proceed(op, s);
}
void conditional_result(ArchState& s, bool done) {
  set_cr(s, 0, (done ? kEq : 0) | static_cast<U32>(s.xer >> 31U & 1U));
}
template <unsigned Size, bool Little>
Result stcx(ArchState& s, const Op* op, Context& c) {
  const U64 value = ordered<Size, Little>(s.gpr[op->rt]);
  if (!c.store_conditional(op, indexed(s, op), Size, value)) return nullptr;
  conditional_result(s, c.done);
  return c.proceed(op, s);
}
template <bool Little>
Result lqarx(ArchState& s, const Op* op, Context& c) {
  const U64 address = indexed(s, op);
  if ((op->rt & 1U) != 0) return c.illegal(op);
  if ((address & 15U) != 0) return c.alignment(op, address);
  // One granule holds both halves.
  if (!c.load_reserve(op, address, 8)) return nullptr;
  return quad_load<Little>(s, op, c, address);
}
template <bool Little>
Result stqcx(ArchState& s, const Op* op, Context& c) {
  const U64 address = indexed(s, op);
  if ((op->rt & 1U) != 0) return c.illegal(op);
  if ((address & 15U) != 0) return c.alignment(op, address);
  const U64 high = ordered<8, Little>(s.gpr[op->rt]);
  const U64 low = ordered<8, Little>(s.gpr[op->rt + 1U]);
  if (!c.store_conditional(op, address, 8, Little ? low : high)) return nullptr;
  const bool done = c.done;
  if (done && !c.store_ram(op, address + 8, 8, Little ? high : low)) return nullptr;
  conditional_result(s, done);
  return c.proceed(op, s);
}

// ---------------------------------------------------------------- atomic memory operations

/// lwat, ldat: fetch and change. RB is not an address: FC is in its place.
template <unsigned Size, bool Little>
Result load_atomic(ArchState& s, const Op* op, Context& c) {
  const U64 address = ra_or_zero(s, op);
  if ((address & (Size - 1)) != 0) return c.alignment(op, address);
  const unsigned function = op->rb;
  const auto second = [&](unsigned n) { return s.gpr[(op->rt + n) & 31U]; };
  constexpr U64 kMask = platform::all_ones(Size);
  const auto is_signed = [](U64 v) { return static_cast<S64>(sign_extend(v, 8 * Size)); };
  if (!c.load_ram(op, address, Size)) return nullptr;
  const U64 old = ordered<Size, Little>(c.value), operand = second(1) & kMask;
  U64 result = old, loaded = old;
  switch (function) {
    case 0:
      result = old + operand;
      break;
    case 1:
      result = old ^ operand;
      break;
    case 2:
      result = old | operand;
      break;
    case 3:
      result = old & operand;
      break;
    case 4:
      result = old > operand ? old : operand;
      break;
    case 5:
      result = is_signed(old) > is_signed(operand) ? old : operand;
      break;
    case 6:
      result = old < operand ? old : operand;
      break;
    case 7:
      result = is_signed(old) < is_signed(operand) ? old : operand;
      break;
    case 8:
      result = operand;
      break;
    case 16:
      result = old != operand ? second(2) & kMask : old;
      break;
    case 24:
    case 25:
    case 28: {
      // With the neighbour: behind it (bounded increment, equal), before it (bounded decrement).
      const U64 neighbour = function == 28 ? address - Size : address + Size;
      constexpr U64 kBlock = 32;
      const U64 minimum = U64{1} << (8 * Size - 1);
      if ((address ^ neighbour) >= kBlock) {
        s.gpr[op->rt] = minimum;
        return c.proceed(op, s);
      }
      if (!c.load_ram(op, neighbour, Size)) return nullptr;
      const U64 other = ordered<Size, Little>(c.value);
      if (function == 25) {
        result = old == other ? operand : old;
        break;
      }
      if (old == other) loaded = minimum;
      if (old != other) result = function == 24 ? old + 1 : old - 1;
      break;
    }
    default:
      return c.illegal(op);
  }
  if (!c.store_ram(op, address, Size, ordered<Size, Little>(result & kMask))) return nullptr;
  s.gpr[op->rt] = loaded;
  return c.proceed(op, s);
}
template <unsigned Size, bool Little>
Result store_atomic(ArchState& s, const Op* op, Context& c) {
  const U64 address = ra_or_zero(s, op);
  if ((address & (Size - 1)) != 0) return c.alignment(op, address);
  constexpr U64 kMask = platform::all_ones(Size);
  const U64 operand = s.gpr[op->rt] & kMask;
  const auto is_signed = [](U64 v) { return static_cast<S64>(sign_extend(v, 8 * Size)); };
  if (!c.load_ram(op, address, Size)) return nullptr;
  const U64 old = ordered<Size, Little>(c.value);
  U64 result = old;
  switch (op->rb) {
    case 0:
      result = old + operand;
      break;
    case 1:
      result = old ^ operand;
      break;
    case 2:
      result = old | operand;
      break;
    case 3:
      result = old & operand;
      break;
    case 4:
      result = old > operand ? old : operand;
      break;
    case 5:
      result = is_signed(old) > is_signed(operand) ? old : operand;
      break;
    case 6:
      result = old < operand ? old : operand;
      break;
    case 7:
      result = is_signed(old) < is_signed(operand) ? old : operand;
      break;
    case 24: {
      // Twin: both, if they are equal.
      if (!c.load_ram(op, address + Size, Size)) return nullptr;
      if (ordered<Size, Little>(c.value) != old) return c.proceed(op, s);
      if (!c.store_ram(op, address + Size, Size, ordered<Size, Little>(operand))) return nullptr;
      result = operand;
      break;
    }
    default:
      return c.illegal(op);
  }
  if (!c.store_ram(op, address, Size, ordered<Size, Little>(result & kMask))) return nullptr;
  return c.proceed(op, s);
}

// ---------------------------------------------------------------- caching-inhibited

template <unsigned Size, bool Little>
Result load_ci(ArchState& s, const Op* op, Context& c) {
  if (!c.thread.hypervisor()) return c.privileged(op);
  if (!c.load(op, indexed(s, op), Size)) return nullptr;
  s.gpr[op->rt] = ordered<Size, Little>(c.value);
  return c.proceed(op, s);
}
template <unsigned Size, bool Little>
Result store_ci(ArchState& s, const Op* op, Context& c) {
  if (!c.thread.hypervisor()) return c.privileged(op);
  if (!c.store(op, indexed(s, op), Size, ordered<Size, Little>(s.gpr[op->rt]))) return nullptr;
  return c.proceed(op, s);
}

// ---------------------------------------------------------------- caches

Result dcbz(ArchState& s, const Op* op, Context& c) {
  constexpr unsigned kLine = 128;
  const U64 address = indexed(s, op) & ~U64{kLine - 1};
  if (std::uint8_t* host = c.view.store<kLine>(address)) {
    std::memset(host, 0, kLine);
    return next(s, op, c);
  }
  if (!c.zero_block(op, address)) return nullptr;
  return c.proceed(op, s);
}
Result icbi(ArchState& s, const Op* op, Context& c) {
  if (!c.icbi(op, indexed(s, op))) return nullptr;
  return c.proceed(op, s);
}

// ---------------------------------------------------------------- table

// NOLINTBEGIN(bugprone-macro-parentheses): template arguments
#define ENDIAN(handler) handler<false>, handler<true>
#define SIZED(handler, size) handler<size, false>, handler<size, true>
// NOLINTEND(bugprone-macro-parentheses)

const Instruction kRows[] = {
    XIVE_ROW("lmw", D, opcode(46), kPrimary, ENDIAN(lmw)),
    XIVE_ROW("stmw", D, opcode(47), kPrimary, ENDIAN(stmw)),
    XIVE_ROW("lswi", Raw, opcode(31, 597), kX, ENDIAN(lswi)),
    XIVE_ROW("lswx", Raw, opcode(31, 533), kX, ENDIAN(lswx)),
    XIVE_ROW("stswi", Raw, opcode(31, 725), kX, ENDIAN(stswi)),
    XIVE_ROW("stswx", Raw, opcode(31, 661), kX, ENDIAN(stswx)),
    XIVE_ROW("lq", DQ, opcode(56), kPrimary, ENDIAN(lq)),
    XIVE_ROW("stq", DS, opcode(62) | 2, kDs, ENDIAN(stq)),
    XIVE_ROW("lbarx", Raw, opcode(31, 52), kX, SIZED(larx, 1)),
    XIVE_ROW("lharx", Raw, opcode(31, 116), kX, SIZED(larx, 2)),
    XIVE_ROW("lwarx", Raw, opcode(31, 20), kX, SIZED(larx, 4)),
    XIVE_ROW("ldarx", Raw, opcode(31, 84), kX, SIZED(larx, 8)),
    XIVE_ROW("lqarx", Raw, opcode(31, 276), kX, ENDIAN(lqarx)),
    XIVE_ROW("stbcx.", Raw, opcode(31, 694) | 1, kX | 1, SIZED(stcx, 1)),
    XIVE_ROW("sthcx.", Raw, opcode(31, 726) | 1, kX | 1, SIZED(stcx, 2)),
    XIVE_ROW("stwcx.", Raw, opcode(31, 150) | 1, kX | 1, SIZED(stcx, 4)),
    XIVE_ROW("stdcx.", Raw, opcode(31, 214) | 1, kX | 1, SIZED(stcx, 8)),
    XIVE_ROW("stqcx.", Raw, opcode(31, 182) | 1, kX | 1, ENDIAN(stqcx)),
    XIVE_ROW("lwat", Raw, opcode(31, 582), kX, SIZED(load_atomic, 4)),
    XIVE_ROW("ldat", Raw, opcode(31, 614), kX, SIZED(load_atomic, 8)),
    XIVE_ROW("stwat", Raw, opcode(31, 710), kX, SIZED(store_atomic, 4)),
    XIVE_ROW("stdat", Raw, opcode(31, 742), kX, SIZED(store_atomic, 8)),
    XIVE_ROW("lbzcix", Raw, opcode(31, 853), kX, SIZED(load_ci, 1)),
    XIVE_ROW("lhzcix", Raw, opcode(31, 821), kX, SIZED(load_ci, 2)),
    XIVE_ROW("lwzcix", Raw, opcode(31, 789), kX, SIZED(load_ci, 4)),
    XIVE_ROW("ldcix", Raw, opcode(31, 885), kX, SIZED(load_ci, 8)),
    XIVE_ROW("stbcix", Raw, opcode(31, 981), kX, SIZED(store_ci, 1)),
    XIVE_ROW("sthcix", Raw, opcode(31, 949), kX, SIZED(store_ci, 2)),
    XIVE_ROW("stwcix", Raw, opcode(31, 917), kX, SIZED(store_ci, 4)),
    XIVE_ROW("stdcix", Raw, opcode(31, 1013), kX, SIZED(store_ci, 8)),
    XIVE_ROW("dcbz", Raw, opcode(31, 1014), kX, dcbz),
    XIVE_ROW("icbi", Raw, opcode(31, 982), kX, icbi),
    // There are no caches: what moves lines between them has no effect.
    XIVE_ROW("dcbf", Raw, opcode(31, 86), kX, no_operation),
    XIVE_ROW("dcbst", Raw, opcode(31, 54), kX, no_operation),
    XIVE_ROW("dcbt", Raw, opcode(31, 278), kX, no_operation),
    XIVE_ROW("dcbtst", Raw, opcode(31, 246), kX, no_operation),
    XIVE_ROW("icbt", Raw, opcode(31, 22), kX, no_operation),
};

}  // namespace

std::span<const Instruction> special_storage_instructions() {
  return kRows;
}

}  // namespace xive::ppc::iss
