// SPDX-License-Identifier: Apache-2.0
// S6.2: every TIMA offset, width and direction through every page, against the tables of the
// specification.
#include <array>

#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/rules/chk_ring.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;
using tima::Ring;
using Bytes = std::array<std::uint8_t, tima::kThreadBytes>;

// ---- Tables of tima.md, generation 1

/// Raw access masks (1.5) by page, ring and byte: 0 none, 1 store, 2 load, 3 both.
constexpr std::array<std::array<const char*, 4>, 4> kMasks = {{
    {"3000000033330000", "3333330233330003", "0033033033330000", "3333030230033330"},
    {"3000000033330000", "3333330233330003", "0033033003330000", "3333030230030000"},
    {"3000000033330000", "2322220200000000", "0000000000000000", "0000000000000000"},
    {"3000000000000000", "0000000000000000", "0000000000000000", "0000000000000000"},
}};

/// Operation (2.1, 2.2): what it needs, what it may change.
struct Operation {
  unsigned key;
  bool write;
  unsigned sizes;  ///< bit s: width 1 << s
  unsigned page;   ///< least privileged
  unsigned rings;  ///< bit r: may change ring r
};
constexpr unsigned kOs = 2, kPool = 4, kPhys = 8;
constexpr std::array<Operation, 11> kOperations = {{
    {0x011, true, 1, 2, kOs},
    {0x031, true, 1, 1, kPhys},
    {0x018, true, 4, 1, kOs},
    {0x038, true, 1, 1, kPhys},
    {0x038, false, 1, 1, 0},
    {0x810, false, 2, 2, kOs},
    {0x830, false, 2, 1, kPool | kPhys},
    {0x812, true, 1, 2, kOs},
    {0x818, false, 4 | 8, 1, kOs},
    {0x828, false, 4 | 8, 1, kPool | kPhys},
    {0x838, false, 1, 1, kPhys},
}};

struct Access {
  unsigned page = 0, offset = 0, size = 1;
  bool write = false;
};

const Operation* operation_of(const Access& access) {
  for (const Operation& op : kOperations) {
    if (op.key == (access.offset & 0xc3fU) && op.write == access.write &&
        (op.sizes & access.size) != 0 && op.page >= access.page) {
      return &op;
    }
  }
  return nullptr;
}

/// Which bytes a raw access moves; empty mask: refused (1.6).
unsigned raw_bytes(const Access& access) {
  const unsigned at = access.offset & 0x3fU;
  if (access.size < 4 || at < 0x10) return 0;
  const char* mask = kMasks.at(access.page).at(at >> 4U);
  unsigned bytes = 0;
  for (unsigned n = 0; n < access.size; ++n) {
    const auto permission = static_cast<unsigned>(mask[(at & 0xfU) + n] - '0');
    if ((permission & (access.write ? 1U : 2U)) != 0) bytes |= 1U << n;
  }
  return bytes;
}

/// A value to store: bytes that make sense where they go, and add to what is pending.
constexpr Bytes kStored = {
    0x80, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
    0x80, 0x07, 0x06, 0xfe, 0x2a, 0x2b, 0x2c, 0x2d, 0x00, 0x00, 0x00, 0x00, 0x3c, 0x3d, 0x3e, 0x02,
    0x41, 0x42, 0x04, 0xfd, 0x44, 0x45, 0x46, 0x47, 0x00, 0x00, 0x00, 0x00, 0x4c, 0x4d, 0x4e, 0x4f,
    0x80, 0x05, 0x03, 0xfc, 0x54, 0x55, 0x56, 0x57, 0x80, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f};

/// Pages as an access reaches them: right, or with a fault on the way to the TIMA.
class Wires final : public ppc::host::MemoryOrder {
 public:
  enum class Fault : std::uint8_t { None, UserIsOs, LoadsTwice };
  Wires(ppc::host::MemoryOrder& next, Fault fault) : next_(next), fault_(fault) {}

