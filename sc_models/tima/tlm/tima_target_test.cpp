// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/tlm/tima_target.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/tlm/requester_extension.h"
#include "sc_models/tlm/base_protocol_checker.h"
#include "sc_models/tlm/testing/sc_test_main.h"

namespace xive::tima {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;
using testing::run_in_thread;

const sc_time kPeriod(2, SC_NS);
sc_time cycles(unsigned n) {
  return n * kPeriod;
}

/// A chip that answers the NVT fetch at once, or when the test says.
struct Chip : TimaChip {
  std::optional<MemoryResponse> on_memory_request(const MemoryRequest& request,
                                                  const sc_time& when) override {
    requests.push_back({request, when});
    if (during) during();
    if (late) return std::nullopt;
    return answer;
  }
  void on_lines(unsigned thread, const Lines& l, const sc_time& when) override {
    lines[thread] = l;
    line_times.push_back(when);
  }
  void on_error(unsigned, ErrorCode code, const sc_time&) override { errors.push_back(code); }

  bool late = false;
  MemoryResponse answer{.ok = true};
  std::function<void()> during;
  std::vector<std::pair<MemoryRequest, sc_time>> requests;
  std::map<unsigned, Lines> lines;
  std::vector<sc_time> line_times;
  std::vector<ErrorCode> errors;
};

struct Manager : tlm::tlm_mm_interface {
  void free(tlm::tlm_generic_payload* trans) override {
    trans->reset();
    ++freed;
  }
  int freed = 0;
};

/// A transaction with its data and its requester.
struct Access {
  Access(bool write, unsigned page, unsigned offset, std::vector<unsigned char> bytes,
         unsigned thread = 0)
      : data(std::move(bytes)), requester(thread) {
    trans.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    trans.set_address(page << 16U | offset);
    trans.set_data_ptr(data.data());
    trans.set_data_length(static_cast<unsigned>(data.size()));
    trans.set_streaming_width(static_cast<unsigned>(data.size()));
    trans.set_extension(&requester);
  }
  ~Access() { trans.clear_extension(&requester); }
  Access(const Access&) = delete;

  std::vector<unsigned char> data;
  RequesterExtension requester;
  tlm::tlm_generic_payload trans;
};

constexpr unsigned kHv = 1, kOs = 2, kUser = 3;

struct Bench : sc_core::sc_module, tlm::tlm_bw_transport_if<> {
  explicit Bench(const sc_core::sc_module_name& name)
      : sc_core::sc_module(name),
        port(Params{}),
        target("tima", port, chip, kPeriod),
        checker("checker", book) {
    socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    socket.bind(checker.target_socket);
    checker.initiator_socket.bind(target.socket);
    port.set_thread_enable(0xf);
  }

  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_time&) override {
    if (phase == tlm::END_REQ) request_ends.push_back(sc_time_stamp());
    if (phase == tlm::BEGIN_RESP) {
      responses.push_back({&trans, sc_time_stamp()});
      if (hold_responses) return tlm::TLM_ACCEPTED;
      phase = tlm::END_RESP;
      return tlm::TLM_UPDATED;
    }
    return tlm::TLM_ACCEPTED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

  ReferencePort port;
  Chip chip;
  TimaTarget target;
  RuleBook book;
  BaseProtocolChecker<64> checker;
  tlm::tlm_initiator_socket<64> socket{"socket"};

  bool hold_responses = false;
  std::vector<sc_time> request_ends;
  std::vector<std::pair<tlm::tlm_generic_payload*, sc_time>> responses;
};

std::vector<std::unique_ptr<Bench>>& pool() {
  static std::vector<std::unique_ptr<Bench>> benches;
  return benches;
}

class TimaTlm : public ::testing::Test {
 protected:
  TimaTlm() : bench_(take()), chip_(bench_.chip) {}

  static Bench& take() {
    static std::size_t next = 0;
    if (next >= pool().size()) throw std::runtime_error("too few benches in elaborate()");
    return *pool()[next++];
  }

  /// Every test is also a test of the base protocol.
  void TearDown() override {
    bench_.checker.finish();
    for (const Violation& violation : bench_.book.violations()) {
      ADD_FAILURE() << violation.rule << ": " << violation.detail;
    }
  }

