// SPDX-License-Identifier: Apache-2.0
// Every LS rule: silent on an honest device, firing on one that lies about exactly that.
#include "bridge/lockstep_tima.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "bridge/testing/tampered_port.h"
#include "bridge/testing/traffic.h"
#include "sc_models/tima/testing/port_driver.h"

namespace xive::bridge {
namespace {

using testing::TamperedPort;
using tima::Event;
using tima::EventKind;
using tima::Page;
using tima::Ring;
using tima::testing::PortDriver;

constexpr unsigned kThread = 1;
constexpr std::uint32_t kIdx = 0x123;

const RuleBook::Entry& entry(const RuleBook& book, std::string_view id) {
  for (const RuleBook::Entry& e : book.entries()) {
    if (e.info.id == id) return e;
  }
  throw std::logic_error("no such rule");
}

/// Counts what reaches the observer behind lock-step.
struct Counter final : tima::Observer {
  void on_event(const Event&) override { ++events; }
  void on_match(const tima::PresenterRequest&, const tima::PresenterResponse&,
                tima::Cycle) override {
    ++matches;
  }
  void on_memory(const tima::MemoryRequest&, tima::Cycle) override { ++requests; }
  void on_memory_answer(const tima::MemoryResponse&, tima::Cycle) override { ++answers; }
  unsigned events = 0, matches = 0, requests = 0, answers = 0;
};

struct Bench {
  explicit Bench(AfterMismatch after = AfterMismatch::Resync) {
    auto owned = std::make_unique<TamperedPort>(tima::Params{});
    device = owned.get();
    lockstep = std::make_unique<LockstepTima>(std::move(owned), nullptr, book, after);
    lockstep->observe(&counter);
    driver = std::make_unique<PortDriver>(*lockstep);
  }

  /// Enables, push with memory fetch, MATCH, PRESENT, refused load, ack, reset.
  void life() {
    driver->enable_all();
    driver->set_nvt(5, kIdx, 0x10);
    driver->store(kThread, Page::Os, 0x11, 1, 0xff);
    driver->store(kThread, Page::Hv, 0x18, 4, 0x80000000U | 5U << 19U | kIdx);
    driver->match(5, kIdx);
    driver->present(kThread, Ring::Os, 5, kIdx, 2);
    driver->load(kThread, Page::User, 0x10, 8);
    driver->load(kThread, Page::Os, 0x810, 2);
    driver->enable(0);
  }

