// SPDX-License-Identifier: Apache-2.0
// Trap, system call, SPR, MSR, barrier, doorbell, power-saving and translation instructions (Power
// ISA 3.0 Book I 3.3.12, 3.3.17, Book II 4.6, Book III).
// Length: one table and its handlers.
#include "sc_models/ppc/iss/branch.h"
#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {

using Result = const Block*;

Result no_operation(ArchState& s, const Op* op, Context& c) {
  return next(s, op, c);
}

namespace {

/// The facility that an instruction belongs to decides how it is refused.
enum class Refusal : std::uint8_t { Illegal, Fp, Vector, Vsx };

Refusal refusal(U32 word) {
  const U32 primary = word >> 26U, extended = bits(word, 21, 30);
  if ((primary >= 48 && primary <= 55) || primary == 59 || primary == 63) return Refusal::Fp;
  if (primary == 60) return Refusal::Vsx;
  if (primary == 57 || primary == 61) {
    // lfdp, stfdp; lxsd, lxssp, stxsd, stxssp, lxv, stxv
    if ((word & 3U) == 0) return Refusal::Fp;
    return Refusal::Vsx;
  }
  if (primary == 4) return Refusal::Vector;
  if (primary != 31) return Refusal::Illegal;
  switch (extended) {
    case 7:
    case 39:
    case 71:
    case 103:
    case 359:
    case 135:
    case 167:
    case 199:
    case 231:
    case 487:
    case 6:
    case 38:
      return Refusal::Vector;
    case 535:
    case 567:
    case 599:
    case 631:
    case 663:
    case 695:
    case 727:
    case 759:
    case 791:
    case 823:
    case 855:
    case 887:
    case 919:
    case 983:
      return Refusal::Fp;
    default:
      break;
  }
  // The VSX loads, stores and moves lie in rows of their own.
  switch (extended & 0x1fU) {
    case 12:
    case 13:
      return Refusal::Vsx;
    case 19:
      return (extended & 0x3e0U) != 0 ? Refusal::Vsx : Refusal::Illegal;
    default:
      return Refusal::Illegal;
  }
}

}  // namespace

Result illegal_instruction(ArchState& s, const Op* op, Context& c) {
  c.count_unimplemented(op);
  switch (refusal(op->raw)) {
    case Refusal::Fp:
      if ((s.msr & msr::kFp) == 0) return c.interrupt(op, vector::kFpUnavailable);
      break;
    case Refusal::Vector:
      if ((s.msr & msr::kVec) == 0) return c.interrupt(op, vector::kVectorUnavailable);
      break;
    case Refusal::Vsx:
      if ((s.msr & msr::kVsx) == 0) return c.interrupt(op, vector::kVsxUnavailable);
      break;
    case Refusal::Illegal:
      break;
  }
  return c.illegal(op);
}

Result prefix_crosses(ArchState&, const Op* op, Context& c) {
  return c.alignment(op, c.pc_of(op));
}