  sc_time b(Access& access, sc_time delay = SC_ZERO_TIME) {
    bench_.socket->b_transport(access.trans, delay);
    return delay;
  }
  sc_time store(unsigned page, unsigned offset, std::vector<unsigned char> bytes,
                unsigned thread = 0) {
    Access access(true, page, offset, std::move(bytes), thread);
    const sc_time delay = b(access);
    EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_OK_RESPONSE);
    return delay;
  }
  tlm::tlm_sync_enum begin(Access& access, tlm::tlm_phase& phase, sc_time delay = SC_ZERO_TIME) {
    access.trans.set_mm(&manager_);
    phase = tlm::BEGIN_REQ;
    return bench_.socket->nb_transport_fw(access.trans, phase, delay);
  }
  /// OS context of VP (0, 0x42) valid, CPPR open: any pending bit raises os_ext.
  void open_os() {
    store(kOs, 0x11, {0xff});
    store(kHv, 0x18, {0x80, 0x00, 0x00, 0x42});
  }
  static PresenterRequest message(PresenterCmd cmd, unsigned prio = 3) {
    PresenterRequest request;
    request.cmd = cmd;
    request.idx = 0x42;
    request.prio = static_cast<std::uint8_t>(prio);
    request.ring = Ring::Os;
    return request;
  }

  Bench& bench_;
  Chip& chip_;
  Manager manager_;
};

// --- b_transport ---------------------------------------------------------------------------------

TEST_F(TimaTlm, DataIsInAddressOrder) {
  run_in_thread([&] {
    store(kHv, 0x10, {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08});
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 0x02);
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kIpb), 0x03);
    Access load(false, kHv, 0x10, std::vector<unsigned char>(4));
    b(load);
    EXPECT_EQ(load.data, (std::vector<unsigned char>{1, 2, 3, 4}));
  });
}

TEST_F(TimaTlm, RequesterExtensionSelectsTheThread) {
  run_in_thread([&] {
    store(kOs, 0x11, {5}, 2);
    EXPECT_EQ(bench_.port.state(2).at(Ring::Os, reg::kCppr), 5);
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 0);
  });
}

TEST_F(TimaTlm, WaitStatesBecomeTransactionTime) {
  run_in_thread([&] {
    store(kOs, 0x11, {5});
    wait(cycles(10));
    EXPECT_EQ(store(kOs, 0x11, {6}), cycles(3));
    // Local time 20 cycles ahead, then between two edges.
    wait(cycles(100));
    Access first(false, kHv, 0x38, {0});
    EXPECT_EQ(b(first, cycles(20)), cycles(23));
    Access second(false, kHv, 0x38, {0});
    EXPECT_EQ(b(second, cycles(23) + sc_time(1, SC_NS)), cycles(27));
    EXPECT_EQ(bench_.port.now(), (sc_time_stamp() + cycles(27)) / kPeriod);
  });
}

TEST_F(TimaTlm, InitiatorBehindThePortPaysOnlyItsOwnCycles) {
  run_in_thread([&] {
    wait(cycles(10));
    Access ahead(false, kHv, 0x38, {0}, 0);
    EXPECT_EQ(b(ahead, cycles(500)), cycles(503));
    Access behind(false, kHv, 0x38, {0}, 1);
    EXPECT_EQ(b(behind, cycles(2)), cycles(5));
  });
}

TEST_F(TimaTlm, LinesAreToldBeforeTheAccessEnds) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    EXPECT_TRUE(chip_.lines[0].os_ext);
    ASSERT_EQ(chip_.requests.size(), 1U);
    EXPECT_EQ(chip_.requests[0].first.idx, 0x42U);
    EXPECT_EQ(chip_.line_times.back(), chip_.requests[0].second);
    Access ack(false, kOs, 0x810, {0, 0});
    b(ack);
    EXPECT_EQ(ack.data, (std::vector<unsigned char>{0x80, 0x03}));
    EXPECT_FALSE(chip_.lines[0].os_ext);
  });
}

TEST_F(TimaTlm, LateMemoryAnswerBlocksTheCallerForAsLong) {
  run_in_thread([&] {
    chip_.late = true;
    chip_.answer.ipb = 0x10;
    store(kOs, 0x11, {0xff});
    wait(cycles(20));
    const sc_time start = sc_time_stamp();
    sc_core::sc_spawn([&] {
      wait(cycles(50));
      bench_.target.answer_memory(chip_.answer);
    });
    const sc_time delay = store(kHv, 0x18, {0x80, 0x00, 0x00, 0x42});
    EXPECT_EQ(sc_time_stamp() + delay - start, cycles(51));
    EXPECT_TRUE(chip_.lines[0].os_ext);
  });
}

