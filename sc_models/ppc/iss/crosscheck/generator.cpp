// SPDX-License-Identifier: Apache-2.0
// Random sequences of what user mode can execute and the architecture defines. Where a result is
// undefined, the instructions behind it make it defined again.
// Length: a table of the instructions and one case for each kind of operands.
#include <map>
#include <string_view>

#include "sc_models/ppc/iss/crosscheck/case.h"
#include "sc_models/ppc/iss/instruction.h"

namespace xive::ppc::iss::crosscheck {
namespace {

/// Which operand fields an instruction has.
enum class Shape : std::uint8_t {
  TAB,       ///< rt, ra, rb
  TA,        ///< rt, ra
  TAI,       ///< rt, ra, 16 bits
  AS,        ///< ra := rs
  ASB,       ///< ra := rs, rb
  ASI,       ///< ra := rs, 16 bits
  Rotate,    ///< ra := rs, 15 bits
  RotateMd,  ///< ra := rs, all bits of MD
  Shift,     ///< ra := rs, rb field is a number
  Shift6,    ///< ra := rs, XS
  Compare,   ///< bf, ra, rb
  CompareI,  ///< bf, ra, 16 bits
  CrBits,    ///< three bits of CR
  CrFields,  ///< bf, bfa
  Bf,        ///< bf
  Va,        ///< rt, ra, rb, rc
  Isel,
  ToCr,        ///< rs, fxm
  FromCr,      ///< rt
  OneFromCr,   ///< rt, fxm of one bit
  SetCr,       ///< rt, bi or bfa
  Pc,          ///< rt, DX
  Word,        ///< rt, ra, rb; high half of rt and CR0 undefined
  Divide,      ///< the same, and nothing defined when it overflows (OE form)
  DivideSafe,  ///< divisor made positive
  Load,
  LoadX,
  LoadU,
  LoadUX,
  Store,
  StoreX,
  StoreU,
  StoreUX,  ///< storage access
  LoadDs,
  StoreDs,
  LoadUDs,
  StoreUDs,  ///< displacement times 4
  LoadMultiple,
  StoreMultiple,
  LoadString,
  StoreString,
  LoadStringX,
  StoreStringX,
  LoadQuad,
  StoreQuad,
  Reserve,
  Clear,
  Branch,
  PLoad,
  PStore,
  PAdd,
  Extend,
};

struct Entry {
  std::string_view mnemonic;
  Shape shape;
  unsigned size = 0;  ///< of a storage access
};

// Not here, because QEMU 7.2 does not do what the architecture says (the unit tests have them):
// divdeo with a quotient of 64 bits that does not fit (it wraps without an overflow), stqcx. (it
// never succeeds in user mode).
const Entry kEntries[] = {
    {"addi", Shape::TAI},
    {"addis", Shape::TAI},
    {"addic", Shape::TAI},
    {"addic.", Shape::TAI},
    {"subfic", Shape::TAI},
    {"mulli", Shape::TAI},
    {"add", Shape::TAB},
    {"subf", Shape::TAB},
    {"addc", Shape::TAB},
    {"subfc", Shape::TAB},
    {"adde", Shape::TAB},
    {"subfe", Shape::TAB},
    {"addo", Shape::TAB},
    {"subfo", Shape::TAB},
    {"addco", Shape::TAB},
    {"subfco", Shape::TAB},
    {"addeo", Shape::TAB},
    {"subfeo", Shape::TAB},
    {"add.", Shape::TAB},
    {"subf.", Shape::TAB},
    {"addc.", Shape::TAB},
    {"subfc.", Shape::TAB},
    {"adde.", Shape::TAB},
    {"subfe.", Shape::TAB},
    {"addo.", Shape::TAB},
    {"subfo.", Shape::TAB},
    {"addco.", Shape::TAB},
    {"subfco.", Shape::TAB},
    {"addeo.", Shape::TAB},
    {"subfeo.", Shape::TAB},
    {"addme", Shape::TA},
    {"subfme", Shape::TA},
    {"addze", Shape::TA},
    {"subfze", Shape::TA},
    {"neg", Shape::TA},
    {"addmeo", Shape::TA},
    {"subfmeo", Shape::TA},
    {"addzeo", Shape::TA},
    {"subfzeo", Shape::TA},
    {"nego", Shape::TA},
    {"addme.", Shape::TA},
    {"subfme.", Shape::TA},
    {"addze.", Shape::TA},
    {"subfze.", Shape::TA},
    {"neg.", Shape::TA},
    {"addmeo.", Shape::TA},
    {"subfmeo.", Shape::TA},
    {"addzeo.", Shape::TA},
    {"subfzeo.", Shape::TA},
    {"nego.", Shape::TA},
    {"addex", Shape::TAB},
    {"mullw", Shape::TAB},
    {"mullwo", Shape::TAB},
    {"mullw.", Shape::TAB},
    {"mullwo.", Shape::TAB},
    {"mulld", Shape::TAB},
    {"mulldo", Shape::TAB},
    {"mulld.", Shape::TAB},
    {"mulldo.", Shape::TAB},
    {"mulhw", Shape::Word},
    {"mulhwu", Shape::Word},
    {"mulhw.", Shape::Word},
    {"mulhwu.", Shape::Word},
    {"mulhd", Shape::TAB},
    {"mulhdu", Shape::TAB},
    {"mulhd.", Shape::TAB},
    {"mulhdu.", Shape::TAB},
    {"maddhd", Shape::Va},
    {"maddhdu", Shape::Va},
    {"maddld", Shape::Va},
    {"divwo", Shape::Divide},
    {"divwuo", Shape::Divide},
    {"divdo", Shape::Divide},
    {"divduo", Shape::Divide},
    {"divweo", Shape::Divide},
    {"divweuo", Shape::Divide},
    {"divdeuo", Shape::Divide},
    {"divwo.", Shape::Divide},
    {"divwuo.", Shape::Divide},
    {"divdo.", Shape::Divide},
    {"divduo.", Shape::Divide},
    {"divw", Shape::DivideSafe},
    {"divwu", Shape::DivideSafe},
    {"divd", Shape::DivideSafe},
    {"divdu", Shape::DivideSafe},
    {"divd.", Shape::DivideSafe},
    {"modsw", Shape::DivideSafe},
    {"moduw", Shape::DivideSafe},
    {"modsd", Shape::DivideSafe},
    {"modud", Shape::DivideSafe},
    {"cmpwi", Shape::CompareI},
    {"cmpdi", Shape::CompareI},
    {"cmplwi", Shape::CompareI},
    {"cmpldi", Shape::CompareI},
    {"cmpw", Shape::Compare},
    {"cmpd", Shape::Compare},
    {"cmplw", Shape::Compare},
    {"cmpld", Shape::Compare},
    {"cmprb", Shape::Compare},
    {"cmpeqb", Shape::Compare},
    {"addg6s", Shape::TAB},
    {"andi.", Shape::ASI},
    {"andis.", Shape::ASI},
    {"ori", Shape::ASI},
    {"oris", Shape::ASI},
    {"xori", Shape::ASI},
    {"xoris", Shape::ASI},
    {"and", Shape::ASB},
    {"or", Shape::ASB},
    {"xor", Shape::ASB},
    {"nand", Shape::ASB},
    {"nor", Shape::ASB},
    {"eqv", Shape::ASB},
    {"andc", Shape::ASB},
    {"orc", Shape::ASB},
    {"and.", Shape::ASB},
    {"or.", Shape::ASB},
    {"xor.", Shape::ASB},
    {"nand.", Shape::ASB},
    {"nor.", Shape::ASB},
    {"eqv.", Shape::ASB},
    {"andc.", Shape::ASB},
    {"orc.", Shape::ASB},
    {"extsb", Shape::AS},
    {"extsh", Shape::AS},
    {"extsw", Shape::AS},
    {"extsb.", Shape::AS},
    {"extsh.", Shape::AS},
    {"extsw.", Shape::AS},
    {"cntlzw", Shape::AS},
    {"cntlzd", Shape::AS},
    {"cnttzw", Shape::AS},
    {"cnttzd", Shape::AS},
    {"cntlzw.", Shape::AS},
    {"cntlzd.", Shape::AS},
    {"cnttzw.", Shape::AS},
    {"cnttzd.", Shape::AS},
    {"popcntb", Shape::AS},
    {"popcntw", Shape::AS},
    {"popcntd", Shape::AS},
    {"prtyw", Shape::AS},
    {"prtyd", Shape::AS},
    {"cdtbcd", Shape::AS},
    {"cbcdtd", Shape::AS},
    {"cmpb", Shape::ASB},
    {"bpermd", Shape::ASB},
    {"rlwimi", Shape::Rotate},
    {"rlwinm", Shape::Rotate},
    {"rlwnm", Shape::Rotate},
    {"rlwimi.", Shape::Rotate},
    {"rlwinm.", Shape::Rotate},
    {"rlwnm.", Shape::Rotate},
    {"rldicl", Shape::RotateMd},
    {"rldicr", Shape::RotateMd},
    {"rldic", Shape::RotateMd},
    {"rldimi", Shape::RotateMd},
    {"rldcl", Shape::RotateMd},
    {"rldcr", Shape::RotateMd},
    {"rldicl.", Shape::RotateMd},
    {"rldicr.", Shape::RotateMd},
    {"rldic.", Shape::RotateMd},
    {"rldimi.", Shape::RotateMd},
    {"rldcl.", Shape::RotateMd},
    {"rldcr.", Shape::RotateMd},
    {"slw", Shape::ASB},
    {"srw", Shape::ASB},
    {"sld", Shape::ASB},
    {"srd", Shape::ASB},
    {"sraw", Shape::ASB},
    {"srad", Shape::ASB},
    {"slw.", Shape::ASB},
    {"srw.", Shape::ASB},
    {"sld.", Shape::ASB},
    {"srd.", Shape::ASB},
    {"sraw.", Shape::ASB},
    {"srad.", Shape::ASB},
    {"srawi", Shape::Shift},
    {"srawi.", Shape::Shift},
    {"sradi", Shape::Shift6},
    {"sradi.", Shape::Shift6},
    {"extswsli", Shape::Shift6},
    {"extswsli.", Shape::Shift6},
    {"crand", Shape::CrBits},
    {"cror", Shape::CrBits},
    {"crxor", Shape::CrBits},
    {"crnand", Shape::CrBits},
    {"crnor", Shape::CrBits},
    {"creqv", Shape::CrBits},
    {"crandc", Shape::CrBits},
    {"crorc", Shape::CrBits},
    {"mcrf", Shape::CrFields},
    {"mcrxrx", Shape::Bf},
    {"mtcrf", Shape::ToCr},
    {"mtocrf", Shape::ToCr},
    {"mfcr", Shape::FromCr},
    {"mfocrf", Shape::OneFromCr},
    {"isel", Shape::Isel},
    {"setb", Shape::SetCr},
    {"addpcis", Shape::Pc},
    {"bc", Shape::Branch},
    {"lbz", Shape::Load, 1},
    {"lhz", Shape::Load, 2},
    {"lha", Shape::Load, 2},
    {"lwz", Shape::Load, 4},
    {"lwa", Shape::LoadDs, 4},
    {"ld", Shape::LoadDs, 8},
    {"lbzu", Shape::LoadU, 1},
    {"lhzu", Shape::LoadU, 2},
    {"lhau", Shape::LoadU, 2},
    {"lwzu", Shape::LoadU, 4},
    {"ldu", Shape::LoadUDs, 8},
    {"lbzx", Shape::LoadX, 1},
    {"lhzx", Shape::LoadX, 2},
    {"lhax", Shape::LoadX, 2},
    {"lwzx", Shape::LoadX, 4},
    {"lwax", Shape::LoadX, 4},
    {"ldx", Shape::LoadX, 8},
    {"lbzux", Shape::LoadUX, 1},
    {"lhzux", Shape::LoadUX, 2},
    {"lhaux", Shape::LoadUX, 2},
    {"lwzux", Shape::LoadUX, 4},
    {"lwaux", Shape::LoadUX, 4},
    {"ldux", Shape::LoadUX, 8},
    {"lhbrx", Shape::LoadX, 2},
    {"lwbrx", Shape::LoadX, 4},
    {"ldbrx", Shape::LoadX, 8},
    {"stb", Shape::Store, 1},
    {"sth", Shape::Store, 2},
    {"stw", Shape::Store, 4},
    {"std", Shape::StoreDs, 8},
    {"stbu", Shape::StoreU, 1},
    {"sthu", Shape::StoreU, 2},
    {"stwu", Shape::StoreU, 4},
    {"stdu", Shape::StoreUDs, 8},
    {"stbx", Shape::StoreX, 1},
    {"sthx", Shape::StoreX, 2},
    {"stwx", Shape::StoreX, 4},
    {"stdx", Shape::StoreX, 8},
    {"stbux", Shape::StoreUX, 1},
    {"sthux", Shape::StoreUX, 2},
    {"stwux", Shape::StoreUX, 4},
    {"stdux", Shape::StoreUX, 8},
    {"sthbrx", Shape::StoreX, 2},
    {"stwbrx", Shape::StoreX, 4},
    {"stdbrx", Shape::StoreX, 8},
    {"lmw", Shape::LoadMultiple},
    {"stmw", Shape::StoreMultiple},
    {"lswi", Shape::LoadString},
    {"stswi", Shape::StoreString},
    {"lswx", Shape::LoadStringX},
    {"stswx", Shape::StoreStringX},
    {"lq", Shape::LoadQuad},
    {"stq", Shape::StoreQuad},
    {"lbarx", Shape::Reserve, 1},
    {"lharx", Shape::Reserve, 2},
    {"lwarx", Shape::Reserve, 4},
    {"ldarx", Shape::Reserve, 8},
    {"dcbz", Shape::Clear},
    {"brh", Shape::AS},
    {"brw", Shape::AS},
    {"brd", Shape::AS},
    {"cntlzdm", Shape::ASB},
    {"cnttzdm", Shape::ASB},
    {"pdepd", Shape::ASB},
    {"pextd", Shape::ASB},
    {"cfuged", Shape::ASB},
    {"setbc", Shape::Extend},
    {"setbcr", Shape::Extend},
    {"setnbc", Shape::Extend},
    {"setnbcr", Shape::Extend},
    {"paddi", Shape::PAdd},
    {"plbz", Shape::PLoad, 1},
    {"plhz", Shape::PLoad, 2},
    {"plha", Shape::PLoad, 2},
    {"plwz", Shape::PLoad, 4},
    {"plwa", Shape::PLoad, 4},
    {"pld", Shape::PLoad, 8},
    {"pstb", Shape::PStore, 1},
    {"psth", Shape::PStore, 2},
    {"pstw", Shape::PStore, 4},
    {"pstd", Shape::PStore, 8},
};

/// The output function of splitmix64.
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ z >> 27U) * 0x94d049bb133111ebULL;
  return z ^ z >> 31U;
}