namespace {

bool problem_state(const ArchState& s) {
  return (s.msr & msr::kPr) != 0;
}

// ---------------------------------------------------------------- trap, system call

template <typename S, typename U>
bool traps(unsigned to, U64 a, U64 b) {
  const auto sa = static_cast<S>(a), sb = static_cast<S>(b);
  const auto ua = static_cast<U>(a), ub = static_cast<U>(b);
  return ((to & 16U) != 0 && sa < sb) || ((to & 8U) != 0 && sa > sb) ||
         ((to & 4U) != 0 && ua == ub) || ((to & 2U) != 0 && ua < ub) || ((to & 1U) != 0 && ua > ub);
}
template <typename S, typename U>
Result trap_imm(ArchState& s, const Op* op, Context& c) {
  if (traps<S, U>(op->rt, s.gpr[op->ra], static_cast<U64>(op->imm))) {
    return c.program(op, srr1::kTrap);
  }
  return next(s, op, c);
}
template <typename S, typename U>
Result trap_reg(ArchState& s, const Op* op, Context& c) {
  if (traps<S, U>(op->rt, s.gpr[op->ra], s.gpr[op->rb])) return c.program(op, srr1::kTrap);
  return next(s, op, c);
}

Result sc(ArchState&, const Op* op, Context& c) {
  return c.system_call(op, bits(op->raw, 20, 26));
}
constexpr U64 kFscrScv = ibm_bit(51);
constexpr U64 kCauseScv = 12;
Result scv(ArchState& s, const Op* op, Context& c) {
  if ((c.thread.stored_spr(spr::kFscr) & kFscrScv) == 0) {
    return c.facility_unavailable(op, kCauseScv, false);
  }
  c.sync_time(op);
  c.stop_after(op);
  c.leave = true;
  s.lr = s.nip;
  s.ctr = s.msr & ~srr1::kInfoMask;
  s.nip = 0x17000 + 0x20ULL * bits(op->raw, 20, 26);
  constexpr U64 kKept = msr::kSf | msr::kHv | msr::kEe | msr::kMe | msr::kRi;
  const bool little = (s.msr & msr::kLe) != 0;
  c.thread.set_msr((s.msr & kKept) | msr::kSf | (little ? msr::kLe : 0));
  return nullptr;
}
Result rfscv(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s)) return c.privileged(op);
  c.sync_time(op);
  c.stop_after(op);
  c.leave = true;
  s.nip = s.lr & ~U64{3};
  c.thread.set_msr(msr_after_return(s.msr, s.ctr, false));
  return nullptr;
}
template <bool Hypervisor>
Result return_from_interrupt(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s) || (Hypervisor && (s.msr & msr::kHv) == 0)) return c.privileged(op);
  c.sync_time(op);
  c.stop_after(op);
  c.leave = true;
  c.thread.return_from_interrupt(Hypervisor);
  s.nip &= ~U64{3};
  return nullptr;
}

// ---------------------------------------------------------------- MSR and SPRs

Result mfmsr(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s)) return c.privileged(op);
  s.gpr[op->rt] = s.msr;
  return next(s, op, c);
}

constexpr U64 msr_bits(unsigned first, unsigned last) {
  return mask_of(first, last);
}

/// mtmsrd and mtmsr with L=0: HV and LE stay, ME belongs to the hypervisor, PR implies EE, IR, DR.
Result write_msr(ArchState& s, const Op* op, Context& c, U64 changed) {
  if (problem_state(s)) return c.privileged(op);
  changed &= ~(msr::kHv | msr::kLe);
  if ((s.msr & msr::kHv) == 0) changed &= ~msr::kMe;
  U64 value = (s.gpr[op->rt] & changed) | (s.msr & ~changed);
  if ((value & msr::kPr) != 0) value |= msr::kEe | msr::kIr | msr::kDr;
  c.sync_time(op);
  c.thread.set_msr(value);
  c.leave = true;
  return c.stop_after(op);
}
/// L=1: EE and RI only.
Result write_ee_ri(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s)) return c.privileged(op);
  constexpr U64 kBits = msr::kEe | msr::kRi;
  c.sync_time(op);
  c.thread.set_msr((s.gpr[op->rt] & kBits) | (s.msr & ~kBits));
  if (c.thread.needs_attention()) c.leave = true;
  if (c.leave) return c.stop_after(op);
  return fall_through(s, c);
}
Result mtmsr(ArchState& s, const Op* op, Context& c) {
  if (bit(op->raw, 15)) return write_ee_ri(s, op, c);
  return write_msr(s, op, c, msr_bits(32, 63));
}
Result mtmsrd(ArchState& s, const Op* op, Context& c) {
  if (bit(op->raw, 15)) return write_ee_ri(s, op, c);
  return write_msr(s, op, c, ~U64{0});
}