TEST_F(TimaTlm, MatchIsAnsweredWhileAPushWaitsForMemory) {
  run_in_thread([&] {
    chip_.late = true;
    bool pushed = false;
    sc_core::sc_spawn([&] {
      open_os();
      pushed = true;
    });
    wait(cycles(20));
    EXPECT_FALSE(pushed);
    sc_time delay;
    EXPECT_EQ(bench_.target.presenter(message(PresenterCmd::Match), delay).match, 1);
    EXPECT_EQ(delay, cycles(2));
    bench_.target.answer_memory({.ok = true});
    wait(cycles(20));
    EXPECT_TRUE(pushed);
  });
}

TEST_F(TimaTlm, PresenterIsImmediateAndCostsItsCycles) {
  run_in_thread([&] {
    open_os();
    wait(cycles(20));
    sc_time delay = cycles(4);
    EXPECT_EQ(bench_.target.presenter(message(PresenterCmd::Match), delay).match, 1);
    EXPECT_EQ(delay, cycles(6));
    EXPECT_TRUE(bench_.target.presenter(message(PresenterCmd::Present), delay).ack);
    EXPECT_EQ(delay, cycles(9));
    EXPECT_TRUE(chip_.lines[0].os_ext);
  });
}

TEST_F(TimaTlm, ErrorCodesBecomeResponses) {
  struct {
    const char* what;
    std::function<void(Access&)> spoil;
    tlm::tlm_response_status status;
    bool ones;
  } const cases[] = {
      {"page without the right", [](Access& a) { a.trans.set_address(kUser << 16U | 0x810U); },
       tlm::TLM_GENERIC_ERROR_RESPONSE, true},
      {"misaligned", [](Access& a) { a.trans.set_address(kHv << 16U | 0x11U); },
       tlm::TLM_BURST_ERROR_RESPONSE, true},
      {"no such thread", [](Access& a) { a.requester.thread = 4; }, tlm::TLM_GENERIC_ERROR_RESPONSE,
       true},
      {"no requester", [](Access& a) { a.trans.clear_extension(&a.requester); },
       tlm::TLM_COMMAND_ERROR_RESPONSE, false},
      {"outside of the window", [](Access& a) { a.trans.set_address(0x40000); },
       tlm::TLM_ADDRESS_ERROR_RESPONSE, false},
      {"streaming", [](Access& a) { a.trans.set_streaming_width(1); },
       tlm::TLM_BURST_ERROR_RESPONSE, false},
      {"ignore command", [](Access& a) { a.trans.set_command(tlm::TLM_IGNORE_COMMAND); },
       tlm::TLM_OK_RESPONSE, false},
      {"executed, pulls an invalid context",
       [](Access& a) {
         a.trans.set_address(kHv << 16U | 0x818U);
         a.data.resize(4);
         a.trans.set_data_ptr(a.data.data());
         a.trans.set_data_length(4);
         a.trans.set_streaming_width(4);
       },
       tlm::TLM_OK_RESPONSE, false},
  };
  run_in_thread([&] {
    for (const auto& c : cases) {
      SCOPED_TRACE(c.what);
      Access access(false, kOs, 0x810, {0x55, 0x66});
      c.spoil(access);
      b(access);
      EXPECT_EQ(access.trans.get_response_status(), c.status);
      EXPECT_EQ(access.data[0] == 0xff && access.data[1] == 0xff, c.ones);
      EXPECT_FALSE(access.trans.is_dmi_allowed());
    }
    EXPECT_EQ(chip_.errors, (std::vector{ErrorCode::PullInvalid}));
  });
}

TEST_F(TimaTlm, LengthThatIsNoAccessSizeIsABurstError) {
  run_in_thread([&] {
    for (const unsigned length : {3U, 5U, 6U, 7U, 16U}) {
      Access access(false, kHv, 0x10, std::vector<unsigned char>(length));
      b(access);
      EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_BURST_ERROR_RESPONSE);
      EXPECT_EQ(access.data, std::vector<unsigned char>(length, 0xff));
    }
  });
}