class Generator {
 public:
  Generator(std::uint64_t seed, const Setting& setting) : state_(seed), setting_(setting) {}

  Case make() {
    Case result;
    for (unsigned n = 0; n < 32; ++n) result.gpr[n] = value();
    result.gpr[kCasePointer] = kCase;
    result.gpr[kThread] = 0;
    result.gpr[kBase] = kCase + kDataOffset + kDataBytes / 2;
    result.gpr[kIndex] = below(16) * 2;
    result.cr = random() & 0xffffffffU;
    // SO OV CA OV32 CA32 and the count of the string instructions.
    result.xer = random() & 0xe00c0000U;
    result.xer |= below(17);
    result.lr = value();
    result.ctr = value();
    for (std::uint8_t& byte : result.data) byte = static_cast<std::uint8_t>(random());
    const std::uint64_t length = 4 + below(20);
    // An instruction with all that belongs to it takes at most 10 words.
    for (std::uint64_t n = 0; n < length && words_.size() + 10 < kMaxWords; ++n) add();
    result.words = words_;
    return result;
  }

 private:
  std::uint64_t random() { return mix(state_ += 0x9e3779b97f4a7c15ULL); }
  std::uint64_t below(std::uint64_t limit) { return random() % limit; }
  bool chance(unsigned percent) { return below(100) < percent; }