Result mflr(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = s.lr;
  return next(s, op, c);
}
Result mtlr(ArchState& s, const Op* op, Context& c) {
  s.lr = s.gpr[op->rt];
  return next(s, op, c);
}
Result mfctr(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = s.ctr;
  return next(s, op, c);
}
Result mtctr(ArchState& s, const Op* op, Context& c) {
  s.ctr = s.gpr[op->rt];
  return next(s, op, c);
}
/// Bits 0:31, 35:43 and 46:56 of XER do not exist.
constexpr U64 kXerBits = 0xe00c007f;
Result mfxer(ArchState& s, const Op* op, Context& c) {
  s.gpr[op->rt] = s.xer & kXerBits;
  return next(s, op, c);
}
Result mtxer(ArchState& s, const Op* op, Context& c) {
  s.xer = s.gpr[op->rt] & kXerBits;
  return next(s, op, c);
}

/// An SPR number that nobody has: no operation in privileged state, except for a few numbers.
Result unknown_spr(ArchState& s, const Op* op, Context& c, unsigned number, bool write) {
  c.count_unknown_spr(number);
  if (problem_state(s)) {
    // The number says whether it would be a privileged register.
    return (number & 0x10U) != 0 ? c.privileged(op) : c.illegal(op);
  }
  const bool refused = number == 0 || (!write && (number == 4 || number == 5 || number == 6));
  if (refused) return c.illegal(op);
  return c.reconsider(op, s);
}

Result mfspr(ArchState& s, const Op* op, Context& c) {
  const unsigned number = spr_number(op->raw);
  if (!HardwareThread::spr_exists(number)) return unknown_spr(s, op, c, number, false);
  c.sync_time(op);
  U64 value = 0;
  if (c.thread.mfspr(number, value) != Trap::None) return c.privileged(op);
  s.gpr[op->rt] = value;
  return next(s, op, c);
}
Result mtspr(ArchState& s, const Op* op, Context& c) {
  const unsigned number = spr_number(op->raw);
  if (!HardwareThread::spr_exists(number)) return unknown_spr(s, op, c, number, true);
  // DPDES reaches the siblings, everything else stays in the thread.
  if (number == spr::kDpdes && c.thread.hypervisor() && !c.begin_io(op)) return nullptr;
  c.sync_time(op);
  if (c.thread.mtspr(number, s.gpr[op->rt]) != Trap::None) return c.privileged(op);
  return c.reconsider(op, s);
}
Result mftb(ArchState& s, const Op* op, Context& c) {
  const unsigned number = spr_number(op->raw);
  if (number != spr::kTb && number != spr::kTbu) return c.illegal(op);
  c.sync_time(op);
  const U64 tb = c.thread.timebase();
  s.gpr[op->rt] = number == spr::kTb ? tb : tb >> 32U;
  return next(s, op, c);
}
Result darn(ArchState& s, const Op* op, Context& c) {
  const U32 kind = bits(op->raw, 14, 15);
  const U64 value = kind == 3 ? ~U64{0} : c.random();
  s.gpr[op->rt] = kind == 0 ? value & 0xffffffffU : value;
  return next(s, op, c);
}
/// DX form: the displacement is in three pieces.
Result addpcis(ArchState& s, const Op* op, Context& c) {
  const U32 d = bits(op->raw, 16, 25) << 6U | bits(op->raw, 11, 15) << 1U | bits(op->raw, 31, 31);
  s.gpr[op->rt] = c.pc_of(op) + 4 + (sign_extend(d, 16) << 16U);
  return next(s, op, c);
}

// ---------------------------------------------------------------- barriers