TEST_F(TimaTlm, ByteEnablesMustAllBeSet) {
  run_in_thread([&] {
    unsigned char all[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    unsigned char some[8] = {0xff, 0xff, 0, 0xff, 0xff, 0xff, 0xff, 0xff};
    for (const unsigned length : {1U, 4U, 8U}) {
      Access access(true, kHv, 0x10, {0, 7, 0, 0});
      access.trans.set_byte_enable_ptr(all);
      access.trans.set_byte_enable_length(length);
      b(access);
      EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_OK_RESPONSE);
    }
    const ThreadState before = bench_.port.state(0);
    Access access(true, kHv, 0x10, {0, 1, 0, 0});
    access.trans.set_byte_enable_ptr(some);
    access.trans.set_byte_enable_length(4);
    b(access);
    EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    EXPECT_EQ(bench_.port.state(0), before);
  });
}

TEST_F(TimaTlm, DebugReadsTheImageWithoutSideEffects) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    const ThreadState before = bench_.port.state(0);
    const Cycle now = bench_.port.now();
    Access all(false, kUser, 0x000, std::vector<unsigned char>(100));
    EXPECT_EQ(bench_.socket->transport_dbg(all.trans), 64U);
    EXPECT_TRUE(std::equal(before.r.begin(), before.r.end(), all.data.begin()));
    Access part(false, kHv, 0x13, std::vector<unsigned char>(3));
    EXPECT_EQ(bench_.socket->transport_dbg(part.trans), 3U);
    EXPECT_EQ(part.data[0], before.r[0x13]);
    Access tail(false, kHv, 0x3c, std::vector<unsigned char>(8));
    EXPECT_EQ(bench_.socket->transport_dbg(tail.trans), 4U);

    Access ack(false, kOs, 0x810, {0, 0});
    EXPECT_EQ(bench_.socket->transport_dbg(ack.trans), 0U);
    Access write(true, kHv, 0x10, {1, 2, 3, 4});
    EXPECT_EQ(bench_.socket->transport_dbg(write.trans), 0U);
    Access nobody(false, kHv, 0x10, {0}, 9);
    EXPECT_EQ(bench_.socket->transport_dbg(nobody.trans), 0U);
    EXPECT_EQ(bench_.port.state(0), before);
    EXPECT_EQ(bench_.port.now(), now);
  });
}

TEST_F(TimaTlm, DmiIsRefused) {
  run_in_thread([&] {
    Access access(false, kHv, 0x10, {0, 0, 0, 0});
    tlm::tlm_dmi dmi;
    EXPECT_FALSE(bench_.socket->get_direct_mem_ptr(access.trans, dmi));
    EXPECT_TRUE(dmi.is_none_allowed());
  });
}

// --- nb_transport --------------------------------------------------------------------------------

TEST_F(TimaTlm, FourPhasesTakeTheCyclesOfTheOperation) {
  sc_time start;
  Access access(true, kOs, 0x11, {5});
  run_in_thread([&] {
    wait(cycles(10));
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(access, phase), tlm::TLM_UPDATED);
    EXPECT_EQ(phase, tlm::END_REQ);
    EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
  });
  ASSERT_EQ(bench_.responses.size(), 1U);
  EXPECT_EQ(bench_.responses[0].second, start + cycles(3));
  EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 5);
  EXPECT_EQ(manager_.freed, 1);
}

TEST_F(TimaTlm, AnnotatedRequestBeginsLater) {
  sc_time start;
  Access access(true, kOs, 0x11, {5});
  run_in_thread([&] {
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(access, phase, cycles(7)), tlm::TLM_ACCEPTED);
  });
  EXPECT_EQ(bench_.request_ends, (std::vector{start + cycles(7)}));
  ASSERT_EQ(bench_.responses.size(), 1U);
  EXPECT_EQ(bench_.responses[0].second, start + cycles(10));
}

TEST_F(TimaTlm, FullQueueHoldsEndReqBackUntilAResponseLeaves) {
  sc_time start;
  std::deque<Access> accesses;
  run_in_thread([&] {
    start = sc_time_stamp();
    for (unsigned i = 0; i < 3; ++i)
      accesses.emplace_back(true, kOs, 0x11, std::vector<unsigned char>{5});
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(accesses[0], phase), tlm::TLM_UPDATED);
    EXPECT_EQ(begin(accesses[1], phase), tlm::TLM_UPDATED);
    EXPECT_EQ(begin(accesses[2], phase), tlm::TLM_ACCEPTED);
  });
  EXPECT_EQ(bench_.request_ends, (std::vector{start + cycles(3)}));
  ASSERT_EQ(bench_.responses.size(), 3U);
  for (unsigned i = 0; i < 3; ++i) {
    EXPECT_EQ(bench_.responses[i].first, &accesses[i].trans);
    EXPECT_EQ(bench_.responses[i].second, start + cycles(3 * (i + 1)));
  }
}

