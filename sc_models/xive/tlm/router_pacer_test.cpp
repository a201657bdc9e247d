// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/tlm/router_pacer.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "sc_models/tlm/testing/sc_test_main.h"
#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using test::Machine;

struct Stamps final : HopObserver {
  std::vector<std::pair<Hop, double>> seen;
  void on_hop(const HopRecord& record) override {
    seen.emplace_back(record.hop, sc_time_stamp().to_seconds() * 1e9);
  }
  double at(Hop hop, std::size_t nth = 0) const {
    for (const auto& [which, when] : seen) {
      if (which == hop && nth-- == 0) return when;
    }
    return -1;
  }
};

HopLatencies latencies() {
  HopLatencies made;
  made[Hop::Source] = sc_time(5, SC_NS);
  made[Hop::Eas] = sc_time(20, SC_NS);
  made[Hop::End] = sc_time(30, SC_NS);
  made[Hop::EqWrite] = sc_time(40, SC_NS);
  made[Hop::Match] = sc_time(7, SC_NS);
  return made;
}

struct Bench {
  Machine machine;
  Stamps stamps;
  RouterPacer pacer{"pacer", machine.chip().router(), machine.chip().environment(), latencies(),
                    &stamps};
};
Bench* bench = nullptr;

// SystemC has one elaboration per process, so this is one test in several acts.
TEST(RouterPacer, TimePassesBetweenTheSteps) {
  Machine& m = bench->machine;
  const Stamps& stamps = bench->stamps;
  m.usual_path();
  m.dispatch(0, 0, 0, Machine::kVp);

  m.trigger(Machine::kSource);
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) & end_w1::kPageOff, 0U);
  sc_core::sc_start(sc_time(24, SC_NS));
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) & end_w1::kPageOff, 0U);
  sc_core::sc_start(sc_time(2, SC_NS));
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) & end_w1::kPageOff, 1U) << "5 + 20 ns";
  EXPECT_EQ(m.tima().presents, 0U);
  sc_core::sc_start(sc_time(100, SC_NS));
  EXPECT_EQ(m.tima().presents, 1U);
  EXPECT_DOUBLE_EQ(stamps.at(Hop::Source), 0);
  EXPECT_DOUBLE_EQ(stamps.at(Hop::Eas), 5);
  EXPECT_DOUBLE_EQ(stamps.at(Hop::End), 25);
  EXPECT_DOUBLE_EQ(stamps.at(Hop::Match), 95);
  EXPECT_EQ(bench->pacer.busy(), sc_time(102, SC_NS));

  // A second event waits for the first; a sync for both.
  m.esb(Machine::kSource, 0xc00);
  const double start = sc_time_stamp().to_seconds() * 1e9;
  m.trigger(Machine::kSource);
  m.esb(Machine::kSource, 0xc00);
  m.trigger(Machine::kSource);
  m.store(m.ic() + 0x10c00, 8, 0);
  const auto done = [&] { return (m.reg(gen1::reg::kEqcConfig) & gen1::reg::kSyncIpi) != 0; };
  sc_core::sc_start(sc_time(150, SC_NS));
  EXPECT_FALSE(done());
  sc_core::sc_start(sc_time(200, SC_NS));
  EXPECT_TRUE(done());
  EXPECT_DOUBLE_EQ(stamps.at(Hop::Eas, 1), start + 10) << "both sources were already there";
  EXPECT_DOUBLE_EQ(stamps.at(Hop::Eas, 2), start + 10 + 97);
  EXPECT_TRUE(m.chip().router().idle());

  // Answers of the TIMA that come later wake the router.
  m.tima().deferred = true;
  m.esb(Machine::kSource, 0xc00);
  m.trigger(Machine::kSource);
  sc_core::sc_start(sc_time(500, SC_NS));
  EXPECT_FALSE(m.chip().router().idle());
  m.tima().answer_all();
  sc_core::sc_start(sc_time(500, SC_NS));
  EXPECT_TRUE(m.chip().router().idle());
  m.rules().finish();
  EXPECT_TRUE(m.book().clean());
}

}  // namespace
}  // namespace xive::ic

namespace xive::testing {
void elaborate() {
  static xive::ic::Bench made;
  xive::ic::bench = &made;
}
}  // namespace xive::testing