  platform::Response load(const platform::Request& request,
                          ppc::host::AccessClass access) override {
    if (fault_ == Fault::LoadsTwice && is_tima(request.address)) next_.load(request, access);
    return next_.load(moved(request), access);
  }
  platform::Response store(const platform::Request& request,
                           ppc::host::AccessClass access) override {
    return next_.store(moved(request), access);
  }
  platform::Response atomic(const platform::Request& request) override {
    return next_.atomic(request);
  }
  Time barrier(ppc::host::Barrier barrier, Time time) override {
    return next_.barrier(barrier, time);
  }
  void message(const ppc::DoorbellMessage& message, ppc::MsgsndForm form, std::uint32_t sender_pir,
               Time time) override {
    next_.message(message, form, sender_pir, time);
  }

 private:
  static bool is_tima(std::uint64_t address) { return address - DirectTables::kTm < 0x40000; }
  platform::Request moved(platform::Request request) const {
    if (fault_ == Fault::UserIsOs && is_tima(request.address) &&
        (request.address & 0x30000U) == 0x30000U) {
      request.address &= ~std::uint64_t{0x10000};
    }
    return request;
  }
  ppc::host::MemoryOrder& next_;
  Fault fault_;
};

/// What stands in front of page 0 when it belongs to an ultravisor.
class Refusal final : public platform::Target {
 public:
  platform::Response access(const platform::Request& request) override {
    return platform::error_response(platform::Status::AddressError, request);
  }
};

class Sweep {
 public:
  Sweep(Context& c, Rig& rig) : c_(c), rig_(rig), ring_(rig.rules().context()) {
    vp_ = rig.make_vp();
    stored_ = kStored;
    put_word(stored_, 0x18, vp_.word2());
    put_word(stored_, 0x28, vp_.word2() + 1);
    put_word(stored_, 0x08, 0x80000001);
  }

