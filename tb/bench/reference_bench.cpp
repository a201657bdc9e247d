// SPDX-License-Identifier: Apache-2.0
/// What one operation costs on the reference TIMA: the bare model, behind TimaPort, and through the
/// TLM target. The mix is the life of a guest interrupt: PRESENT, acknowledge, CPPR, raw load, and
/// now and then a context switch.
#include <benchmark/benchmark.h>

#include <array>
#include <systemc>

#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/tlm/requester_extension.h"
#include "sc_models/tima/tlm/tima_target.h"

namespace {

using namespace xive::tima;

constexpr std::uint32_t kWord2 = 0x80000042U;

MmioRequest access(Page page, unsigned offset, unsigned size_log2, bool write, std::uint64_t data) {
  MmioRequest request;
  request.page = page;
  request.offset = static_cast<std::uint16_t>(offset);
  request.size_log2 = static_cast<std::uint8_t>(size_log2);
  request.write = write;
  request.wdata = data;
  return request;
}

const std::array<MmioRequest, 8>& mix() {
  static const std::array<MmioRequest, 8> requests{
      access(Page::Hv, 0x18, 2, true, kWord2),  // push
      access(Page::Os, 0x11, 0, true, 0xff),    // CPPR open
      access(Page::Os, 0x812, 0, true, 3),      // set pending
      access(Page::Os, 0x810, 1, false, 0),     // acknowledge
      access(Page::Os, 0x11, 0, true, 0xff),    // CPPR open
      access(Page::Os, 0x10, 3, false, 0),      // raw load
      access(Page::Hv, 0x818, 2, false, 0),     // pull
      access(Page::Hv, 0x10, 3, true, 0),       // raw store
  };
  return requests;
}

PresenterRequest message(PresenterCmd cmd) {
  PresenterRequest request;
  request.cmd = cmd;
  request.idx = 0x42;
  request.prio = 3;
  request.ring = Ring::Os;
  return request;
}

struct Memory : MemoryPort {
  MemoryResponse request(const MemoryRequest&) override {
    MemoryResponse response;
    response.ok = true;
    return response;
  }
};

void reference_mmio(benchmark::State& state) {
  Memory memory;
  Reference reference(Params{}, memory);
  reference.set_enabled(0, true);
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(reference.mmio(mix()[i]));
    i = (i + 1) % mix().size();
  }
}
BENCHMARK(reference_mmio);

void reference_presenter(benchmark::State& state) {
  Memory memory;
  Reference reference(Params{}, memory);
  for (unsigned t = 0; t < 4; ++t) reference.set_enabled(t, true);
  reference.mmio(access(Page::Hv, 0x18, 2, true, kWord2));
  const PresenterRequest request =
      message(state.range(0) == 0 ? PresenterCmd::Match : PresenterCmd::Present);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(reference.presenter(request));
}
BENCHMARK(reference_presenter)->ArgName("present")->Arg(0)->Arg(1);

/// Answers memory at once and counts.
struct Client : TimaClient {
  explicit Client(TimaPort& p) : port(p) { port.bind(*this); }
  void on_mmio_response(const MmioResponse&, Cycle) override { ++answers; }
  void on_presenter_response(const PresenterResponse&, Cycle) override { ++answers; }
  void on_memory_request(const MemoryRequest&, Cycle) override {
    MemoryResponse response;
    response.ok = true;
    port.respond(response);
  }
  void on_lines(unsigned, const Lines&, Cycle) override {}
  TimaPort& port;
  std::uint64_t answers = 0;
};

struct Watcher : Observer {
  void on_event(const Event& event) override { benchmark::DoNotOptimize(&event); }
};

void port_mmio(benchmark::State& state) {
  ReferencePort port(Params{});
  Client client(port);
  Watcher watcher;
  if (state.range(0) != 0) port.observe(&watcher);
  port.set_thread_enable(0xf);
  std::uint64_t done = 0;
  for ([[maybe_unused]] auto _ : state) {
    port.submit(mix()[done % mix().size()]);
    ++done;
    while (client.answers < done) port.advance(port.now() + 1000);
  }
}
BENCHMARK(port_mmio)->ArgName("observed")->Arg(0)->Arg(1);

struct Chip : TimaChip {
  std::optional<MemoryResponse> on_memory_request(const MemoryRequest&,
                                                  const sc_core::sc_time&) override {
    MemoryResponse response;
    response.ok = true;
    return response;
  }
  void on_lines(unsigned, const Lines&, const sc_core::sc_time&) override {}
};

/// Modules: built once, before the simulation starts.
struct System : sc_core::sc_module, tlm::tlm_bw_transport_if<> {
  explicit System(const sc_core::sc_module_name& name)
      : sc_core::sc_module(name),
        port(Params{}),
        target("tima", port, chip, sc_core::sc_time(500, sc_core::SC_PS)) {
    socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    socket.bind(target.socket);
    port.set_thread_enable(0xf);
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&,
                                     sc_core::sc_time&) override {
    return tlm::TLM_COMPLETED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

  ReferencePort port;
  Chip chip;
  TimaTarget target;
  tlm::tlm_initiator_socket<64> socket{"socket"};
};

System* system_under_test = nullptr;

void tlm_b_transport(benchmark::State& state) {
  std::array<unsigned char, 8> data{};
  RequesterExtension requester;
  tlm::tlm_generic_payload trans;
  trans.set_extension(&requester);
  sc_core::sc_time delay;
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    const MmioRequest& request = mix()[i];
    i = (i + 1) % mix().size();
    const unsigned length = 1U << request.size_log2;
    for (unsigned k = 0; k < length; ++k) {
      data[k] = static_cast<unsigned char>(request.wdata >> (8 * (length - 1 - k)));
    }
    trans.set_command(request.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    trans.set_address(static_cast<sc_dt::uint64>(request.page) << 16U | request.offset);
    trans.set_data_ptr(data.data());
    trans.set_data_length(length);
    trans.set_streaming_width(length);
    trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    system_under_test->socket->b_transport(trans, delay);
  }
  trans.clear_extension(&requester);
  if (!trans.is_response_ok()) state.SkipWithError("the last access failed");
}
BENCHMARK(tlm_b_transport);

void tlm_presenter(benchmark::State& state) {
  const PresenterRequest request = message(PresenterCmd::Match);
  sc_core::sc_time delay;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(system_under_test->target.presenter(request, delay));
  }
}
BENCHMARK(tlm_presenter);

}  // namespace

int sc_main(int argc, char** argv) {
  System system("system");
  system_under_test = &system;
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

int main(int argc, char** argv) {
  return sc_core::sc_elab_and_sim(argc, argv);
}
