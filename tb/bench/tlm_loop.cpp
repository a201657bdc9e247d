// SPDX-License-Identifier: Apache-2.0
#include "tb/bench/tlm_loop.h"

#include <array>
#include <chrono>
#include <systemc>
#include <tlm>

#include "sc_models/tima/tlm/requester_extension.h"
#include "sc_models/tima/tlm/tima_target.h"
#include "tb/bench/stopwatch.h"

namespace xive::bench {
namespace {

struct Chip final : tima::TimaChip {
  std::optional<tima::MemoryResponse> on_memory_request(const tima::MemoryRequest&,
                                                        const sc_core::sc_time&) override {
    tima::MemoryResponse answer;
    answer.ok = true;
    return answer;
  }
  void on_lines(unsigned, const tima::Lines&, const sc_core::sc_time&) override {}
};

/// A transaction that is built before the clock starts.
struct Access {
  explicit Access(const tima::MmioRequest& r)
      : requester(r.thread), length(1U << r.size_log2), write(r.write) {
    for (unsigned i = 0; i < length; ++i) {
      data[i] = static_cast<unsigned char>(r.wdata >> (8U * (length - 1U - i)));
    }
    trans.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    trans.set_address(static_cast<sc_dt::uint64>(r.page) << 16U | r.offset);
    trans.set_data_ptr(data.data());
    trans.set_data_length(length);
    trans.set_streaming_width(length);
    trans.set_extension(&requester);
  }
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  ~Access() { trans.clear_extension(&requester); }

  std::uint64_t rdata() const {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < length; ++i) value = value << 8U | data[i];
    return value;
  }

  std::array<unsigned char, 8> data{};
  tima::RequesterExtension requester;
  tlm::tlm_generic_payload trans;
  unsigned length;
  bool write;
};

}  // namespace

struct TlmBench::System : sc_core::sc_module, tlm::tlm_bw_transport_if<> {
  System(const sc_core::sc_module_name& name, tima::TimaPort& p)
      : sc_core::sc_module(name), port(p), target("tima", p, chip, period()) {
    socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    socket.bind(target.socket);
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&,
                                     sc_core::sc_time&) override {
    return tlm::TLM_COMPLETED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}
  static sc_core::sc_time period() { return {500, sc_core::SC_PS}; }

  tima::TimaPort& port;
  Chip chip;
  tima::TimaTarget target;
  tlm::tlm_initiator_socket<64> socket{"socket"};
};

TlmBench::TlmBench(const std::string& name, tima::TimaPort& port)
    : system_(std::make_unique<System>(name.c_str(), port)) {}
TlmBench::~TlmBench() = default;

LoopResult TlmBench::run(const std::vector<tima::MmioRequest>& trace) {
  System& s = *system_;
  s.target.reset();
  s.target.set_thread_enable(static_cast<std::uint8_t>((1U << s.port.params().threads) - 1U));

  // The trace repeats itself after one round over all threads.
  const std::size_t round = kTraceSteps * s.port.params().threads;
  std::vector<std::unique_ptr<Access>> accesses;
  for (std::size_t i = 0; i < round && i < trace.size(); ++i) {
    accesses.push_back(std::make_unique<Access>(trace[i]));
  }
  // The first access waits for the enables; it is not part of the measurement.
  sc_core::sc_time delay = System::period() * static_cast<double>(s.port.now() + 100);
  Access first(trace[0]);
  first.trans.set_command(tlm::TLM_READ_COMMAND);
  s.socket->b_transport(first.trans, delay);

  LoopResult result;
  const tima::Cycle begin = s.port.now();
  const double start = cpu_seconds();
  std::size_t i = 0;
  for (std::size_t n = 0; n < trace.size(); ++n) {
    Access& access = *accesses[i];
    if (++i == accesses.size()) i = 0;
    access.trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    s.socket->b_transport(access.trans, delay);
    result.check = mix(result.check, access.write ? 0 : access.rdata());
  }
  result.seconds = cpu_seconds() - start;
  result.cycles = s.port.now() - begin;
  return result;
}

void start_simulation() {
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

double run_simulation(double seconds) {
  const auto start = std::chrono::steady_clock::now();
  sc_core::sc_start(seconds, sc_core::SC_SEC);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace xive::bench