template <host::Barrier Kind>
Result barrier(ArchState& s, const Op* op, Context& c) {
  if (Kind == host::Barrier::Ptesync && problem_state(s)) return c.privileged(op);
  if (Kind == host::Barrier::Msgsync && !c.thread.hypervisor()) return c.privileged(op);
  c.barrier(op, Kind);
  return c.proceed(op, s);
}
Result sync(ArchState& s, const Op* op, Context& c) {
  switch (bits(op->raw, 9, 10)) {
    case 1:
      return barrier<host::Barrier::Lwsync>(s, op, c);
    case 2:
      return barrier<host::Barrier::Ptesync>(s, op, c);
    default:
      return barrier<host::Barrier::Sync>(s, op, c);
  }
}
/// What follows is fetched anew: the block ends here.
Result isync(ArchState& s, const Op* op, Context& c) {
  c.barrier(op, host::Barrier::Isync);
  if (c.leave) return c.stop_after(op);
  return fall_through(s, c);
}

// ---------------------------------------------------------------- doorbells, power saving

Result msgsnd(ArchState& s, const Op* op, Context& c) {
  std::optional<DoorbellMessage> message;
  const Trap trap = c.thread.msgsnd(s.gpr[op->rb], message);
  if (trap != Trap::None) return c.trap(op, trap);
  if (message && !c.message(op, *message)) return nullptr;
  return c.stop_after(op);
}
/// The others act on latches of this thread or a sibling.
template <Trap (HardwareThread::*Function)(std::uint64_t)>
Result doorbell(ArchState& s, const Op* op, Context& c) {
  if (!c.begin_io(op)) return nullptr;
  const Trap trap = (c.thread.*Function)(s.gpr[op->rb]);
  if (trap != Trap::None) return c.trap(op, trap);
  return c.reconsider(op, s);
}

Result stop(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s)) return c.privileged(op);
  c.sync_time(op);
  c.stop_after(op);
  c.leave = true;
  c.thread.power_save();
  return nullptr;
}
Result attn(ArchState&, const Op* op, Context& c) {
  return c.attention(op);
}

// ---------------------------------------------------------------- translation

// Real mode: there is nothing to invalidate; the privilege counts.
Result supervisor_nop(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s)) return c.privileged(op);
  return next(s, op, c);
}
Result hypervisor_nop(ArchState& s, const Op* op, Context& c) {
  if (!c.thread.hypervisor()) return c.privileged(op);
  return next(s, op, c);
}
/// slbmfee, slbmfev, slbfee.: no entry is valid.
Result slb_read(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s)) return c.privileged(op);
  s.gpr[op->rt] = 0;
  return next(s, op, c);
}
Result slbfee(ArchState& s, const Op* op, Context& c) {
  if (problem_state(s)) return c.privileged(op);
  s.gpr[op->rt] = 0;
  set_cr(s, 0, static_cast<U32>(s.xer >> 31U & 1U));
  return next(s, op, c);
}

// ---------------------------------------------------------------- table

constexpr U32 spr_field(U32 number) {
  return (number & 0x1fU) << 16U | (number >> 5U & 0x1fU) << 11U;
}
constexpr U32 kSpr = kX | 0x001ff800;
constexpr U32 kDx = 0xfc00003e;

