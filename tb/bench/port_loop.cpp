// SPDX-License-Identifier: Apache-2.0
#include "tb/bench/port_loop.h"

#include "tb/bench/stopwatch.h"

namespace xive::bench {
namespace {

class Client final : public tima::TimaClient {
 public:
  explicit Client(tima::TimaPort& port) : port_(port) { port_.bind(*this); }
  void on_mmio_response(const tima::MmioResponse& r, tima::Cycle) override {
    check = mix(check, r.rdata);
    ++answers;
  }
  void on_presenter_response(const tima::PresenterResponse&, tima::Cycle) override {}
  void on_memory_request(const tima::MemoryRequest& r, tima::Cycle) override {
    tima::MemoryResponse answer;
    answer.ok = true;
    if (!tima::is_posted(r.op)) port_.respond(answer);
  }
  void on_lines(unsigned, const tima::Lines&, tima::Cycle) override {}

  std::uint64_t check = 0;
  std::size_t answers = 0;

 private:
  tima::TimaPort& port_;
};

}  // namespace

LoopResult port_loop(tima::TimaPort& port, const std::vector<tima::MmioRequest>& trace) {
  Client client(port);
  port.set_thread_enable(static_cast<std::uint8_t>((1U << port.params().threads) - 1U));
  while (!port.idle()) port.advance(port.now() + 1);
  port.advance(port.now() + 20);

  LoopResult result;
  const tima::Cycle first = port.now();
  const double start = cpu_seconds();
  for (std::size_t n = 0; n < trace.size(); ++n) {
    port.submit(trace[n]);
    while (client.answers == n) port.advance(port.now() + 1000);
  }
  result.seconds = cpu_seconds() - start;
  result.cycles = port.now() - first;
  result.check = client.check;
  return result;
}

}  // namespace xive::bench
