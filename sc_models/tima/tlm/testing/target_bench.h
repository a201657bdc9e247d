// SPDX-License-Identifier: Apache-2.0
/// A TIMA target over the reference, a scripted chip, an initiator, and the base-protocol checker
/// between them. Benches are modules, so that they are built before the simulation starts; each
/// test takes a fresh one.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/tlm/requester_extension.h"
#include "sc_models/tima/tlm/tima_target.h"
#include "sc_models/tlm/base_protocol_checker.h"
#include "sc_models/tlm/testing/sc_test_main.h"

namespace xive::tima::testing {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;
using xive::testing::run_in_thread;

inline const sc_time kPeriod(2, SC_NS);
inline sc_time cycles(unsigned n) {
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

inline constexpr unsigned kHv = 1, kOs = 2, kUser = 3;

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

inline std::vector<std::unique_ptr<Bench>>& pool() {
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

}  // namespace xive::tima::testing
