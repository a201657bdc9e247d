// SPDX-License-Identifier: Apache-2.0
// Branch and condition register instructions (Power ISA 3.0 Book I 2.4, 2.5, 3.3.17).
#include "sc_models/ppc/iss/branch.h"

#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {

using Result = const Block*;

Result end_of_block(ArchState& s, const Op*, Context& c) {
  return fall_through(s, c);
}

namespace {

Result branch(ArchState& s, const Op* op, Context& c) {
  return go(s, c, 0, static_cast<U64>(op->imm));
}
Result branch_and_link(ArchState& s, const Op* op, Context& c) {
  s.lr = c.pc_of(op) + 4;
  return go(s, c, 0, static_cast<U64>(op->imm));
}

bool condition(const ArchState& s, const Op* op) {
  return (s.cr >> (31U - op->ra) & 1U) != 0;
}
/// BO and BI, in general. Counts CTR.
bool taken(ArchState& s, const Op* op) {
  const unsigned bo = op->rt;
  bool ok = (bo & 0x10U) != 0 || condition(s, op) == ((bo & 8U) != 0);
  if ((bo & 4U) == 0) {
    --s.ctr;
    ok = ok && (s.ctr != 0) != ((bo & 2U) != 0);
  }
  return ok;
}

Result bc_if_true(ArchState& s, const Op* op, Context& c) {
  if (condition(s, op)) return go(s, c, 0, static_cast<U64>(op->imm));
  return fall_through(s, c);
}
Result bc_if_false(ArchState& s, const Op* op, Context& c) {
  if (!condition(s, op)) return go(s, c, 0, static_cast<U64>(op->imm));
  return fall_through(s, c);
}
Result bdnz(ArchState& s, const Op* op, Context& c) {
  if (--s.ctr != 0) return go(s, c, 0, static_cast<U64>(op->imm));
  return fall_through(s, c);
}
template <bool Link>
Result bc(ArchState& s, const Op* op, Context& c) {
  if constexpr (Link) s.lr = c.pc_of(op) + 4;
  if (taken(s, op)) return go(s, c, 0, static_cast<U64>(op->imm));
  return fall_through(s, c);
}

Result go_indirect(ArchState& s, Context& c, U64 target) {
  s.nip = target & ~U64{3};
  return c.recent(s.nip);
}

Result blr(ArchState& s, const Op*, Context& c) {
  return go_indirect(s, c, s.lr);
}
template <bool Link>
Result bclr(ArchState& s, const Op* op, Context& c) {
  const U64 target = s.lr;
  if constexpr (Link) s.lr = c.pc_of(op) + 4;
  if (taken(s, op)) return go_indirect(s, c, target);
  return fall_through(s, c);
}
/// CTR is the target: BO with a count is an invalid form, here without effect on the condition.
template <bool Link>
Result bcctr(ArchState& s, const Op* op, Context& c) {
  const bool ok = (op->rt & 0x10U) != 0 || condition(s, op) == ((op->rt & 8U) != 0);
  if constexpr (Link) s.lr = c.pc_of(op) + 4;
  if (ok) return go_indirect(s, c, s.ctr);
  return fall_through(s, c);
}
template <bool Link>
Result bctar(ArchState& s, const Op* op, Context& c) {
  const U64 target = c.thread.stored_spr(spr::kTar);
  if constexpr (Link) s.lr = c.pc_of(op) + 4;
  if (taken(s, op)) return go_indirect(s, c, target);
  return fall_through(s, c);
}

// ---------------------------------------------------------------- condition register

/// The truth table of the operation: bit 2 a + b.
template <unsigned Table>
Result cr_logical(ArchState& s, const Op* op, Context& c) {
  const U32 a = s.cr >> (31U - op->ra) & 1U, b = s.cr >> (31U - op->rb) & 1U;
  const U32 result = Table >> (2 * a + b) & 1U;
  const unsigned shift = 31U - op->rt;
  s.cr = (s.cr & ~(U32{1} << shift)) | result << shift;
  return next(s, op, c);
}

Result mcrf(ArchState& s, const Op* op, Context& c) {
  set_cr(s, op->rt >> 2U, s.cr >> (28U - 4 * (op->ra >> 2U)) & 0xfU);
  return next(s, op, c);
}
Result mcrxrx(ArchState& s, const Op* op, Context& c) {
  const auto get = [&](U64 flag, U32 to) { return (s.xer & flag) != 0 ? to : 0; };
  set_cr(s, op->rt >> 2U,
         get(xer::kOv, 8) | get(xer::kOv32, 4) | get(xer::kCa, 2) | get(xer::kCa32, 1));
  return next(s, op, c);
}
U32 field_mask(U32 fxm) {
  U32 mask = 0;
  for (unsigned n = 0; n < 8; ++n) {
    if ((fxm >> n & 1U) != 0) mask |= U32{0xf} << (4 * n);
  }
  return mask;
}
Result mtcrf(ArchState& s, const Op* op, Context& c) {
  const U32 mask = field_mask(bits(op->raw, 12, 19));
  s.cr = (static_cast<U32>(s.gpr[op->rt]) & mask) | (s.cr & ~mask);
  return next(s, op, c);
}
Result mfcr(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = s.cr;
  return next(s, op, c);
}
/// The other fields of the result are undefined: 0 here.
Result mfocrf(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = s.cr & field_mask(bits(op->raw, 12, 19));
  return next(s, op, c);
}
Result isel(ArchState& s, const Op* op, Context& c) {
  const bool set = (s.cr >> (31U - bits(op->raw, 21, 25)) & 1U) != 0;
  s.gpr[op->rt] = set ? ra_or_zero(s, op) : s.gpr[op->rb];
  return next(s, op, c);
}
Result setb(ArchState& s, const Op* op, Context& c) {
  const U32 field = s.cr >> (28U - 4 * (op->ra >> 2U)) & 0xfU;
  s.gpr[op->rt] = (field & kLt) != 0 ? ~U64{0} : (field & kGt) != 0 ? 1 : 0;
  return next(s, op, c);
}
template <bool Reverse, bool Negative>
Result setbc(ArchState& s, const Op* op, Context& c) {
  const bool set = condition(s, op) != Reverse;
  s.gpr[op->rt] = set ? (Negative ? ~U64{0} : 1) : 0;
  return next(s, op, c);
}

// ---------------------------------------------------------------- table

constexpr U32 bo(U32 value) {
  return value << 21U;
}
constexpr U32 kB = kPrimary | 1;  // AA is in the target
constexpr U32 kXl = 0xfc0007ff, kFxm = 0xfc1007fe, kOneField = 0x00100000, kIsel = 0xfc00003e;

const Instruction kRows[] = {
    XIVE_ROW("b", I, opcode(18), kB, branch, nullptr, kEndsBlock),
    XIVE_ROW("bl", I, opcode(18) | 1, kB, branch_and_link, nullptr, kEndsBlock),
    // The usual conditions have handlers of their own.
    XIVE_ROW("bc", B, opcode(16) | bo(0x0c), kB | bo(0x1c), bc_if_true, nullptr, kEndsBlock),
    XIVE_ROW("bc", B, opcode(16) | bo(0x04), kB | bo(0x1c), bc_if_false, nullptr, kEndsBlock),
    XIVE_ROW("bc", B, opcode(16) | bo(0x10), kB | bo(0x16), bdnz, nullptr, kEndsBlock),
    XIVE_ROW("bc", B, opcode(16), kB, bc<false>, nullptr, kEndsBlock),
    XIVE_ROW("bcl", B, opcode(16) | 1, kB, bc<true>, nullptr, kEndsBlock),
    XIVE_ROW("bclr", Raw, opcode(19, 16) | bo(0x14), kXl | bo(0x14), blr, nullptr, kEndsBlock),
    XIVE_ROW("bclr", Raw, opcode(19, 16), kXl, bclr<false>, nullptr, kEndsBlock),
    XIVE_ROW("bclrl", Raw, opcode(19, 16) | 1, kXl, bclr<true>, nullptr, kEndsBlock),
    XIVE_ROW("bcctr", Raw, opcode(19, 528), kXl, bcctr<false>, nullptr, kEndsBlock),
    XIVE_ROW("bcctrl", Raw, opcode(19, 528) | 1, kXl, bcctr<true>, nullptr, kEndsBlock),
    XIVE_ROW("bctar", Raw, opcode(19, 560), kXl, bctar<false>, nullptr, kEndsBlock),
    XIVE_ROW("bctarl", Raw, opcode(19, 560) | 1, kXl, bctar<true>, nullptr, kEndsBlock),
    XIVE_ROW("crand", Raw, opcode(19, 257), kX, cr_logical<0x8>),
    XIVE_ROW("cror", Raw, opcode(19, 449), kX, cr_logical<0xe>),
    XIVE_ROW("crxor", Raw, opcode(19, 193), kX, cr_logical<0x6>),
    XIVE_ROW("crnand", Raw, opcode(19, 225), kX, cr_logical<0x7>),
    XIVE_ROW("crnor", Raw, opcode(19, 33), kX, cr_logical<0x1>),
    XIVE_ROW("creqv", Raw, opcode(19, 289), kX, cr_logical<0x9>),
    XIVE_ROW("crandc", Raw, opcode(19, 129), kX, cr_logical<0x4>),
    XIVE_ROW("crorc", Raw, opcode(19, 417), kX, cr_logical<0xd>),
    XIVE_ROW("mcrf", Raw, opcode(19, 0), kX, mcrf),
    XIVE_ROW("mcrxrx", Raw, opcode(31, 576), kX, mcrxrx),
    XIVE_ROW("mtcrf", Raw, opcode(31, 144), kFxm, mtcrf),
    XIVE_ROW("mtocrf", Raw, opcode(31, 144) | kOneField, kFxm, mtcrf),
    XIVE_ROW("mfcr", Raw, opcode(31, 19), kFxm, mfcr),
    XIVE_ROW("mfocrf", Raw, opcode(31, 19) | kOneField, kFxm, mfocrf),
    XIVE_ROW("isel", Raw, opcode(31) | 15 << 1, kIsel, isel),
    XIVE_ROW("setb", Raw, opcode(31, 128), kX, setb),
    XIVE_ROW("setbc", Raw, opcode(31, 384), kX, (setbc<false, false>), nullptr, kV31),
    XIVE_ROW("setbcr", Raw, opcode(31, 416), kX, (setbc<true, false>), nullptr, kV31),
    XIVE_ROW("setnbc", Raw, opcode(31, 448), kX, (setbc<false, true>), nullptr, kV31),
    XIVE_ROW("setnbcr", Raw, opcode(31, 480), kX, (setbc<true, true>), nullptr, kV31),
};

}  // namespace

std::span<const Instruction> branch_instructions() {
  return kRows;
}

}  // namespace xive::ppc::iss
