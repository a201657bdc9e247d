// SPDX-License-Identifier: Apache-2.0
// Every check is silent on a good machine under load, and fires on the fault that it is for.
#include "sc_models/machine/rules/machine_rules.h"

#include <gtest/gtest.h>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/machine/testing/end_to_end.h"

namespace xive::machine {
namespace {

using tima::Ring;

constexpr std::string_view kChecks[] = {"CHK-LINE-OFF", "CHK-LINE-ON", "CHK-NSR",
                                        "CHK-CONS",     "CHK-EQ",      "CHK-QDUP",
                                        "CHK-PQ",       "CHK-OBS",     "CHK-PROG"};

/// Runs a load; `before` may break the machine.
RuleBook run_load(const MachineConfig& config, const LoadConfig& load_config,
                  const std::function<void(Machine&)>& before = {}) {
  ppc::host::FiberExecutor executor;
  RuleBook book;
  Machine machine(config, executor, testing::reference_factory());
  DirectTables tables(machine);
  MachineRules rules(machine, book);
  MixedLoad load(machine, tables, load_config);
  if (before) before(machine);
  executor.run(20 * platform::kMillisecond);
  rules.finish();
  return book;
}

std::string first_of(const RuleBook& book, std::string_view id) {
  for (const Violation& violation : book.violations()) {
    if (violation.rule == id) return violation.detail;
  }
  return "";
}

TEST(MachineRules, SilentUnderLoad) {
  for (const Time memory_request : {Time{0}, 30 * platform::kNanosecond}) {
    MachineConfig config;
    config.hops[HopId::VpMemory].latency = memory_request;
    const RuleBook book = run_load(config, {.triggers = 10'000});
    for (const std::string_view id : kChecks) {
      EXPECT_EQ(book.find(id)->fired, 0U) << id << ": " << first_of(book, id);
      if (id == "CHK-OBS") continue;  // nobody dumps here
      EXPECT_GT(book.find(id)->hits, 100U) << id;
    }
  }
}

TEST(MachineRules, ConservationUnderDefects) {
  const auto broken = [](ic::Defect defect) {
    return run_load({}, {.triggers = 3000},
                    [defect](Machine& machine) { machine.chip(0).set_defect(defect); });
  };
  EXPECT_GT(broken(ic::Defect::B24BacklogNotRecorded).find("CHK-CONS")->fired, 0U);
  EXPECT_GT(broken(ic::Defect::B24PushKeepsBacklog).find("CHK-CONS")->fired, 0U);
}

TEST(MachineRules, QueuesUnderDefects) {
  const auto broken = [](ic::Defect defect) {
    return run_load({}, {.triggers = 12'000, .vps = 2, .priorities = 1},
                    [defect](Machine& machine) { machine.chip(0).set_defect(defect); });
  };
  EXPECT_GT(broken(ic::Defect::EqWrapEarly).find("CHK-EQ")->fired, 0U);
  EXPECT_GT(broken(ic::Defect::EqGenerationStuck).find("CHK-EQ")->fired, 0U);
}

TEST(MachineRules, PqUnderDefects) {
  const auto broken = [](ic::Defect defect) {
    return run_load({}, {.triggers = 3000},
                    [defect](Machine& machine) { machine.chip(0).set_defect(defect); });
  };
  EXPECT_GT(broken(ic::Defect::PqQueuedEoiLost).find("CHK-PQ")->fired, 0U);
}

// ---- Single faults, told to the rules directly

class Told : public ::testing::Test {
 protected:
  Told() { context.threads_per_core = 2; }
  std::uint64_t fired(std::string_view id) const { return book.find(id)->fired; }

  /// A TIMA event on thread 0 whose registers were changed by `change`.
  template <typename Change>
  tima::Event event(tima::EventKind kind, Change&& change) {
    tima::Event e;
    e.kind = kind;
    e.before = state;
    change(state);
    e.after = state;
    return e;
  }
  static void set_word2(tima::ThreadState& s, Ring ring, std::uint32_t word) {
    for (unsigned i = 0; i < 4; ++i) {
      s.at(ring, 8 + i) = static_cast<std::uint8_t>(word >> (24U - 8U * i));
    }
  }
  tima::Event push(std::uint32_t word2) {
    auto e = event(tima::EventKind::Mmio, [&](auto& s) { set_word2(s, Ring::Os, word2); });
    e.mmio.write = true;
    e.mmio.offset = 0x18;
    e.mmio.size_log2 = 2;
    return e;
  }
  tima::Event pull() {
    auto e = event(tima::EventKind::Mmio, [&](auto& s) { s.at(Ring::Os, 8) &= 0x7fU; });
    e.mmio.offset = 0x818;
    e.mmio.size_log2 = 2;
    return e;
  }
  tima::Event ipb(std::uint8_t value) {
    return event(tima::EventKind::Mmio, [&](auto& s) { s.at(Ring::Os, tima::reg::kIpb) = value; });
  }

  static constexpr std::uint32_t kVp = 0x80000300;
  RuleBook book;
  Time now = 1'000'000;
  platform::Requester who{};
  RuleContext context{
      .book = book, .now = [this] { return now; }, .requester = [this] { return who; }};
  tima::ThreadState state{};
};

TEST_F(Told, LineHighWithoutContext) {
  LineRules rules(context, 2);
  state.at(Ring::Os, tima::reg::kCppr) = 0xff;
  rules.on_tima(0, push(kVp), now);
  rules.on_lines(0, {}, {.os_ext = true}, now + 2000);
  rules.on_tima(0, pull(), now += 10'000);
  rules.on_lines(0, {.os_ext = true}, {}, now + context.line_bound);
  rules.finish(now + 1'000'000);
  EXPECT_EQ(fired("CHK-LINE-OFF"), 0U);

  rules.on_tima(0, push(kVp), now += 2'000'000);
  rules.on_lines(0, {}, {.os_ext = true}, now + 2000);
  rules.on_tima(0, pull(), now += 10'000);
  rules.finish(now + context.line_bound + 1);
  EXPECT_EQ(fired("CHK-LINE-OFF"), 1U);
}

TEST_F(Told, LineLowWithSomethingPending) {
  LineRules rules(context, 2);
  state.at(Ring::Os, tima::reg::kCppr) = 0xff;
  rules.on_tima(0, push(kVp), now);
  auto present = ipb(0x02);
  present.kind = tima::EventKind::Present;
  rules.on_tima(0, present, now += 10'000);
  rules.finish(now + context.line_bound);
  EXPECT_EQ(fired("CHK-LINE-ON"), 0U);
  rules.finish(now + context.line_bound + 1);
  EXPECT_EQ(fired("CHK-LINE-ON"), 1U);
}

// A thread that accesses its TIMA ahead of the others is told of before the line has risen.
TEST_F(Told, LineThatRisesInTimeBehindAnAccessThatRunsAhead) {
  platform::Time told = 0;
  context.told_until = [&told] { return told; };
  LineRules rules(context, 2);
  state.at(Ring::Os, tima::reg::kCppr) = 0xff;
  rules.on_tima(0, push(kVp), told = now);
  auto present = ipb(0x02);
  present.kind = tima::EventKind::Present;
  rules.on_tima(0, present, told = now += 10'000);
  auto load = present;  // changes nothing
  load.kind = tima::EventKind::Mmio;
  load.before = load.after;
  rules.on_tima(0, load, now + 10 * context.line_bound);
  told = now + context.line_bound;
  rules.on_lines(0, {}, {.os_ext = true}, told);
  told = now + 20 * context.line_bound;
  rules.finish(told);
  EXPECT_EQ(fired("CHK-LINE-ON"), 0U);
  EXPECT_EQ(fired("CHK-LINE-OFF"), 0U);
}

TEST_F(Told, LineThatStaysLowBehindAnAccessThatRunsAhead) {
  platform::Time told = 0;
  context.told_until = [&told] { return told; };
  LineRules rules(context, 2);
  state.at(Ring::Os, tima::reg::kCppr) = 0xff;
  rules.on_tima(0, push(kVp), told = now);
  auto present = ipb(0x02);
  present.kind = tima::EventKind::Present;
  rules.on_tima(0, present, told = now += 10'000);
  auto pulled = pull();
  rules.on_tima(0, pulled, now + 10 * context.line_bound);
  told = now + 20 * context.line_bound;
  rules.finish(told);
  EXPECT_EQ(fired("CHK-LINE-ON"), 1U);
}

TEST_F(Told, PhantomInNsr) {
  LineRules rules(context, 2);
  state.at(Ring::Os, tima::reg::kCppr) = 0xff;
  rules.on_tima(0, push(kVp), now);
  rules.on_tima(0,
                event(tima::EventKind::Present,
                      [](auto& s) {
                        s.at(Ring::Os, tima::reg::kIpb) = 0x02;
                        s.at(Ring::Os, tima::reg::kNsr) = 0x80;
                      }),
                now);
  EXPECT_EQ(fired("CHK-NSR"), 0U);
  rules.on_tima(
      0, event(tima::EventKind::Present, [](auto& s) { s.at(Ring::Os, tima::reg::kIpb) = 0x00; }),
      now);
  EXPECT_EQ(fired("CHK-NSR"), 1U);
}

TEST_F(Told, SavedWordsNotRestored) {
  Conservation rules(context);
  rules.on_tima(0, push(kVp), now);
  auto present = ipb(0x02);
  present.kind = tima::EventKind::Present;
  present.presenter = {
      .cmd = tima::PresenterCmd::Present, .idx = 0x300, .prio = 6, .ring = Ring::Os};
  present.presenter_response.ack = true;
  rules.on_tima(0, present, now);
  rules.on_tima(0, pull(), now);
  EXPECT_EQ(fired("CHK-CONS"), 0U);
  state.at(Ring::Os, tima::reg::kIpb) = 0;  // software forgets the words that it saved
  rules.on_tima(0, push(kVp), now);
  EXPECT_EQ(fired("CHK-CONS"), 1U);
  rules.finish();  // the presenter has not heard of the ack
  EXPECT_EQ(fired("CHK-CONS"), 2U);
}

TEST_F(Told, BitFromAnotherProcessor) {
  Conservation rules(context);
  rules.on_tima(0, push(kVp), now);
  rules.on_tima(0, pull(), now);
  state.at(Ring::Os, tima::reg::kIpb) = 0x40;
  rules.on_tima(0, push(kVp), now);
  EXPECT_EQ(fired("CHK-CONS"), 1U);
}

TEST_F(Told, BitDisappears) {
  Conservation rules(context);
  state.at(Ring::Os, tima::reg::kIpb) = 0x06;
  rules.on_tima(0, push(kVp), now);
  auto read = ipb(0x02);
  read.mmio.offset = 0x10;
  read.mmio.size_log2 = 3;
  rules.on_tima(0, read, now);
  EXPECT_EQ(fired("CHK-CONS"), 1U);
}

/// One entry of a queue at 0x10000 of END 0/8.
struct EndWords {
  std::array<std::uint8_t, 32> before{}, after{};
  static void put(std::array<std::uint8_t, 32>& image, unsigned n, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) {
      image[4U * n + i] = static_cast<std::uint8_t>(value >> (24U - 8U * i));
    }
  }
  EndWords(std::uint32_t w0, std::uint32_t w1, std::uint32_t w1_after) {
    put(before, 0, w0);
    put(before, 1, w1);
    put(before, 3, 0x10000);
    after = before;
    put(after, 1, w1_after);
  }
  ic::EndEvent event(ic::TraceId trace, std::uint32_t index, std::uint32_t word) const {
    ic::EndEvent e;
    e.trace = trace;
    e.idx = 8;
    e.before = &before;
    e.after = &after;
    e.eq_written = true;
    e.eq_address = 0x10000 + 4ULL * index;
    e.eq_word = word;
    return e;
  }
};

constexpr std::uint32_t kOn = 0xc0000000, kGen = 0x00400000;

TEST_F(Told, QueueOrder) {
  QueueRules rules(context);
  rules.on_end(EndWords(kOn, kGen, kGen | 1).event(1, 0, 0x80000001));
  rules.on_end(EndWords(kOn, kGen | 1, kGen | 2).event(2, 1, 0x80000002));
  EXPECT_EQ(fired("CHK-EQ"), 0U);
  rules.on_end(EndWords(kOn, kGen | 3, kGen | 4).event(3, 3, 0x80000003));
  EXPECT_EQ(fired("CHK-EQ"), 1U);
}

TEST_F(Told, QueueGenerationAtTheWrap) {
  QueueRules rules(context);
  rules.on_end(EndWords(kOn, kGen | 1023, 0).event(1, 1023, 0x80000001));
  EXPECT_EQ(fired("CHK-EQ"), 0U);
  rules.on_end(EndWords(kOn, kGen, kGen | 1).event(2, 0, 0x80000001));
  EXPECT_EQ(fired("CHK-EQ"), 0U) << "a queue that starts anew";
  rules.on_end(EndWords(kOn, kGen | 1, 2).event(3, 1, 0x80000001));
  EXPECT_EQ(fired("CHK-EQ"), 1U);
}

TEST_F(Told, QueueOverrunAndDisabledQueue) {
  QueueRules rules(context);
  rules.on_end(EndWords(kOn, kGen, kGen | 1).event(1, 0, 0x80000001));
  platform::Request load{.command = platform::Command::Load, .size = 4, .address = 0x10000};
  load.requester.pir = 0;
  rules.on_access(load, {.data = 0x80000001});
  rules.on_end(EndWords(kOn, kGen, kGen | 1).event(2, 0, 0x80000001));
  EXPECT_EQ(fired("CHK-EQ"), 0U);
  rules.on_end(EndWords(kOn, kGen, kGen | 1).event(3, 0, 0x80000001));
  EXPECT_EQ(fired("CHK-EQ"), 1U);
  rules.on_end(EndWords(0x80000000, kGen | 1, kGen | 2).event(4, 1, 0x80000001));
  EXPECT_EQ(fired("CHK-EQ"), 2U);
}

TEST_F(Told, WithoutLoadsNobodyKnowsWhatIsUnread) {
  context.loads_seen = false;
  QueueRules rules(context);
  rules.on_trigger({.trace = 1, .idx = 0x20});
  rules.on_end(EndWords(kOn, kGen, kGen | 1).event(1, 0, 0x80000001));
  rules.on_trigger({.trace = 2, .idx = 0x20});
  rules.on_end(EndWords(kOn, kGen | 1, kGen | 2).event(2, 1, 0x80000001));
  EXPECT_EQ(fired("CHK-QDUP"), 0U);
  EXPECT_EQ(fired("CHK-EQ"), 0U);
}

TEST_F(Told, TwoEntriesOfOneSource) {
  QueueRules rules(context);
  rules.on_trigger({.trace = 1, .idx = 0x20});
  rules.on_end(EndWords(kOn, kGen, kGen | 1).event(1, 0, 0x80000001));
  rules.on_outcome(1, ic::Outcome::Delivered);
  EXPECT_EQ(fired("CHK-QDUP"), 0U);
  rules.on_trigger({.trace = 2, .idx = 0x20});
  rules.on_end(EndWords(kOn, kGen | 1, kGen | 2).event(2, 1, 0x80000001));
  EXPECT_EQ(fired("CHK-QDUP"), 1U);
}

TEST_F(Told, PqOutsideItsTable) {
  PqRule rule(context);
  ic::PqEvent event{.op = ic::PqOp::Trigger,
                    .before = ic::Pq::Reset,
                    .after = ic::Pq::Pending,
                    .forwarded = true};
  rule.on_pq(event);
  EXPECT_EQ(fired("CHK-PQ"), 0U);
  event.before = ic::Pq::Pending;
  event.after = ic::Pq::Queued;
  rule.on_pq(event);
  EXPECT_EQ(fired("CHK-PQ"), 1U) << "forwarded from 10";
}

TEST_F(Told, DumpThatChangesSomething) {
  ObservationRule rule(context);
  who.pir = 5;
  const ic::PqEvent get{.op = ic::PqOp::Get, .before = ic::Pq::Pending, .after = ic::Pq::Pending};
  const ic::PqEvent set{.op = ic::PqOp::Set00, .before = ic::Pq::Pending};
  rule.on_pq(set);
  EXPECT_EQ(book.find("CHK-OBS")->hits, 0U);
  rule.begin(0, 5);
  rule.on_pq(get);
  EXPECT_EQ(fired("CHK-OBS"), 0U);
  rule.on_pq(set);
  EXPECT_EQ(fired("CHK-OBS"), 1U);
  rule.on_tima(0, pull(), now);
  EXPECT_EQ(fired("CHK-OBS"), 1U) << "nothing was there to pull";
  rule.on_tima(0, push(kVp), now);
  EXPECT_EQ(fired("CHK-OBS"), 2U);
  rule.end(0, 5);
  rule.on_pq(set);
  EXPECT_EQ(fired("CHK-OBS"), 2U);
}

TEST_F(Told, NoProgress) {
  ProgressRule rule(context);
  rule.begin_wait(3, "the sync bit");
  now += context.progress_bound;
  rule.progress(3);
  EXPECT_EQ(fired("CHK-PROG"), 0U);
  now += context.progress_bound + 1;
  rule.end_wait(3);
  EXPECT_EQ(fired("CHK-PROG"), 1U);
  rule.on_trigger({.trace = 9});
  now += context.progress_bound + 1;
  rule.finish();
  EXPECT_EQ(fired("CHK-PROG"), 2U);
}

TEST_F(Told, ProgressOfWhatTakesItsTime) {
  ProgressRule rule(context);
  const platform::Time bound = 3 * context.progress_bound;
  rule.begin_wait(1, "a long call", bound);
  rule.begin_wait(2, "a long call", bound);
  rule.on_trigger({.trace = 9});
  now += bound;
  rule.end_wait(1);
  EXPECT_EQ(fired("CHK-PROG"), 0U);
  rule.on_outcome(9, ic::Outcome::Delivered);
  EXPECT_EQ(fired("CHK-PROG"), 1U) << "an event in a router is no call";
  now += 1;
  rule.end_wait(2);
  EXPECT_EQ(fired("CHK-PROG"), 2U);
}

}  // namespace
}  // namespace xive::machine