  std::uint64_t value() {
    static constexpr std::uint64_t kCorners[] = {0,
                                                 1,
                                                 ~0ULL,
                                                 0x7fffffff,
                                                 0x80000000,
                                                 0xffffffff,
                                                 0x7fffffffffffffff,
                                                 0x8000000000000000,
                                                 0xffffffff80000000,
                                                 0xffffffff7fffffff,
                                                 0x100000000,
                                                 0x8000000080000000};
    switch (below(4)) {
      case 0:
        return kCorners[below(std::size(kCorners))];
      case 1:
        return random() >> below(64);
      case 2:
        return ~(random() >> below(64));
      default:
        return random();
    }
  }

  /// A register that may change.
  std::uint32_t target() {
    for (;;) {
      const auto n = static_cast<std::uint32_t>(below(32));
      if (n != kCasePointer && n != kBase && n != kIndex && n != kThread) return n;
    }
  }
  /// The same, but none of `a`, `b`, nor 0.
  std::uint32_t scratch(std::uint32_t a, std::uint32_t b = 0) {
    for (;;) {
      const std::uint32_t n = target();
      if (n != 0 && n != a && n != b) return n;
    }
  }
  std::uint32_t any() { return static_cast<std::uint32_t>(below(32)); }
  std::uint32_t immediate() {
    return static_cast<std::uint32_t>(chance(50) ? random() : value()) & 0xffffU;
  }