TEST_F(TimaTlm, NextResponseWaitsForEndResp) {
  sc_time start;
  Access first(true, kOs, 0x11, {5}), second(true, kOs, 0x11, {6});
  bench_.hold_responses = true;
  run_in_thread([&] {
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    begin(first, phase);
    begin(second, phase);
    wait(cycles(20));
    ASSERT_EQ(bench_.responses.size(), 1U);
    phase = tlm::END_RESP;
    sc_time delay = cycles(1);
    EXPECT_EQ(bench_.socket->nb_transport_fw(first.trans, phase, delay), tlm::TLM_COMPLETED);
    wait(cycles(5));
    ASSERT_EQ(bench_.responses.size(), 2U);
    EXPECT_EQ(bench_.responses[1].second, start + cycles(21));
    delay = SC_ZERO_TIME;
    bench_.socket->nb_transport_fw(second.trans, phase, delay);
  });
  EXPECT_EQ(manager_.freed, 2);
}

TEST_F(TimaTlm, RefusedTransactionCompletesAtOnce) {
  run_in_thread([&] {
    Access access(false, 4, 0, {0});
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(access, phase), tlm::TLM_COMPLETED);
    EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  });
}

/// While the operation runs, another process acts in each cycle: what it sees must be exact.
TEST_F(TimaTlm, PortRunsNoFurtherThanTheNextActivity) {
  Access access(true, kOs, 0x11, {5});
  std::vector<int> seen;
  run_in_thread([&] {
    sc_core::sc_spawn([&] {
      for (int i = 0; i < 6; ++i) {
        wait(kPeriod);
        seen.push_back(bench_.port.state(0).at(Ring::Os, reg::kCppr));
        EXPECT_LE(bench_.port.now(), sc_time_stamp() / kPeriod + 1);
      }
    });
    wait(sc_time(1, SC_NS));  // between the edges of the other process
    tlm::tlm_phase phase;
    begin(access, phase);
  });
  // Submitted in cycle 1 (the edge after 1 ns), effective in cycle 4.
  EXPECT_EQ(seen, (std::vector{0, 0, 0, 5, 5, 5}));
}

TEST_F(TimaTlm, IdleTargetCausesNoKernelEvents) {
  Access access(true, kOs, 0x11, {5});
  sc_dt::uint64 before = 0;
  run_in_thread([&] {
    tlm::tlm_phase phase;
    before = sc_core::sc_delta_count();
    begin(access, phase);
  });
  // One to run the port, one to send the response; nothing per cycle.
  EXPECT_LE(sc_core::sc_delta_count() - before, 4U);
  EXPECT_FALSE(sc_core::sc_pending_activity());
}

TEST_F(TimaTlm, PresenterAsyncCallsBackAtItsTime) {
  sc_time start;
  std::vector<sc_time> times;
  PresenterResponse match, present;
  run_in_thread([&] {
    open_os();
    wait(cycles(20));
    start = sc_time_stamp();
    bench_.target.presenter_async(message(PresenterCmd::Match), [&](const PresenterResponse& r) {
      match = r;
      times.push_back(sc_time_stamp());
      bench_.target.presenter_async(message(PresenterCmd::Present),
                                    [&](const PresenterResponse& r2) {
                                      present = r2;
                                      times.push_back(sc_time_stamp());
                                    });
    });
  });
  EXPECT_EQ(match.match, 1);
  EXPECT_TRUE(present.ack);
  EXPECT_EQ(times, (std::vector{start + cycles(2), start + cycles(5)}));
  EXPECT_TRUE(chip_.lines[0].os_ext);
}

TEST_F(TimaTlm, LateAnswerInFourPhases) {
  sc_time start;
  Access push(true, kHv, 0x18, {0x80, 0, 0, 0x42});
  chip_.late = true;
  run_in_thread([&] {
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    begin(push, phase);
    wait(cycles(30));
    EXPECT_TRUE(bench_.responses.empty());
    bench_.target.answer_memory({.ok = true});
  });
  ASSERT_EQ(bench_.responses.size(), 1U);
  EXPECT_EQ(bench_.responses[0].second, start + cycles(31));
  EXPECT_EQ(chip_.requests[0].second, start + cycles(3));
}