  void run(Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x200, [this](Cpu&, InterruptFrame&) { ++machine_checks_; });
    restore(cpu);
    base_ = state();
    c_.stimulus();
    const bool all = c_["offsets"] != 0;
    for (unsigned offset = 0; offset < 0x1000; ++offset) {
      // Address bits 9:6 select nothing.
      if (!all && (offset & 0x3c0U) != 0) continue;
      for (unsigned size = 1; size <= 8; size *= 2) {
        for (const bool write : {false, true}) {
          for (unsigned page = 0; page < 4 && !c_.caught(); ++page) {
            one(cpu, {page, offset, size, write});
          }
        }
      }
    }
    if (c_["owner"] == 0) return;
    // The hypervisor is not the owner of page 0.
    protect(true);
    for (unsigned offset = 0; offset < 0x1000; offset += all ? 1 : 8) {
      for (unsigned size = 1; size <= 8; size *= 2) {
        refused(cpu, {0, offset, size, false});
        refused(cpu, {0, offset, size, true});
      }
    }
    protect(false);
  }

 private:
  static void put_word(Bytes& bytes, unsigned at, std::uint32_t word) {
    for (unsigned n = 0; n < 4; ++n) {
      bytes.at(at + n) = static_cast<std::uint8_t>(word >> (24U - 8U * n));
    }
  }
  static std::uint64_t value_of(const Bytes& bytes, unsigned at, unsigned size) {
    std::uint64_t value = 0;
    for (unsigned n = 0; n < size; ++n) value = value << 8U | bytes.at((at + n) & 0x3fU);
    return value;
  }
  tima::ThreadState state() { return rig_.state(0); }
  static std::uint64_t address(const Access& access) {
    return DirectTables::tima(access.page, access.offset);
  }

  /// The same context before every access: everything pending and presented, or nothing valid.
  void restore(Cpu& cpu) {
    rig_.machine().set_thread_enable(0, 0xe);
    cpu.delay(20 * platform::kNanosecond);
    rig_.machine().set_thread_enable(0, 0xf);
    cpu.delay(20 * platform::kNanosecond);
    if (c_["valid"] != 0) {
      cpu.store8(DirectTables::tima(0, 0x38), 0x80);
      cpu.store64(DirectTables::tima(0, 0x20), 0x00000000ff000000);
      cpu.store32(DirectTables::tima(0, 0x28), vp_.word2() + 1);
      cpu.store32(DirectTables::tima(0, 0x30), 0x0000013f);
      cpu.store8(DirectTables::tima(1, 0x31), 0xff);
      cpu.store64(DirectTables::tima(0, 0x10), 0x00ff023f2a2b0000);
      cpu.store32(DirectTables::tima(1, 0x18), vp_.word2());
    } else {
      cpu.store64(DirectTables::tima(0, 0x10), 0x00ff003f2a2b0000);
      cpu.store64(DirectTables::tima(0, 0x20), 0x00000000ff000000);
      cpu.store32(DirectTables::tima(0, 0x30), 0x00ff003f);
    }
  }

  void one(Cpu& cpu, const Access& access) {
    const bool aligned = access.offset % access.size == 0;
    if (!aligned) return;  // no instruction of the core makes one access of it
    const Operation* op = operation_of(access);
    const unsigned bytes = op == nullptr && (access.offset & 0x800U) == 0 ? raw_bytes(access) : 0U;
    const unsigned at = access.offset & 0x3fU;
    std::uint64_t loaded = 0;
    if (access.write) {
      cpu.store(address(access), access.size, value_of(stored_, at, access.size));
    } else {
      loaded = cpu.load(address(access), access.size);
    }
    const auto after = state();
    if (op != nullptr) {
      judge_operation(access, *op, loaded, after);
    } else {
      judge_raw(access, bytes, loaded, after);
    }
    if (!(after.r == base_.r)) {
      restore(cpu);
      c_.expect(state().r == base_.r, "the context could not be restored");
    }
  }

  std::string text(const Access& access) const {
    return fmt::format("{} of {} bytes at page {} offset {:#05x}", access.write ? "store" : "load",
                       access.size, access.page, access.offset);
  }

  void judge_raw(const Access& access, unsigned bytes, std::uint64_t loaded,
                 const tima::ThreadState& after) {
    const unsigned at = access.offset & 0x3fU;
    auto expected = base_.r;
    std::uint64_t value = bytes == 0 ? platform::all_ones(access.size) : 0;
    for (unsigned n = 0; n < access.size; ++n) {
      if ((bytes >> n & 1U) == 0) continue;
      if (access.write) expected.at(at + n) = stored_.at(at + n);
      value |= std::uint64_t{base_.r.at(at + n)} << (8U * (access.size - 1 - n));
    }
    ring_.judge(after.r == expected, [&] {
      return fmt::format("{}: registers differ at byte {:#x}", text(access),
                         first_difference(after, expected));
    });
    if (!access.write) {
      ring_.judge(loaded == value, [&] {
        return fmt::format("{}: {:#x}, {:#x} expected", text(access), loaded, value);
      });
    }
  }

  void judge_operation(const Access& access, const Operation& op, std::uint64_t loaded,
                       const tima::ThreadState& after) {
    for (unsigned r = 0; r < 4; ++r) {
      if ((op.rings >> r & 1U) != 0) continue;
      bool same = true;
      for (unsigned n = 0; n < 16; ++n) {
        same = same && after.r.at(16 * r + n) == base_.r.at(16 * r + n);
      }
      ring_.judge(same, [&] { return fmt::format("{}: ring {} changed", text(access), r); });
    }
    const auto word2 = [&](Ring ring) { return std::uint64_t{base_.word2(ring)}; };
    const auto acknowledged = [&](Ring ring) {
      return std::uint64_t{base_.at(ring, tima::reg::kNsr)} << 8U |
             after.at(ring, tima::reg::kCppr);
    };
    const std::uint64_t stored = value_of(stored_, op.key & 0x3fU, access.size);
    std::uint64_t seen = loaded, wanted = 0;
    switch (op.key) {
      case 0x011:
      case 0x031:
        seen = after.r.at(op.key);
        wanted = stored;
        break;
      case 0x018:
        seen = after.word2(Ring::Os);
        wanted = stored;
        break;
      case 0x812:
        seen = after.at(Ring::Os, tima::reg::kIpb);
        wanted = base_.at(Ring::Os, tima::reg::kIpb) | 0x80U >> stored;
        break;
      case 0x810:
        wanted = acknowledged(Ring::Os);
        break;
      case 0x830:
        wanted = acknowledged(Ring::Phys);
        break;
      case 0x818:
        wanted = access.size == 4 ? word2(Ring::Os) : word2(Ring::Os) << 32U;
        break;
      case 0x828:
        wanted = access.size == 4 ? word2(Ring::Pool) : word2(Ring::Pool) << 32U;
        break;
      default:  // byte 8 of the physical ring: poll, store and pull
        seen = access.write ? after.r.at(0x38) : loaded;
        wanted = access.write ? stored : base_.r.at(0x38);
        break;
    }
    ring_.judge(seen == wanted, [&] {
      return fmt::format("{}: {:#x}, {:#x} expected", text(access), seen, wanted);
    });
    const bool pulled = op.key == 0x818 || op.key == 0x828 || op.key == 0x838;
    if (pulled) {
      ring_.judge((after.r.at((op.key & 0x30U) + 8) & 0x80U) == 0,
                  [&] { return fmt::format("{}: the context is still valid", text(access)); });
    }
  }

  unsigned first_difference(const tima::ThreadState& state, const Bytes& expected) const {
    unsigned n = 0;
    while (n < expected.size() && state.r.at(n) == expected.at(n)) ++n;
    return n;
  }

  void protect(bool on) {
    if (c_.faulty("page0-open")) return;
    auto& bus = rig_.machine().bus();
    if (on) {
      window_ = bus.map({.name = "page 0 of the ultravisor",
                         .base = DirectTables::tima(0, 0),
                         .size = 0x10000,
                         .target = &refusal_,
                         .priority = 2});
    } else {
      bus.unmap(window_);
    }
  }

  void refused(Cpu& cpu, const Access& access) {
    if (access.offset % access.size != 0 || c_.caught()) return;
    const unsigned before = machine_checks_;
    std::uint64_t loaded = platform::all_ones(access.size);
    if (access.write) {
      cpu.store(address(access), access.size,
                value_of(stored_, access.offset & 0x3fU, access.size));
    } else {
      loaded = cpu.load(address(access), access.size);
    }
    const auto after = state();
    ring_.judge(machine_checks_ == before + 1 && loaded == platform::all_ones(access.size) &&
                    after.r == base_.r,
                [&] { return text(access) + " by the hypervisor reached an ultravisor's page"; });
    if (!(after.r == base_.r)) restore(cpu);
  }

  Context& c_;
  Rig& rig_;
  ChkRing ring_;
  Rig::Vp vp_;
  Bytes stored_{};
  tima::ThreadState base_{};
  Refusal refusal_;
  platform::Bus::WindowId window_ = 0;
  unsigned machine_checks_ = 0;
};

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 1;
  config.threads = 4;  // as the RTL with mutants
  Rig rig(c, config);
  rig.tables();
  Sweep sweep(c, rig);
  const auto fault = c.faulty("user-is-os")    ? Wires::Fault::UserIsOs
                     : c.faulty("loads-twice") ? Wires::Fault::LoadsTwice
                                               : Wires::Fault::None;
  Wires wires(rig.machine().cpu(0).order(), fault);
  rig.machine().cpu(0).set_order(wires);
  rig.program(0, [&](Cpu& cpu) { sweep.run(cpu); });
  rig.run(platform::kMillisecond * 1000);
}

}  // namespace

Scenario s6_2() {
  Scenario s;
  s.id = "S6.2";
  s.title = "Ring privilege";
  s.reference = "scenarios.md 2 S6.2; tima.md 0.2, 1.5, 1.6, 2";
  s.axes = {{"offsets", {0, 1}}, {"valid", {1, 0}}, {"owner", {0, 1}}};
  s.faulty = {{.name = "any-page",
               .what = "a less privileged page may use the operations of the others",
               .caught_by = {"CHK-RING"},
               .tima_mutants = {73}},
              {.name = "user-is-os",
               .what = "an address line is cut: page 3 is page 2",
               .caught_by = {"CHK-RING"}},
              {.name = "page0-open",
               .what = "the address map lets the hypervisor into page 0 of an ultravisor",
               .caught_by = {"CHK-RING"},
               .at = {{"owner", 1}}},
              {.name = "loads-twice",
               .what = "a load is performed twice on its way to the TIMA",
               .caught_by = {"CHK-ONCE"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
