// SPDX-License-Identifier: Apache-2.0
// Router and presenter against real TIMAs: the reference behind TimaPort.
#include "sc_models/xive/presenter/tima_port_bus.h"

#include <gtest/gtest.h>

#include <vector>

#include "sc_models/tima/reference_port.h"
#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;

struct Lines final : TimaListener {
  std::vector<bool> os = std::vector<bool>(64), hv = std::vector<bool>(64);
  void on_lines(unsigned core, unsigned thread, const tima::Lines& lines, tima::Cycle) override {
    os[core * 4 + thread] = lines.os_ext;
    hv[core * 4 + thread] = lines.hv_ext;
  }
};

/// A machine with the reference TIMA on every core, used through its TM window.
class Real {
 public:
  explicit Real(const Machine::Options& options,
                TimaPortBus::Timing timing = TimaPortBus::Timing::Immediate)
      : machine(options,
                [&](MemoryService& service, VpFilter* filter) {
                  std::vector<TimaPortBus::Core> cores;
                  for (unsigned c = 0; c < options.chips * options.cores; ++c) {
                    tima::Params params;
                    params.threads = options.threads;
                    ports.push_back(std::make_unique<tima::ReferencePort>(params));
                    tima::StaticInputs inputs;
                    inputs.blk = static_cast<std::uint8_t>(c / options.cores);
                    for (unsigned t = 0; t < options.threads; ++t) {
                      inputs.pir[t] = static_cast<std::uint16_t>((c / options.cores) << 8U |
                                                                 (c % options.cores) << 2U | t);
                    }
                    cores.push_back({ports.back().get(), c / options.cores, inputs});
                  }
                  bus = std::make_unique<TimaPortBus>(cores, service, filter, timing);
                  bus->listen(&lines);
                  return Machine::Bus{bus.get(), bus.get()};
                }),
        cores_per_chip(options.cores) {}

  std::uint64_t tm(unsigned core, unsigned thread, unsigned page, unsigned offset, unsigned size,
                   bool write = false, std::uint64_t data = 0) {
    gen1::BusAccess access{.address = Machine::kTm + (page << 16U) + offset,
                           .size = size,
                           .write = write,
                           .data = data,
                           .core = core,
                           .thread = thread};
    machine.chip(core / cores_per_chip).access(access);
    return access.data;
  }
  void cppr(unsigned core, unsigned thread, unsigned value) {
    tm(core, thread, 1, 0x11, 1, true, value);
  }
  void push(unsigned core, unsigned thread, unsigned blk, std::uint32_t vp) {
    tm(core, thread, 1, 0x18, 4, true, 0x80000000U | blk << 19U | vp);
  }
  std::uint64_t pull(unsigned core, unsigned thread) { return tm(core, thread, 1, 0x818, 4); }
  std::uint64_t ack(unsigned core, unsigned thread) { return tm(core, thread, 2, 0x810, 2); }

  Lines lines;
  std::vector<std::unique_ptr<tima::ReferencePort>> ports;
  std::unique_ptr<TimaPortBus> bus;
  Machine machine;
  unsigned cores_per_chip;
};

class RealTima : public testing::Test {
 protected:
  RealTima() { m.usual_path(); }
  void TearDown() override {
    m.rules().finish();
    EXPECT_TRUE(m.book().clean()) << m.book().violations()[0].rule << ": "
                                  << m.book().violations()[0].detail;
  }
  Real real{Machine::Options{}};
  Machine& m = real.machine;
};

TEST_F(RealTima, FromTriggerToAcknowledge) {
  real.cppr(1, 2, 0xff);
  real.push(1, 2, 0, Machine::kVp);
  EXPECT_FALSE(real.lines.os[6]);
  m.trigger(Machine::kSource);
  EXPECT_TRUE(real.lines.os[6]);
  EXPECT_EQ(real.ack(1, 2), 0x8006U);
  EXPECT_FALSE(real.lines.os[6]);
  EXPECT_EQ(m.memory().be32(m.eq_address()), 0x80001234U);
  EXPECT_EQ(m.esb(Machine::kSource, 0), 0U);
}

TEST_F(RealTima, BacklogRaisesTheLineAtThePush) {
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.backlog(Machine::kVp), 0x02);
  real.cppr(0, 0, 0xff);
  real.push(0, 0, 0, Machine::kVp);
  EXPECT_TRUE(real.lines.os[0]);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
  EXPECT_EQ(real.pull(0, 0), 0x80000000U | Machine::kVp);
  EXPECT_FALSE(real.lines.os[0]);
}

TEST_F(RealTima, HypervisorInterruptThroughTheIndirectWindow) {
  m.set_end(Machine::kEnd, {.vp = 0x80 | 3, .w7 = 7U << 16U});
  m.set_vp(0x83);
  m.set_reg(gen1::reg::kIndir0, 0x8003000000000000);
  EXPECT_EQ(m.load(m.ic() + 0x40038, 1), 0U);
  m.store(m.ic() + 0x40038, 1, 0x80);
  EXPECT_EQ(m.load(m.ic() + 0x40038, 1), 0x80U);
  m.set_reg(gen1::reg::kIndir0, 0);
  real.tm(0, 3, 1, 0x31, 1, true, 0xff);
  m.trigger(Machine::kSource);
  EXPECT_TRUE(real.lines.hv[3]);
  EXPECT_EQ(real.tm(0, 3, 1, 0x830, 2), 0x8007U);
}