  static std::uint32_t fields(std::uint32_t t, std::uint32_t a, std::uint32_t b) {
    return t << 21U | a << 16U | b << 11U;
  }
  void emit(std::uint32_t word) { words_.push_back(word); }
  void li(std::uint32_t t, std::uint32_t low) {
    emit(14U << 26U | fields(t, 0, 0) | (low & 0xffffU));
  }
  /// addi t,a,imm
  void addi(std::uint32_t t, std::uint32_t a, int imm) {
    emit(14U << 26U | fields(t, a, 0) | (static_cast<std::uint32_t>(imm) & 0xffffU));
  }
  /// CR0 from a register, where it is undefined otherwise.
  void define_cr0(std::uint32_t r) { emit(31U << 26U | 1U << 21U | fields(0, r, r)); }
  /// Displacement of an access of `size` bytes inside the data, a multiple of `step`.
  int displacement(unsigned size, unsigned step = 1) {
    const auto room = kDataBytes - size;
    return static_cast<int>(below(room / step + 1) * step) - static_cast<int>(kDataBytes / 2);
  }

  void add() {
    const Entry& entry = pick();
    const Instruction& row = *rows().at(entry.mnemonic);
    const std::uint32_t op = row.opcode;
    const std::uint32_t t = target(), a = any(), b = any();
    switch (entry.shape) {
      case Shape::TAB:
        emit(op | fields(t, a, b));
        break;
      case Shape::TA:
        emit(op | fields(t, a, 0));
        break;
      case Shape::TAI:
        emit(op | fields(t, a, 0) | immediate());
        break;
      case Shape::AS:
        emit(op | fields(a, t, 0));
        break;
      case Shape::ASB:
      case Shape::Shift:
        emit(op | fields(a, t, b));
        break;
      case Shape::ASI:
        emit(op | fields(a, t, 0) | immediate());
        break;
      case Shape::Rotate:
        emit(op | fields(a, t, b) | (static_cast<std::uint32_t>(random()) & 0x7feU));
        break;
      case Shape::RotateMd:
        emit(op | fields(a, t, b) | (static_cast<std::uint32_t>(random()) & 0x7feU & ~row.mask));
        break;
      case Shape::Shift6:
        emit(op | fields(a, t, b) | (static_cast<std::uint32_t>(random()) & 2U));
        break;
      case Shape::Compare: {
        const std::uint32_t l =
            entry.mnemonic == "cmprb" ? static_cast<std::uint32_t>(below(2)) : 0;
        emit(op | fields(static_cast<std::uint32_t>(below(8)) << 2U | l, a, b));
        break;
      }
      case Shape::CompareI:
        emit(op | fields(static_cast<std::uint32_t>(below(8)) << 2U, a, 0) | immediate());
        break;
      case Shape::CrBits:
        emit(op | fields(any(), a, b));
        break;
      case Shape::CrFields:
        emit(op | fields(any() & 0x1cU, any() & 0x1cU, 0));
        break;
      case Shape::Bf:
        emit(op | fields(any() & 0x1cU, 0, 0));
        break;
      case Shape::Va:
      case Shape::Isel:
        emit(op | fields(t, a, b) | any() << 6U);
        break;
      case Shape::ToCr:
        emit(op | a << 21U | fxm(entry.mnemonic == "mtocrf") << 12U);
        break;
      case Shape::FromCr:
        emit(op | t << 21U);
        break;
      case Shape::OneFromCr: {
        const auto field = static_cast<std::uint32_t>(below(8));
        emit(op | t << 21U | (0x80U >> field) << 12U);
        // Only that field is defined.
        emit(21U << 26U | fields(t, t, 0) | (4 * field) << 6U | (4 * field + 3) << 1U);
        break;
      }
      case Shape::SetCr:
        emit(op | t << 21U | (any() & 0x1cU) << 16U);
        break;
      case Shape::Extend:
        emit(op | t << 21U | any() << 16U);
        break;
      case Shape::Pc:
        emit(op | t << 21U | (static_cast<std::uint32_t>(random()) & 0x001fffc1U));
        break;
      case Shape::Word:
        emit(op | fields(t, a, b));
        clear_high(t);
        define_cr0(t);
        break;
      case Shape::Divide:
        emit(op | fields(t, a, b));
        // mcrxrx cr7; isel t,0,t,28: 0 if it overflowed
        emit(31U << 26U | 576U << 1U | 7U << 23U);
        emit(31U << 26U | 15U << 1U | fields(t, 0, t) | 28U << 6U);
        if (entry.mnemonic.substr(3, 1) == "w") clear_high(t);
        define_cr0(t);
        break;
      case Shape::DivideSafe: {
        const std::uint32_t divisor = scratch(a);
        const bool word = entry.mnemonic.find('w') != std::string_view::npos;
        // A positive divisor: rldicl or rlwinm, then ori 1.
        emit(word ? 21U << 26U | fields(b, divisor, 0) | 1U << 6U | 31U << 1U
                  : 30U << 26U | fields(b, divisor, 0) | 1U << 6U);
        emit(24U << 26U | fields(divisor, divisor, 0) | 1U);
        emit(op | fields(t, a, divisor));
        if (entry.mnemonic.substr(0, 4) == "divw") clear_high(t);
        define_cr0(t);
        break;
      }
      case Shape::Load:
      case Shape::Store:
        emit(op | fields(t, kBase, 0) | low16(displacement(entry.size)));
        break;
      case Shape::LoadDs:
      case Shape::StoreDs:
        emit(op | fields(t, kBase, 0) | low16(displacement(entry.size, 4)));
        break;
      case Shape::LoadX:
      case Shape::StoreX:
        emit(op | fields(t, kBase, kIndex));
        break;
      case Shape::LoadU:
      case Shape::StoreU:
        update(op, t, displacement(entry.size), 1);
        break;
      case Shape::LoadUDs:
      case Shape::StoreUDs:
        update(op, t, displacement(entry.size, 4), 4);
        break;
      case Shape::LoadUX:
      case Shape::StoreUX: {
        const std::uint32_t base = scratch(t);
        addi(base, kBase, displacement(entry.size + 32));
        emit(op | fields(t, base, kIndex));
        break;
      }
      case Shape::LoadMultiple:
      case Shape::StoreMultiple: {
        if (setting_.little_endian) break;
        const auto first = static_cast<std::uint32_t>(16 + below(16));
        emit(op | fields(first, kBase, 0) | low16(displacement(64)));
        break;
      }
      case Shape::LoadString:
      case Shape::StoreString: {
        if (setting_.little_endian) break;
        // Up to 32 bytes: eight registers from r16 to r31.
        const auto first = static_cast<std::uint32_t>(16 + below(8));
        emit(op | fields(first, kBase, b));
        break;
      }
      case Shape::LoadStringX:
      case Shape::StoreStringX: {
        if (setting_.little_endian) break;
        const auto first = static_cast<std::uint32_t>(16 + below(8));
        emit(op | fields(first, kBase, kIndex));
        // Without a byte nothing of RT is defined.
        if (entry.shape == Shape::LoadStringX) li(first, 7);
        break;
      }
      case Shape::LoadQuad:
      case Shape::StoreQuad: {
        const std::uint32_t even = pair();
        emit(op | fields(even, kBase, 0) | low16(displacement(16, 16)));
        break;
      }
      case Shape::Reserve:
        reserve(op, entry.size);
        break;
      case Shape::Clear: {
        const std::uint32_t base = scratch(0);
        addi(base, kBase, displacement(1));
        emit(op | fields(0, 0, base));
        break;
      }
      case Shape::Branch:
        branch(op);
        break;
      case Shape::PAdd:
        prefixed(2, op | fields(t, chance(50) ? a : 0, 0), random());
        break;
      case Shape::PLoad:
      case Shape::PStore:
        prefixed(row.form == Form::Prefix8LS ? 0 : 2, op | fields(t, kBase, 0),
                 static_cast<std::uint64_t>(static_cast<std::int64_t>(displacement(entry.size))));
        break;
    }
  }

