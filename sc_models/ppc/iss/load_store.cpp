// SPDX-License-Identifier: Apache-2.0
// Fixed-point loads and stores of 1 to 8 bytes (Power ISA 3.0 Book I 3.3.2, 3.3.3, 3.3.5).
#include <cstring>

#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {
namespace {

using Result = const Block*;

enum class Extend : std::uint8_t { Zero, Sign };
/// Displacement: RA|0 + imm. Indexed: RA|0 + RB. Update: RA + ..., and RA gets the address.
enum class Address : std::uint8_t { Displacement, Indexed, DisplacementUpdate, IndexedUpdate };

constexpr bool is_update(Address mode) {
  return mode == Address::DisplacementUpdate || mode == Address::IndexedUpdate;
}
template <Address Mode>
U64 address_of(const ArchState& s, const Op* op) {
  switch (Mode) {
    case Address::Displacement:
      return ra_or_zero(s, op) + static_cast<U64>(op->imm);
    case Address::Indexed:
      return ra_or_zero(s, op) + s.gpr[op->rb];
    case Address::DisplacementUpdate:
      return s.gpr[op->ra] + static_cast<U64>(op->imm);
    case Address::IndexedUpdate:
      return s.gpr[op->ra] + s.gpr[op->rb];
  }
}

template <unsigned Size>
U64 read_host(const std::uint8_t* at) {
  if constexpr (Size == 1) return *at;
  if constexpr (Size == 2) {
    std::uint16_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
  if constexpr (Size == 4) {
    U32 value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
  if constexpr (Size == 8) {
    U64 value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "host byte order");

template <unsigned Size, Extend Ext>
U64 extend(U64 value) {
  return Ext == Extend::Sign ? sign_extend(value, 8 * Size) : value;
}

/// `Swap`: bytes in memory order least significant first.
template <unsigned Size, Extend Ext, Address Mode, bool Swap>
__attribute__((noinline)) Result load_slow(ArchState& s, const Op* op, Context& c) {
  const U64 address = address_of<Mode>(s, op);
  if (!c.load(op, address, Size)) return nullptr;
  const U64 value = Swap ? swap_bytes<Size>(c.value) : c.value;
  s.gpr[op->rt] = extend<Size, Ext>(value);
  if constexpr (is_update(Mode)) s.gpr[op->ra] = address;
  return c.proceed(op, s);
}

template <unsigned Size, Extend Ext, Address Mode, bool Swap>
Result load(ArchState& s, const Op* op, Context& c) {
  const U64 address = address_of<Mode>(s, op);
  const std::uint8_t* host = c.view.load<Size>(address);
  if (__builtin_expect(host == nullptr, 0)) return load_slow<Size, Ext, Mode, Swap>(s, op, c);
  U64 value = read_host<Size>(host);
  if constexpr (!Swap) value = swap_bytes<Size>(value);
  s.gpr[op->rt] = extend<Size, Ext>(value);
  if constexpr (is_update(Mode)) s.gpr[op->ra] = address;
  return next(s, op, c);
}

template <unsigned Size, Address Mode, bool Swap>
__attribute__((noinline)) Result store_slow(ArchState& s, const Op* op, Context& c) {
  const U64 address = address_of<Mode>(s, op);
  const U64 value = Swap ? swap_bytes<Size>(s.gpr[op->rt]) : s.gpr[op->rt];
  if (!c.store(op, address, Size, value)) return nullptr;
  if constexpr (is_update(Mode)) s.gpr[op->ra] = address;
  return c.proceed(op, s);
}

template <unsigned Size, Address Mode, bool Swap>
Result store(ArchState& s, const Op* op, Context& c) {
  const U64 address = address_of<Mode>(s, op);
  std::uint8_t* host = c.view.store<Size>(address);
  if (__builtin_expect(host == nullptr, 0)) return store_slow<Size, Mode, Swap>(s, op, c);
  const U64 value = Swap ? s.gpr[op->rt] : swap_bytes<Size>(s.gpr[op->rt]);
  std::memcpy(host, &value, Size);
  if constexpr (is_update(Mode)) s.gpr[op->ra] = address;
  return next(s, op, c);
}

// ---------------------------------------------------------------- table

#define LOAD(size, ext, mode) \
  load<size, Extend::ext, Address::mode, false>, load<size, Extend::ext, Address::mode, true>
#define STORE(size, mode) store<size, Address::mode, false>, store<size, Address::mode, true>
#define LOAD_REVERSED(size)                         \
  load<size, Extend::Zero, Address::Indexed, true>, \
      load<size, Extend::Zero, Address::Indexed, false>
#define STORE_REVERSED(size) \
  store<size, Address::Indexed, true>, store<size, Address::Indexed, false>

const Instruction kRows[] = {
    XIVE_ROW("lbz", D, opcode(34), kPrimary, LOAD(1, Zero, Displacement)),
    XIVE_ROW("lbzu", D, opcode(35), kPrimary, LOAD(1, Zero, DisplacementUpdate)),
    XIVE_ROW("lhz", D, opcode(40), kPrimary, LOAD(2, Zero, Displacement)),
    XIVE_ROW("lhzu", D, opcode(41), kPrimary, LOAD(2, Zero, DisplacementUpdate)),
    XIVE_ROW("lha", D, opcode(42), kPrimary, LOAD(2, Sign, Displacement)),
    XIVE_ROW("lhau", D, opcode(43), kPrimary, LOAD(2, Sign, DisplacementUpdate)),
    XIVE_ROW("lwz", D, opcode(32), kPrimary, LOAD(4, Zero, Displacement)),
    XIVE_ROW("lwzu", D, opcode(33), kPrimary, LOAD(4, Zero, DisplacementUpdate)),
    XIVE_ROW("lwa", DS, opcode(58) | 2, kDs, LOAD(4, Sign, Displacement)),
    XIVE_ROW("ld", DS, opcode(58), kDs, LOAD(8, Zero, Displacement)),
    XIVE_ROW("ldu", DS, opcode(58) | 1, kDs, LOAD(8, Zero, DisplacementUpdate)),
    XIVE_ROW("lbzx", Raw, opcode(31, 87), kX, LOAD(1, Zero, Indexed)),
    XIVE_ROW("lbzux", Raw, opcode(31, 119), kX, LOAD(1, Zero, IndexedUpdate)),
    XIVE_ROW("lhzx", Raw, opcode(31, 279), kX, LOAD(2, Zero, Indexed)),
    XIVE_ROW("lhzux", Raw, opcode(31, 311), kX, LOAD(2, Zero, IndexedUpdate)),
    XIVE_ROW("lhax", Raw, opcode(31, 343), kX, LOAD(2, Sign, Indexed)),
    XIVE_ROW("lhaux", Raw, opcode(31, 375), kX, LOAD(2, Sign, IndexedUpdate)),
    XIVE_ROW("lwzx", Raw, opcode(31, 23), kX, LOAD(4, Zero, Indexed)),
    XIVE_ROW("lwzux", Raw, opcode(31, 55), kX, LOAD(4, Zero, IndexedUpdate)),
    XIVE_ROW("lwax", Raw, opcode(31, 341), kX, LOAD(4, Sign, Indexed)),
    XIVE_ROW("lwaux", Raw, opcode(31, 373), kX, LOAD(4, Sign, IndexedUpdate)),
    XIVE_ROW("ldx", Raw, opcode(31, 21), kX, LOAD(8, Zero, Indexed)),
    XIVE_ROW("ldux", Raw, opcode(31, 53), kX, LOAD(8, Zero, IndexedUpdate)),
    XIVE_ROW("lhbrx", Raw, opcode(31, 790), kX, LOAD_REVERSED(2)),
    XIVE_ROW("lwbrx", Raw, opcode(31, 534), kX, LOAD_REVERSED(4)),
    XIVE_ROW("ldbrx", Raw, opcode(31, 532), kX, LOAD_REVERSED(8)),
    XIVE_ROW("stb", D, opcode(38), kPrimary, STORE(1, Displacement)),
    XIVE_ROW("stbu", D, opcode(39), kPrimary, STORE(1, DisplacementUpdate)),
    XIVE_ROW("sth", D, opcode(44), kPrimary, STORE(2, Displacement)),
    XIVE_ROW("sthu", D, opcode(45), kPrimary, STORE(2, DisplacementUpdate)),
    XIVE_ROW("stw", D, opcode(36), kPrimary, STORE(4, Displacement)),
    XIVE_ROW("stwu", D, opcode(37), kPrimary, STORE(4, DisplacementUpdate)),
    XIVE_ROW("std", DS, opcode(62), kDs, STORE(8, Displacement)),
    XIVE_ROW("stdu", DS, opcode(62) | 1, kDs, STORE(8, DisplacementUpdate)),
    XIVE_ROW("stbx", Raw, opcode(31, 215), kX, STORE(1, Indexed)),
    XIVE_ROW("stbux", Raw, opcode(31, 247), kX, STORE(1, IndexedUpdate)),
    XIVE_ROW("sthx", Raw, opcode(31, 407), kX, STORE(2, Indexed)),
    XIVE_ROW("sthux", Raw, opcode(31, 439), kX, STORE(2, IndexedUpdate)),
    XIVE_ROW("stwx", Raw, opcode(31, 151), kX, STORE(4, Indexed)),
    XIVE_ROW("stwux", Raw, opcode(31, 183), kX, STORE(4, IndexedUpdate)),
    XIVE_ROW("stdx", Raw, opcode(31, 149), kX, STORE(8, Indexed)),
    XIVE_ROW("stdux", Raw, opcode(31, 181), kX, STORE(8, IndexedUpdate)),
    XIVE_ROW("sthbrx", Raw, opcode(31, 918), kX, STORE_REVERSED(2)),
    XIVE_ROW("stwbrx", Raw, opcode(31, 662), kX, STORE_REVERSED(4)),
    XIVE_ROW("stdbrx", Raw, opcode(31, 660), kX, STORE_REVERSED(8)),
};

#define PREFIXED(name, suffix, form, ...)                 \
  Instruction {                                           \
    name, Form::form, suffix, kPrimary, __VA_ARGS__, kV31 \
  }

/// The opcode is that of the suffix; the type of the prefix is the form.
const Instruction kPrefixedRows[] = {
    PREFIXED("plbz", opcode(34), PrefixMLS, LOAD(1, Zero, Displacement)),
    PREFIXED("plhz", opcode(40), PrefixMLS, LOAD(2, Zero, Displacement)),
    PREFIXED("plha", opcode(42), PrefixMLS, LOAD(2, Sign, Displacement)),
    PREFIXED("plwz", opcode(32), PrefixMLS, LOAD(4, Zero, Displacement)),
    PREFIXED("plwa", opcode(41), Prefix8LS, LOAD(4, Sign, Displacement)),
    PREFIXED("pld", opcode(57), Prefix8LS, LOAD(8, Zero, Displacement)),
    PREFIXED("pstb", opcode(38), PrefixMLS, STORE(1, Displacement)),
    PREFIXED("psth", opcode(44), PrefixMLS, STORE(2, Displacement)),
    PREFIXED("pstw", opcode(36), PrefixMLS, STORE(4, Displacement)),
    PREFIXED("pstd", opcode(61), Prefix8LS, STORE(8, Displacement)),
};

}  // namespace

std::span<const Instruction> storage_instructions() {
  return kRows;
}

std::span<const Instruction> prefixed_storage_instructions() {
  return kPrefixedRows;
}

}  // namespace xive::ppc::iss