const Instruction kRows[] = {
    XIVE_ROW("tdi", D, opcode(2), kPrimary, (trap_imm<S64, U64>)),
    XIVE_ROW("twi", D, opcode(3), kPrimary, (trap_imm<S32, U32>)),
    XIVE_ROW("td", Raw, opcode(31, 68), kX, (trap_reg<S64, U64>)),
    XIVE_ROW("tw", Raw, opcode(31, 4), kX, (trap_reg<S32, U32>)),
    XIVE_ROW("sc", Raw, opcode(17) | 2, kPrimary | 2, sc, nullptr, kEndsBlock),
    XIVE_ROW("scv", Raw, opcode(17) | 1, kPrimary | 3, scv, nullptr, kEndsBlock),
    XIVE_ROW("rfscv", Raw, opcode(19, 82), kX, rfscv, nullptr, kEndsBlock),
    XIVE_ROW("rfid", Raw, opcode(19, 18), kX, return_from_interrupt<false>, nullptr, kEndsBlock),
    XIVE_ROW("hrfid", Raw, opcode(19, 274), kX, return_from_interrupt<true>, nullptr, kEndsBlock),
    XIVE_ROW("mfmsr", Raw, opcode(31, 83), kX, mfmsr),
    XIVE_ROW("mtmsr", Raw, opcode(31, 146), kX, mtmsr, nullptr, kEndsBlock),
    XIVE_ROW("mtmsrd", Raw, opcode(31, 178), kX, mtmsrd, nullptr, kEndsBlock),
    XIVE_ROW("mfspr", Raw, opcode(31, 339) | spr_field(8), kSpr, mflr),
    XIVE_ROW("mfspr", Raw, opcode(31, 339) | spr_field(9), kSpr, mfctr),
    XIVE_ROW("mfspr", Raw, opcode(31, 339) | spr_field(1), kSpr, mfxer),
    XIVE_ROW("mfspr", Raw, opcode(31, 339), kX, mfspr),
    XIVE_ROW("mtspr", Raw, opcode(31, 467) | spr_field(8), kSpr, mtlr),
    XIVE_ROW("mtspr", Raw, opcode(31, 467) | spr_field(9), kSpr, mtctr),
    XIVE_ROW("mtspr", Raw, opcode(31, 467) | spr_field(1), kSpr, mtxer),
    XIVE_ROW("mtspr", Raw, opcode(31, 467), kX, mtspr, nullptr, kEndsBlock),
    XIVE_ROW("mftb", Raw, opcode(31, 371), kX, mftb),
    XIVE_ROW("darn", Raw, opcode(31, 755), kX, darn),
    XIVE_ROW("addpcis", Raw, opcode(19) | 2 << 1, kDx, addpcis),
    XIVE_ROW("sync", Raw, opcode(31, 598), kX, sync),
    XIVE_ROW("eieio", Raw, opcode(31, 854), kX, barrier<host::Barrier::Eieio>),
    XIVE_ROW("isync", Raw, opcode(19, 150), kX, isync, nullptr, kEndsBlock),
    XIVE_ROW("msgsync", Raw, opcode(31, 886), kX, barrier<host::Barrier::Msgsync>),
    XIVE_ROW("wait", Raw, opcode(31, 30), kX, no_operation),
    XIVE_ROW("msgsnd", Raw, opcode(31, 206), kX, msgsnd, nullptr, kEndsBlock),
    XIVE_ROW("msgclr", Raw, opcode(31, 238), kX, doorbell<&HardwareThread::msgclr>, nullptr,
             kEndsBlock),
    XIVE_ROW("msgsndp", Raw, opcode(31, 142), kX, doorbell<&HardwareThread::msgsndp>, nullptr,
             kEndsBlock),
    XIVE_ROW("msgclrp", Raw, opcode(31, 174), kX, doorbell<&HardwareThread::msgclrp>, nullptr,
             kEndsBlock),
    XIVE_ROW("stop", Raw, opcode(19, 370), kX, stop, nullptr, kEndsBlock),
    XIVE_ROW("attn", Raw, opcode(0, 256), kX, attn, nullptr, kEndsBlock),
    XIVE_ROW("tlbie", Raw, opcode(31, 306), kX, supervisor_nop),
    XIVE_ROW("tlbiel", Raw, opcode(31, 274), kX, supervisor_nop),
    XIVE_ROW("tlbsync", Raw, opcode(31, 566), kX, hypervisor_nop),
    XIVE_ROW("slbia", Raw, opcode(31, 498), kX, supervisor_nop),
    XIVE_ROW("slbie", Raw, opcode(31, 434), kX, supervisor_nop),
    XIVE_ROW("slbieg", Raw, opcode(31, 466), kX, supervisor_nop),
    XIVE_ROW("slbsync", Raw, opcode(31, 338), kX, supervisor_nop),
    XIVE_ROW("slbmte", Raw, opcode(31, 402), kX, supervisor_nop),
    XIVE_ROW("slbmfee", Raw, opcode(31, 915), kX, slb_read),
    XIVE_ROW("slbmfev", Raw, opcode(31, 851), kX, slb_read),
    XIVE_ROW("slbfee.", Raw, opcode(31, 979) | 1, kX | 1, slbfee),
};