TEST_F(RealTima, ThreadResetByTheEnableRegister) {
  real.tm(0, 0, 1, 0x38, 1, true, 0x80);
  EXPECT_EQ(real.tm(0, 0, 1, 0x38, 1), 0x80U);
  m.set_reg(gen1::reg::kThreadEn0Clr, bit64(0));
  EXPECT_EQ(real.tm(0, 0, 1, 0x38, 1), 0xffU);
  m.set_reg(gen1::reg::kThreadEn0Set, bit64(0));
  EXPECT_EQ(real.tm(0, 0, 1, 0x38, 1), 0U);
}

TEST_F(RealTima, QueuedMessagesComeBackWhenThePortsMove) {
  Real queued(Machine::Options{.cores = 1}, TimaPortBus::Timing::Queued);
  Machine& q = queued.machine;
  q.usual_path();
  queued.push(0, 1, 0, Machine::kVp);
  q.trigger(Machine::kSource);
  EXPECT_FALSE(q.chip().router().idle());
  tima::Cycle horizon = queued.ports[0]->now();
  while (!q.chip().router().idle()) queued.bus->advance(0, ++horizon);
  EXPECT_EQ(queued.ports[0]->state(1).at(tima::Ring::Os, 2), 0x02);
  q.rules().finish();
  EXPECT_TRUE(q.book().clean());
}

// ---- Random traffic
// ------------------------------------------------------------------------------

struct SplitMix {
  std::uint64_t state;
  std::uint64_t operator()() {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }
  unsigned below(unsigned n) { return static_cast<unsigned>((*this)() % n); }
};

struct RunResult {
  std::uint64_t digest = 0xcbf29ce484222325;
  std::uint64_t match_requests = 0;
  void mix(std::uint64_t value) { digest = (digest ^ value) * 0x100000001b3; }
};

/// Two chips, VPs that move between threads, events on all priorities, reads of everything that
/// software can see mixed into the digest.
RunResult random_run(bool filter, std::uint64_t seed, unsigned steps) {
  Real real(Machine::Options{.chips = 2, .cores = 2, .threads = 2, .filter = filter});
  Machine& m = real.machine;
  SplitMix random{seed};
  RunResult result;
  constexpr unsigned kVps = 6;
  for (unsigned n = 0; n < 2; ++n) {
    for (unsigned v = 0; v < kVps; ++v) {
      m.set_vp(0x200 + v, true, n);
      for (unsigned p = 0; p < 8; ++p) {
        const std::uint32_t end = 64 + v * 8 + p;
        m.set_end(end,
                  {.w0 = gen1::end_w0::kValid | gen1::end_w0::kEnqueue | gen1::end_w0::kBacklog |
                         (p % 2 != 0 ? gen1::end_w0::kUcondNotify : 0U),
                   .eq = m.eq_address(n) + 4096ULL * (end - 64U),
                   .vp_blk = n,
                   .vp = 0x200 + v,
                   .w7 = p << 16U},
                  n);
        m.set_eas(end, (v + p) % 2, end, end, n);  // half of them remote
        m.esb(end, 0xc00, n);
      }
    }
  }
  // (core, thread) -> VP, -1 = none
  std::vector<int> runs(8, -1);
  for (unsigned place = 0; place < 8; ++place) real.cppr(place / 2, place % 2, 0xff);
  for (unsigned i = 0; i < steps; ++i) {
    const unsigned chip = random.below(2);
    const unsigned place = random.below(8);
    const unsigned source = 64 + random.below(kVps * 8);
    const unsigned core = place / 2;
    const unsigned thread = place % 2;
    switch (random.below(8)) {
      case 0:
      case 1:
      case 2:
        m.trigger(source, chip);
        break;
      case 3:
        result.mix(m.esb(source, 0, chip));
        break;
      case 4:
        if (runs[place] >= 0) {
          result.mix(real.pull(core, thread));
          runs[place] = -1;
        } else {
          const int vp = static_cast<int>(random.below(2 * kVps));
          bool free = true;
          for (const int other : runs) free &= other != vp;
          if (!free) break;
          real.push(core, thread, static_cast<unsigned>(vp) / kVps,
                    0x200U + static_cast<unsigned>(vp) % kVps);
          runs[place] = vp;
        }
        break;
      case 5:
        result.mix(real.ack(core, thread));
        break;
      case 6:
        real.cppr(core, thread, random.below(9));
        break;
      default:  // ESn of the END: coalesced until software looks
        result.mix(m.load(m.end_page(source, false, chip) + 0xc00, 8, chip));
        break;
    }
  }
  for (unsigned n = 0; n < 2; ++n) {
    for (unsigned v = 0; v < kVps; ++v) {
      result.mix(m.backlog(0x200 + v, n));
      for (unsigned p = 0; p < 8; ++p) {
        result.mix(m.end_word(64 + v * 8 + p, 1, n));
        result.mix(m.memory().be64(m.eq_address(n) + 4096ULL * (v * 8 + p)));
      }
    }
    result.match_requests += m.chip(n).presenter().match_requests();
    EXPECT_EQ(m.chip(n).fir().count(FirId::MultiMatch), 0U);
    EXPECT_EQ(m.chip(n).fir().count(FirId::NvtInvalid), 0U);
  }
  m.rules().finish();
  EXPECT_TRUE(m.book().clean()) << m.book().violations()[0].rule << ": "
                                << m.book().violations()[0].detail;
  return result;
}

TEST(RandomTraffic, FilterChangesTheNumberOfQuestionsOnly) {
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    const RunResult with = random_run(true, seed, 20000);
    const RunResult without = random_run(false, seed, 20000);
    EXPECT_EQ(with.digest, without.digest) << "seed " << seed;
    EXPECT_LT(with.match_requests * 4, without.match_requests);
    EXPECT_EQ(random_run(true, seed, 20000).digest, with.digest) << "repeatable";
  }
}

}  // namespace
}  // namespace xive::ic