/// LT and AT do the same, to the last byte.
TEST_F(TimaTlm, LooselyAndApproximatelyTimedGiveTheSameState) {
  const auto script = [](auto&& go) {
    for (unsigned i = 0; i < 64; ++i) {
      go(true, kOs, 0x11, std::vector<unsigned char>{static_cast<unsigned char>(i % 9)});
      go(true, kHv, 0x18, std::vector<unsigned char>{0x80, 0, 0, static_cast<unsigned char>(i)});
      go(true, kOs, 0x812, std::vector<unsigned char>{static_cast<unsigned char>(i * 5 % 8)});
      go(false, kOs, 0x810, std::vector<unsigned char>{0, 0});
      if (i % 3 == 0) go(false, kHv, 0x818, std::vector<unsigned char>(8));
    }
  };
  std::vector<std::vector<unsigned char>> lt, at;
  chip_.answer.ipb = 0x22;
  run_in_thread([&] {
    script([&](bool write, unsigned page, unsigned offset, std::vector<unsigned char> bytes) {
      Access access(write, page, offset, std::move(bytes), 1);
      b(access);
      lt.push_back(access.data);
    });
  });
  std::deque<Access> accesses;
  run_in_thread([&] {
    script([&](bool write, unsigned page, unsigned offset, std::vector<unsigned char> bytes) {
      accesses.emplace_back(write, page, offset, std::move(bytes), 2);
      tlm::tlm_phase phase;
      begin(accesses.back(), phase);
      while (bench_.responses.size() < accesses.size()) wait(kPeriod);
      at.push_back(accesses.back().data);
    });
  });
  EXPECT_EQ(lt, at);
  EXPECT_EQ(bench_.port.state(1), bench_.port.state(2));
}

// --- Chip side -----------------------------------------------------------------------------------

TEST_F(TimaTlm, FallOfAnEnableDropsTheLineWithoutAnAccess) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    ASSERT_TRUE(chip_.lines[0].os_ext);
    wait(cycles(50));
    bench_.target.set_thread_enable(0b1110);
    wait(cycles(3));
    EXPECT_FALSE(chip_.lines[0].os_ext);
    EXPECT_FALSE(bench_.port.state(0).enabled);
  });
}

TEST_F(TimaTlm, ResetDropsEverythingAndKeepsTheEnables) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    wait(cycles(50));
    bench_.target.reset();
    wait(cycles(10));
    EXPECT_FALSE(chip_.lines[0].os_ext);
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 0);
    EXPECT_TRUE(bench_.port.state(0).enabled);
    EXPECT_TRUE(bench_.port.idle());
  });
}

TEST_F(TimaTlm, AnswerWithoutARequestIsRefused) {
  run_in_thread([&] { EXPECT_THROW(bench_.target.answer_memory({}), std::logic_error); });
}

TEST_F(TimaTlm, AccessFromInsideACallbackIsRefused) {
  run_in_thread([&] {
    chip_.during = [&] {
      Access inner(false, kHv, 0x38, {0});
      sc_time delay;
      EXPECT_THROW(bench_.target.b_transport(inner.trans, delay), std::logic_error);
      EXPECT_THROW(bench_.target.presenter(message(PresenterCmd::Match), delay), std::logic_error);
    };
    open_os();
    EXPECT_EQ(chip_.requests.size(), 1U);
    // And the refused access left nothing behind.
    EXPECT_EQ(bench_.port.state(0).word2(Ring::Os), 0x80000042U);
    EXPECT_TRUE(bench_.port.idle());
  });
}

/// Found out in elaborate(): a module cannot be built later.
std::vector<std::string>& construction_errors() {
  static std::vector<std::string> errors;
  return errors;
}

void try_to_construct(const char* name, const sc_time& period, unsigned depth) {
  static ReferencePort port{Params{}};
  static Chip chip;
  try {
    TimaTarget target(name, port, chip, period, depth);
  } catch (const std::invalid_argument& error) {
    construction_errors().push_back(error.what());
  }
}

TEST(TimaTlmConstruction, RefusesPeriodAndDepthOfZero) {
  EXPECT_EQ(construction_errors(), (std::vector<std::string>{"TimaTarget: the clock period is 0",
                                                             "TimaTarget: the queue depth is 0"}));
}

}  // namespace
}  // namespace xive::tima

void xive::testing::elaborate() {
  tima::try_to_construct("no_period", sc_core::SC_ZERO_TIME, 1);
  tima::try_to_construct("no_depth", tima::kPeriod, 0);
  for (int i = 0; i < 32; ++i) {
    tima::pool().push_back(std::make_unique<tima::Bench>(("bench" + std::to_string(i)).c_str()));
  }
}