  RuleBook book;
  TamperedPort* device = nullptr;
  std::unique_ptr<LockstepTima> lockstep;
  Counter counter;
  std::unique_ptr<PortDriver> driver;
};

TEST(Lockstep, AllRulesHaveAChanceAndStaySilent) {
  Bench bench;
  bench.life();
  bench.lockstep->reset();
  bench.driver->run_until_idle();
  for (const Violation& v : bench.book.violations()) ADD_FAILURE() << v.rule << ": " << v.detail;
  for (const RuleBook::Entry& e : bench.book.entries()) EXPECT_GT(e.hits, 0U) << e.info.id;
  EXPECT_FALSE(bench.lockstep->first_mismatch().has_value());
}

TEST(Lockstep, ForwardsEverything) {
  Bench bench;
  bench.life();
  EXPECT_EQ(bench.counter.events, 4U + 5U + 4U);
  EXPECT_EQ(bench.counter.events, bench.lockstep->events());
  EXPECT_EQ(bench.counter.matches, 1U);
  EXPECT_EQ(bench.counter.requests, 1U);
  EXPECT_EQ(bench.counter.answers, 1U);
}

struct Lie {
  const char* rule;
  const char* what;
  std::function<void(TamperedPort&)> tell;
};
std::ostream& operator<<(std::ostream& out, const Lie& lie) {
  return out << lie.rule;
}

/// Changes the events of one kind.
std::function<void(TamperedPort&)> in_event(EventKind kind, std::function<void(Event&)> change) {
  return [kind, change](TamperedPort& port) {
    port.event = [kind, change](Event& e) {
      if (e.kind == kind) change(e);
    };
  };
}
std::function<void(TamperedPort&)> in_access(std::uint16_t offset,
                                             std::function<void(Event&)> change) {
  return in_event(EventKind::Mmio, [offset, change](Event& e) {
    if (e.mmio.offset == offset) change(e);
  });
}

const Lie kLies[] = {
    {"LS-RDATA", "load data", in_access(0x810, [](Event& e) { e.mmio_response.rdata ^= 1U; })},
    {"LS-ERR", "error flag", in_access(0x810, [](Event& e) { e.mmio_response.err = true; })},
    {"LS-CODE", "code of an access",
     in_access(0x810, [](Event& e) { e.code = e.mmio_response.code = tima::ErrorCode::Crowd; })},
    {"LS-CODE", "code of a PRESENT",
     in_event(EventKind::Present, [](Event& e) { e.code = tima::ErrorCode::Multi; })},
    {"LS-REGS", "a byte of the thread",
     in_access(0x810, [](Event& e) { e.after.at(Ring::Pool, tima::reg::kIpb) = 0x55; })},
    {"LS-LATCH", "a latch", in_access(0x810, [](Event& e) { e.after.l_hv = !e.after.l_hv; })},
    {"LS-LINES", "a line in the event",
     in_access(0x810, [](Event& e) { e.lines_after.os_ext = !e.lines_after.os_ext; })},
    {"LS-LINES", "a line on the pins",
     [](TamperedPort& p) { p.shown_lines = [](tima::Lines& l) { l.hv_ext = !l.hv_ext; }; }},
    {"LS-OTHER-THREAD", "a byte of a thread that has no event",
     [](TamperedPort& p) {
       p.shown = [](unsigned thread, tima::ThreadState& s) {
         if (thread == 3) s.at(Ring::Os, tima::reg::kAck) = 0;
       };
     }},
    {"LS-RQ", "index of the request", [](TamperedPort& p) { p.memory = [](auto& r) { ++r.idx; }; }},
    {"LS-RQ", "a request that the reference does not make",
     in_access(0x18, [](Event& e) { e.mmio.wdata &= 0x7fffffffU; })},
    {"LS-RQ", "a request that the device does not make",
     in_access(
         0x810,
         [](Event& e) { e.mmio = PortDriver::access(2, Page::Hv, 0x18, 4, true, 1U << 31U); })},
    {"LS-MATCH", "the answer", [](TamperedPort& p) { p.match = [](auto& a) { a.match ^= 1U; }; }},
    {"LS-PRESENT", "the ack",
     in_event(EventKind::Present, [](Event& e) { e.presenter_response.ack = false; })},
    {"LS-ORDER", "the state before",
     in_access(0x810, [](Event& e) { e.before.at(Ring::Os, tima::reg::kLsmfb) ^= 1U; })},
    {"LS-ORDER", "an event is not announced",
     [](TamperedPort& p) {
       p.forward = [](const Event& e) { return e.kind != EventKind::Present; };
     }},
    {"LS-ENABLE", "a fall that nobody asked for",
     in_event(EventKind::Enable,
              [](Event& e) {
                if (e.after.enabled) e.before.enabled = true;
              })},
    {"LS-ENABLE", "the enable after an access",
     in_access(0x810, [](Event& e) { e.after.enabled = false; })},
};

class LockstepRules : public ::testing::TestWithParam<Lie> {};

TEST_P(LockstepRules, FiresOnTheLie) {
  Bench bench;
  GetParam().tell(*bench.device);
  bench.life();
  EXPECT_GT(entry(bench.book, GetParam().rule).fired, 0U) << GetParam().what;
  ASSERT_TRUE(bench.lockstep->first_mismatch().has_value());
  EXPECT_FALSE(bench.lockstep->first_mismatch()->detail.empty());
  EXPECT_FALSE(bench.lockstep->stopped());
}

INSTANTIATE_TEST_SUITE_P(Ls, LockstepRules, ::testing::ValuesIn(kLies), [](const auto& test) {
  std::string name = std::string(test.param.rule) + "_" + std::to_string(test.index);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(LockstepRulesTable, EveryRuleHasALie) {
  const Bench bench;
  for (const RuleBook::Entry& e : bench.book.entries()) {
    EXPECT_TRUE(std::any_of(std::begin(kLies), std::end(kLies), [&e](const Lie& lie) {
      return e.info.id == lie.rule;
    })) << e.info.id;
  }
}

TEST(Lockstep, FirstMismatchNamesEventAndStates) {
  Bench bench;
  in_access(0x810, [](Event& e) { e.after.at(Ring::Os, 0) = 0x80; })(*bench.device);
  bench.life();
  const Mismatch& m = bench.lockstep->first_mismatch().value();
  EXPECT_EQ(m.rule, "LS-REGS");
  EXPECT_EQ(m.event.mmio.offset, 0x810);
  EXPECT_EQ(m.event.after.at(Ring::Os, 0), 0x80);
  EXPECT_EQ(m.expected.at(Ring::Os, 0), 0x00);
  EXPECT_EQ(m.expected_before.at(Ring::Os, 0), 0x80);
  EXPECT_NE(m.detail.find("R[10] is 80, expected 00"), std::string::npos) << m.detail;
}

TEST(Lockstep, ResyncReportsOneFaultOnce) {
  Bench bench;
  bool lied = false;
  // The device keeps its lie: from here on the byte is different in all that it shows.
  const auto poison = [&lied](tima::ThreadState& s) {
    if (lied) s.at(Ring::Pool, tima::reg::kIpb) = 0x55;
  };
  bench.device->event = [&](Event& e) {
    if (e.thread != kThread) return;
    poison(e.before);
    lied = lied || e.kind == EventKind::Present;
    poison(e.after);
    if (e.kind == EventKind::Enable) lied = false;
  };
  bench.device->shown = [&](unsigned thread, tima::ThreadState& s) {
    if (thread == kThread) poison(s);
  };
  bench.driver->enable_all();
  bench.driver->present(kThread, Ring::Os, 5, kIdx, 2);
  for (int i = 0; i < 5; ++i) bench.driver->load(kThread, Page::Os, 0x10, 8);
  EXPECT_EQ(entry(bench.book, "LS-REGS").fired, 1U);
  EXPECT_EQ(entry(bench.book, "LS-ORDER").fired, 0U);
}

TEST(Lockstep, StopComparesNothingMore) {
  Bench bench(AfterMismatch::Stop);
  in_event(EventKind::Mmio, [](Event& e) { e.mmio_response.rdata ^= 1U; })(*bench.device);
  bench.life();
  EXPECT_TRUE(bench.lockstep->stopped());
  EXPECT_EQ(entry(bench.book, "LS-RDATA").fired, 1U);
  EXPECT_EQ(bench.counter.events, 13U);  // the observer still hears everything
}

TEST(Lockstep, ResetStateIsCompared) {
  Bench bench;
  bench.driver->enable_all();
  bench.device->shown = [](unsigned, tima::ThreadState& s) {
    s.at(Ring::Os, tima::reg::kPipr) = 0;
  };
  bench.lockstep->reset();
  EXPECT_EQ(entry(bench.book, "LS-REGS").fired, 4U);
}

/// A MATCH that is answered while a push waits for memory saw V=1 already (rule A4).
TEST(Lockstep, MatchInTheMiddleOfAPushIsComparedThere) {
  for (const bool lie : {false, true}) {
    Bench bench;
    if (lie) bench.device->match = [](auto& a) { a = {}; };
    bench.driver->enable_all();
    bench.driver->set_nvt(5, kIdx, 0);
    bench.driver->set_memory_delay(50);
    bench.lockstep->submit(
        PortDriver::access(kThread, Page::Hv, 0x18, 4, true, 0x80000000U | 5U << 19U | kIdx));
    bench.driver->run(20);
    const auto answer = bench.driver->match(5, kIdx);
    ASSERT_TRUE(bench.driver->mmio_answers().empty()) << "the push was to be still waiting";
    EXPECT_EQ(answer.match, 1U << kThread);
    bench.driver->run_until_idle();
    EXPECT_EQ(entry(bench.book, "LS-MATCH").hits, 1U);
    EXPECT_EQ(entry(bench.book, "LS-MATCH").fired, lie ? 1U : 0U);
  }
}

TEST(Lockstep, HonestModelUnderTraffic) {
  Bench bench;
  testing::TrafficOptions options;
  options.enables = true;
  options.reset_every = 200;
  testing::Traffic traffic(*bench.lockstep, 11, options);
  traffic.run(5000);
  for (const Violation& v : bench.book.violations()) ADD_FAILURE() << v.rule << ": " << v.detail;
  EXPECT_GT(bench.lockstep->events(), 3000U);
}

}  // namespace
}  // namespace xive::bridge
