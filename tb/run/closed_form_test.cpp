// SPDX-License-Identifier: Apache-2.0
// The timing model against arithmetic: in an idle machine an interrupt takes the sum of its hops,
// to the picosecond, whatever carries the accesses.
#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "sc_models/machine/testing/end_to_end.h"
#include "tb/run/kernel.h"
#include "tb/run/testing/in_process.h"

namespace xive::run {
namespace {

using machine::DirectTables;
using machine::HopId;
using machine::Machine;
using machine::MachineConfig;
using platform::kMicrosecond;
using platform::kNanosecond;
using platform::Time;
using ppc::host::Cpu;

constexpr TransportTiming kTimings[] = {TransportTiming::Direct, TransportTiming::Lt,
                                        TransportTiming::At};
constexpr std::uint32_t kSource = 0x40, kEnd = 0x207;
constexpr unsigned kSender = 0, kReceiver = 5;

const char* name(TransportTiming timing) {
  constexpr const char* kNames[] = {"direct", "lt", "at"};
  return kNames[static_cast<unsigned>(timing)];
}

using Times = std::vector<Time>;

/// Runs `body` on a machine of this configuration in a process of its own; the numbers that it
/// notes.
Times measure(TransportTiming timing, MachineConfig config,
              const std::function<void(Machine&, DirectTables&, Times&)>& body) {
  const std::string text = testing::in_process([&] {
    const auto kernel = make_kernel(timing, true);
    kernel->connect(config);
    Machine machine(config, kernel->executor(), machine::testing::reference_factory());
    kernel->attach(machine);
    DirectTables tables(machine);
    Times times;
    body(machine, tables, times);
    kernel->executor().run(platform::kMillisecond);
    std::ostringstream out;
    for (const Time time : times) out << time << " ";
    return out.str();
  });
  Times times;
  std::istringstream in(text);
  for (Time time = 0; in >> time;) times.push_back(time);
  EXPECT_TRUE(in.eof()) << text;
  return times;
}

/// From the issue of a trigger store to the first instruction of the handler, `count` times.
Times trips(TransportTiming timing, const MachineConfig& config, unsigned count = 2) {
  // The programs outlive this function's part of the run: the process ends with it.
  struct State {
    unsigned handled = 0;
    bool ready = false;
    Time issued = 0;
  };
  static State state;
  state = {};
  return measure(timing, config, [count](Machine& machine, DirectTables& tables, Times& times) {
    const unsigned blk = tables.block_of_thread(kReceiver);
    const std::uint32_t vp = tables.hardware_vp(kReceiver);
    tables.set_vp(blk, vp);
    tables.set_end(blk, kEnd,
                   {.queue = tables.queue_area(blk), .vp_blk = blk, .vp = vp, .prio = 7});
    tables.set_eas(0, kSource, blk, kEnd, 1);
    tables.arm(0, kSource);
    machine.set_program(kReceiver, [&, count](Cpu& cpu) {
      cpu.set_handler(ppc::host::VectorSpace::Host, 0xea0, [&](Cpu& c, ppc::host::InterruptFrame&) {
        const Time begin = c.now();
        // A slow line is still up when the handler ends: nothing is behind that interrupt.
        if ((c.load16(DirectTables::tima(1, 0x830)) & 0xc000U) == 0) return;
        times.push_back(begin - state.issued);
        c.load64(tables.management_page(0, kSource));  // EOI
        c.store8(DirectTables::tima(1, 0x31), 0xff);
        ++state.handled;
      });
      cpu.store8(DirectTables::tima(0, 0x38), 0x80);
      cpu.store8(DirectTables::tima(1, 0x31), 0xff);
      cpu.set_ee(true);
      state.ready = true;
      while (state.handled < count) cpu.delay(50 * kMicrosecond);
    });
    machine.set_program(kSender, [&, count](Cpu& cpu) {
      while (!state.ready) cpu.delay(kMicrosecond);
      for (unsigned n = 0; n < count; ++n) {
        while (state.handled < n) cpu.delay(kMicrosecond);
        // At a time that is an edge of all clocks.
        cpu.delay(20 * kMicrosecond - cpu.now() % (10 * kMicrosecond));
        state.issued = cpu.now();
        cpu.store64(tables.trigger_page(0, kSource), 0);
      }
    });
  });
}

/// Adds up by hand what a configuration says.
class Sum {
 public:
  explicit Sum(const MachineConfig& config) : config_(config) {}
  Sum& server(HopId id, unsigned bytes) {
    const platform::HopConfig& hop = config_.hops[id];
    if (hop.period == 0) return *this;
    edge(hop.period);
    if (hop.bytes_per_cycle > 0) {
      for (unsigned sent = 0; sent < bytes; sent += hop.bytes_per_cycle) time_ += hop.period;
    }
    return *this;
  }
  Sum& hop(HopId id, unsigned bytes) {
    server(id, bytes);
    time_ += config_.hops[id].latency;
    return *this;
  }
  Sum& edge(Time period) {
    while (time_ % period != 0) ++time_;
    return *this;
  }
  Sum& cycles(unsigned count) {
    edge(config_.tima_period);
    time_ += count * config_.tima_period;
    return *this;
  }
  Time time() const { return time_; }