  static std::uint32_t low16(int value) { return static_cast<std::uint32_t>(value) & 0xffffU; }
  std::uint32_t fxm(bool one) {
    if (one) return 0x80U >> below(8);
    return static_cast<std::uint32_t>(random()) & 0xffU;
  }
  void clear_high(std::uint32_t r) { emit(30U << 26U | fields(r, r, 0) | 1U << 5U); }
  void update(std::uint32_t op, std::uint32_t t, int to, int step) {
    const std::uint32_t base = scratch(t);
    const int before = (static_cast<int>(below(2000)) - 1000) / step * step;
    addi(base, kBase, to - before);
    emit(op | fields(t, base, 0) | low16(before));
  }
  std::uint32_t pair() { return static_cast<std::uint32_t>(16 + 2 * below(8)); }

  /// larx, stcx. to the same place: done. And once more: not done.
  void reserve(std::uint32_t op, unsigned size) {
    static const std::map<unsigned, std::string_view> kStore = {
        {1, "stbcx."}, {2, "sthcx."}, {4, "stwcx."}, {8, "stdcx."}};
    const std::uint32_t t = target(), from = target(), address = scratch(t, from);
    addi(address, kBase, displacement(size, size));
    emit(op | fields(t, 0, address));
    const std::uint32_t store = rows().at(kStore.at(size))->opcode;
    if (chance(70)) emit(store | fields(from, 0, address));
    if (chance(70)) emit(store | fields(from, 0, address));
    // Nothing is left behind.
    emit(store | fields(from, 0, address));
  }