const Instruction kPrefixed[] = {
    XIVE_ROW("pnop", PrefixNop, 0, kPrimary, no_operation, nullptr, kV31),
};

/// Known by name, so that a report can say what a program wanted.
#define MISSING(name, opc, mask) \
  XIVE_ROW(name, Raw, opc, mask, illegal_instruction, nullptr, kEndsBlock | kMissing)

const Instruction kMissingRows[] = {
    MISSING("copy", opcode(31, 774), kX),
    MISSING("paste.", opcode(31, 902), kX),
    MISSING("cp_abort", opcode(31, 838), kX),
    MISSING("rfebb", opcode(19, 146), kX),
    MISSING("urfid", opcode(19, 306), kX),
    MISSING("tbegin.", opcode(31, 654), kX),
    MISSING("tend.", opcode(31, 686), kX),
    MISSING("tcheck", opcode(31, 718), kX),
    MISSING("tsr.", opcode(31, 750), kX),
    MISSING("tabort.", opcode(31, 910), kX),
    MISSING("treclaim.", opcode(31, 942), kX),
    MISSING("trechkpt.", opcode(31, 1006), kX),
    MISSING("clrbhrb", opcode(31, 430), kX),
    MISSING("mfbhrbe", opcode(31, 302), kX),
    MISSING("hashst", opcode(31, 722), kX),
    MISSING("hashchk", opcode(31, 754), kX),
    MISSING("hashstp", opcode(31, 658), kX),
    MISSING("hashchkp", opcode(31, 690), kX),
    MISSING("lvx", opcode(31, 103), kX),
    MISSING("lvxl", opcode(31, 359), kX),
    MISSING("lvebx", opcode(31, 7), kX),
    MISSING("lvehx", opcode(31, 39), kX),
    MISSING("lvewx", opcode(31, 71), kX),
    MISSING("lvsl", opcode(31, 6), kX),
    MISSING("lvsr", opcode(31, 38), kX),
    MISSING("stvx", opcode(31, 231), kX),
    MISSING("stvxl", opcode(31, 487), kX),
    MISSING("stvebx", opcode(31, 135), kX),
    MISSING("stvehx", opcode(31, 167), kX),
    MISSING("stvewx", opcode(31, 199), kX),
    MISSING("lfs", opcode(48), kPrimary),
    MISSING("lfsu", opcode(49), kPrimary),
    MISSING("lfd", opcode(50), kPrimary),
    MISSING("lfdu", opcode(51), kPrimary),
    MISSING("stfs", opcode(52), kPrimary),
    MISSING("stfsu", opcode(53), kPrimary),
    MISSING("stfd", opcode(54), kPrimary),
    MISSING("stfdu", opcode(55), kPrimary),
    MISSING("vector arithmetic (primary opcode 4)", opcode(4), kPrimary),
    MISSING("floating-point single (primary opcode 59)", opcode(59), kPrimary),
    MISSING("floating-point (primary opcode 63)", opcode(63), kPrimary),
    MISSING("VSX (primary opcode 60)", opcode(60), kPrimary),
    MISSING("VSX and FP pair loads (primary opcode 57)", opcode(57), kPrimary),
    MISSING("VSX and FP pair stores (primary opcode 61)", opcode(61), kPrimary),
};

}  // namespace

std::span<const Instruction> system_instructions() {
  return kRows;
}
std::span<const Instruction> prefixed_instructions() {
  return kPrefixed;
}
std::span<const Instruction> missing_instructions() {
  return kMissingRows;
}

}  // namespace xive::ppc::iss
