// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/tlm/tima_target_bus.h"

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>

#include "sc_models/tima/reference_port.h"
#include "sc_models/tlm/testing/sc_test_main.h"
#include "sc_models/xive/test/machine.h"
#include "sc_models/xive/tlm/router_pacer.h"

namespace xive::ic {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using test::Machine;

/// The socket of a TIMA must be bound, here to nobody who speaks.
struct Silent final : sc_core::sc_module {
  explicit Silent(const sc_core::sc_module_name& name) : sc_module(name) {}
  tlm_utils::simple_initiator_socket<Silent, 64> socket{"socket"};
};

/// One chip, two cores of one thread, reference TIMAs behind TLM, time in the router.
struct Bench final : LineListener {
  struct Core {
    tima::ReferencePort port{tima::Params{.generation = 1, .threads = 1}};
    std::unique_ptr<tima::TimaTarget> target;
    std::unique_ptr<Silent> initiator;
  };
  static HopLatencies latencies() {
    HopLatencies made;
    for (auto& latency : made.at) latency = sc_time(10, SC_NS);
    return made;
  }

  void on_lines(unsigned core, unsigned, const tima::Lines& lines, const sc_time& when) override {
    os[core] = lines.os_ext;
    last = when;
  }
  std::uint64_t tm(unsigned core, unsigned page, unsigned offset, unsigned size, bool write = false,
                   std::uint64_t data = 0) {
    gen1::BusAccess access{.address = Machine::kTm + (page << 16U) + offset,
                           .size = size,
                           .write = write,
                           .data = data,
                           .core = core};
    machine.chip().access(access);
    return access.data;
  }

  std::array<bool, 2> os{};
  sc_time last;
  std::array<Core, 2> cores;
  std::unique_ptr<TimaTargetBus> bus;
  Machine machine{
      Machine::Options{.cores = 2, .threads = 1}, [this](MemoryService& service, VpFilter* filter) {
        std::vector<TimaTargetBus::Core> config(2);
        config[1].inputs.pir[0] = 4;
        bus = std::make_unique<TimaTargetBus>(config, service, filter);
        for (unsigned n = 0; n < 2; ++n) {
          const std::string name = "tima" + std::to_string(n);
          cores[n].target = std::make_unique<tima::TimaTarget>(name.c_str(), cores[n].port,
                                                               bus->side(n), sc_time(2, SC_NS));
          cores[n].initiator = std::make_unique<Silent>(("silent" + std::to_string(n)).c_str());
          cores[n].initiator->socket.bind(cores[n].target->socket);
          bus->attach(n, *cores[n].target);
        }
        bus->listen(this);
        return Machine::Bus{bus.get(), bus.get()};
      }};
  RouterPacer pacer{"pacer", machine.chip().router(), machine.chip().environment(), latencies()};
};
Bench* bench = nullptr;

TEST(TimaTargetBus, FromTriggerToAcknowledgeInTime) {
  xive::testing::run_in_thread([] {
    Bench& b = *bench;
    Machine& m = b.machine;
    m.usual_path();
    wait(sc_time(100, SC_NS));
    b.tm(1, 1, 0x11, 1, true, 0xff);
    b.tm(1, 1, 0x18, 4, true, 0x80000000U | Machine::kVp);
    wait(sc_time(100, SC_NS));
    const double start = sc_time_stamp().to_seconds();
    m.trigger(Machine::kSource);
    EXPECT_FALSE(b.os[1]);
    wait(sc_time(1, sc_core::SC_US));
    EXPECT_TRUE(b.os[1]);
    // Five stations of 10 ns before MATCH, then 2 cycles for MATCH and 3 for PRESENT.
    EXPECT_DOUBLE_EQ(b.last.to_seconds() - start, 60e-9);
    EXPECT_EQ(b.tm(1, 2, 0x810, 2), 0x8006U);
    EXPECT_EQ(m.memory().be32(m.eq_address()), 0x80001234U);

    // Not dispatched: backlog, then the push raises the line.
    b.tm(1, 1, 0x818, 4);
    m.esb(Machine::kSource, 0xc00);
    m.trigger(Machine::kSource);
    wait(sc_time(1, sc_core::SC_US));
    EXPECT_EQ(m.backlog(Machine::kVp), 0x02);
    b.tm(0, 1, 0x11, 1, true, 0xff);
    b.tm(0, 1, 0x18, 4, true, 0x80000000U | Machine::kVp);
    wait(sc_time(100, SC_NS));
    EXPECT_TRUE(b.os[0]);
    EXPECT_EQ(m.backlog(Machine::kVp), 0);

    // Indirect access and thread reset.
    m.set_reg(gen1::reg::kIndir0, 0x8004000000000000);
    EXPECT_EQ(m.load(m.ic() + 0x40000 + 0x3, 4), 0xffffffffU) << "misaligned";
    m.store(m.ic() + 0x40038, 1, 0x80);
    EXPECT_EQ(m.load(m.ic() + 0x40038, 1), 0x80U);
    m.set_reg(gen1::reg::kThreadEn0Clr, bit64(4));
    m.set_reg(gen1::reg::kThreadEn0Set, bit64(4));
    EXPECT_EQ(m.load(m.ic() + 0x40038, 1), 0U);
    m.rules().finish();
    EXPECT_TRUE(m.book().clean());
  });
}

}  // namespace
}  // namespace xive::ic

namespace xive::testing {
void elaborate() {
  static xive::ic::Bench made;
  xive::ic::bench = &made;
}
}  // namespace xive::testing