  /// Over one or two instructions that only the other way executes.
  void branch(std::uint32_t) {
    static constexpr std::uint32_t kBo[] = {0, 2, 4, 8, 10, 12, 16, 18, 20, 1, 5, 13, 17, 19};
    const std::uint32_t bo = kBo[below(std::size(kBo))];
    const auto over = static_cast<std::uint32_t>(1 + below(2));
    const std::uint32_t link = chance(30) ? 1 : 0;
    emit(16U << 26U | fields(bo, any(), 0) | 4 * (over + 1) | link);
    for (std::uint32_t n = 0; n < over; ++n) addi(target(), 0, static_cast<int>(immediate()));
  }

  void prefixed(std::uint32_t type, std::uint32_t suffix, std::uint64_t imm) {
    // Not across 64 bytes.
    if (((kCode + 4 * words_.size()) & 0x3fU) == 0x3c) emit(24U << 26U);
    std::uint32_t relative = 0;
    if ((suffix >> 16U & 0x1fU) == 0 && suffix >> 26U == 14) relative = chance(50) ? 1 : 0;
    emit(1U << 26U | type << 24U | relative << 20U |
         static_cast<std::uint32_t>(imm >> 16U & 0x3ffffU));
    emit(suffix | static_cast<std::uint32_t>(imm & 0xffffU));
  }

  const Entry& pick() {
    for (;;) {
      const Entry& entry = kEntries[below(std::size(kEntries))];
      if (setting_.v31 || (rows().at(entry.mnemonic)->flags & kV31) == 0) return entry;
    }
  }
  static const std::map<std::string_view, const Instruction*>& rows() {
    static const auto kMap = [] {
      std::map<std::string_view, const Instruction*> map;
      for (const Instruction& row : instructions()) map[row.mnemonic] = &row;
      return map;
    }();
    return kMap;
  }

  std::uint64_t state_;
  Setting setting_;
  std::vector<std::uint32_t> words_;
};

}  // namespace

Case generate(std::uint64_t seed, std::uint64_t number, const Setting& setting) {
  // Mixed, because neighbouring states of the generator draw the same numbers one step apart.
  return Generator(mix(mix(seed) + number), setting).make();
}

}  // namespace xive::ppc::iss::crosscheck