 private:
  const MachineConfig& config_;
  Time time_ = 0;
};

/// The way of an interrupt, as docs/timing.md draws it. `cold`: nothing is in the caches yet.
Time expected(const MachineConfig& config, bool cold) {
  const tima::ReferenceTiming tima;
  Sum sum(config);
  sum.hop(HopId::CoreBus, 8).server(HopId::Esb, 8).hop(HopId::Message, 8);
  if (cold && config.router_caches.eas > 0) sum.hop(HopId::Fetch, 8);
  sum.hop(HopId::Eas, 8);
  if (cold && config.router_caches.end > 0) sum.hop(HopId::Fetch, 32);
  sum.hop(HopId::End, 32).hop(HopId::EqWrite, 4);
  sum.hop(HopId::Broadcast, 16).cycles(tima.match).hop(HopId::Presenter, 8);
  sum.hop(HopId::Broadcast, 16).cycles(tima.present).hop(HopId::Line, 1);
  return sum.time() + config.hops[HopId::Exception].latency;
}

MachineConfig every_hop_differs() {
  MachineConfig config;
  Time latency = 11;
  for (const machine::HopInfo& hop : machine::kHopInfo) {
    config.hops[hop.id].latency = latency * kNanosecond;
    latency += 14;
  }
  return config;
}

MachineConfig with_clocks() {
  MachineConfig config = every_hop_differs();
  const auto set = [&](HopId hop, Time period, std::uint32_t bytes, std::uint32_t depth) {
    config.hops[hop].period = period;
    config.hops[hop].bytes_per_cycle = bytes;
    config.hops[hop].depth = depth;
  };
  set(HopId::CoreBus, 500, 16, 4);
  set(HopId::Esb, 2000, 4, 1);
  set(HopId::Message, 1250, 2, 2);
  set(HopId::Eas, 625, 8, 0);
  set(HopId::End, 625, 3, 0);
  set(HopId::EqWrite, 4000, 1, 1);
  set(HopId::Fetch, 8000, 16, 8);
  set(HopId::Broadcast, 400, 0, 0);
  set(HopId::Presenter, 2500, 8, 1);
  set(HopId::Line, 1000, 1, 0);
  return config;
}

TEST(ClosedForm, AnInterruptTakesTheSumOfItsHops) {
  std::vector<MachineConfig> configs(3);
  for (const machine::HopInfo& hop : machine::kHopInfo) configs[1].hops[hop.id].latency = 0;
  configs[2].tima_period = 1250;
  configs.push_back(every_hop_differs());
  configs.push_back(with_clocks());
  configs.push_back(with_clocks());
  configs.back().router_caches = {.eas = 4, .end = 4, .vp = 4};
  for (std::size_t n = 0; n < configs.size(); ++n) {
    for (const TransportTiming timing : kTimings) {
      const Times times = trips(timing, configs[n]);
      ASSERT_EQ(times.size(), 2U);
      EXPECT_EQ(times[0], expected(configs[n], true)) << n << " " << name(timing);
      EXPECT_EQ(times[1], expected(configs[n], false)) << n << " " << name(timing) << ", again";
    }
  }
  EXPECT_GT(expected(configs[5], true), expected(configs[5], false));
}

TEST(ClosedForm, TheDefaultIsWhatItSays) {
  // 40 message, 20 EAS, 30 END, 60 queue, 20 answer, 2 line; MATCH 2 and PRESENT 3 cycles of 0.5.
  EXPECT_EQ(expected({}, true), 172'000U + 5 * 500U);
}

TEST(ClosedForm, JitterIsBoundedAndRepeats) {
  MachineConfig config;
  for (const machine::HopInfo& hop : machine::kHopInfo) {
    config.hops[hop.id].jitter = 3 * kNanosecond;
  }
  const Time least = expected(config, true);
  for (const TransportTiming timing : kTimings) {
    const Times times = trips(timing, config, 10);
    ASSERT_EQ(times.size(), 10U);
    EXPECT_EQ(times, trips(timing, config, 10)) << name(timing);
    for (const Time time : times) {
      EXPECT_GE(time, least);
      // Ten hops, and up to a cycle before each of the two operations of the TIMA.
      EXPECT_LE(time, least + 10 * 3 * kNanosecond + 2 * config.tima_period);
    }
  }
  MachineConfig other = config;
  other.seed = 2;
  EXPECT_NE(trips(TransportTiming::Direct, config, 10), trips(TransportTiming::Direct, other, 10));
}

/// Two threads store to an ESB page each at the same time: how long each of them waits.
Times two_stores(TransportTiming timing, const MachineConfig& config) {
  return measure(timing, config, [](Machine& machine, DirectTables& tables, Times& times) {
    for (const unsigned thread : {0U, 4U}) {
      machine.set_program(thread, [&, thread](Cpu& cpu) {
        cpu.delay(10 * kMicrosecond - cpu.now());
        const Time begin = cpu.now();
        cpu.load64(tables.management_page(0, kSource + thread) + 0x800);
        times.push_back(cpu.now() - begin);
      });
    }
  });
}

TEST(ClosedForm, TheSecondOfTwoAccessesWaitsForTheServer) {
  MachineConfig config;
  platform::HopConfig& esb = config.hops[HopId::Esb];
  esb.period = 10 * kNanosecond;
  esb.bytes_per_cycle = 2;
  const Time service = 40 * kNanosecond,
             alone = service + esb.latency + config.cpu.instruction_time;
  for (const TransportTiming timing : {TransportTiming::Direct, TransportTiming::Lt}) {
    EXPECT_EQ(two_stores(timing, config), (Times{alone, alone + service})) << name(timing);
  }
  // With four phases the target also takes one at a time until it has answered.
  EXPECT_EQ(two_stores(TransportTiming::At, config), (Times{alone, alone + esb.latency}));
  esb.latency = 20 * kNanosecond;
  const Time quick = alone - 80 * kNanosecond;
  for (const TransportTiming timing : kTimings) {
    EXPECT_EQ(two_stores(timing, config), (Times{quick, quick + service})) << name(timing);
  }
}

TEST(ClosedForm, AFullQueueIsTriedAgain) {
  MachineConfig config;
  platform::HopConfig& esb = config.hops[HopId::Esb];
  esb.period = 10 * kNanosecond;
  esb.bytes_per_cycle = 1;
  esb.depth = 1;
  esb.retry = 30 * kNanosecond;
  const Time service = 80 * kNanosecond;
  const Time alone = service + esb.latency + config.cpu.instruction_time;
  // The place is free after 80 ns: the third try at 90 ns finds it.
  EXPECT_EQ(two_stores(TransportTiming::Direct, config), (Times{alone, alone + 90 * kNanosecond}));
}

TEST(ClosedForm, MoreLatencyOrLessBandwidthNeverHelps) {
  const MachineConfig base = with_clocks();
  const Time before = trips(TransportTiming::Direct, base).back();
  for (const HopId hop : {HopId::CoreBus, HopId::Esb, HopId::Message, HopId::Eas, HopId::End,
                          HopId::EqWrite, HopId::Broadcast, HopId::Presenter, HopId::Line}) {
    MachineConfig longer = base, slower = base, narrower = base;
    longer.hops[hop].latency += 100 * kNanosecond;
    slower.hops[hop].period *= 2;
    if (narrower.hops[hop].bytes_per_cycle > 1) --narrower.hops[hop].bytes_per_cycle;
    for (const MachineConfig& worse : {longer, slower, narrower}) {
      EXPECT_GE(trips(TransportTiming::Direct, worse).back(), before) << info(hop).name;
    }
  }
}

}  // namespace
}  // namespace xive::run
