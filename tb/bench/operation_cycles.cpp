// SPDX-License-Identifier: Apache-2.0
#include "tb/bench/operation_cycles.h"

#include <utility>
#include <variant>

namespace xive::bench {
namespace {

using tima::Cycle;
using tima::MmioRequest;
using tima::Page;
using tima::PresenterRequest;

class Client final : public tima::TimaClient {
 public:
  explicit Client(tima::TimaPort& port) : port_(port) { port_.bind(*this); }
  void on_mmio_response(const tima::MmioResponse&, Cycle cycle) override { answered(cycle); }
  void on_presenter_response(const tima::PresenterResponse&, Cycle cycle) override {
    answered(cycle);
  }
  void on_memory_request(const tima::MemoryRequest& r, Cycle) override {
    tima::MemoryResponse answer;
    answer.ok = true;
    if (!tima::is_posted(r.op)) port_.respond(answer);
  }
  void on_lines(unsigned, const tima::Lines&, Cycle) override {}

  void drain() {
    while (!port_.idle()) port_.advance(port_.now() + 1);
    port_.advance(port_.now() + 20);
  }
  Cycle last = 0;

 private:
  void answered(Cycle cycle) { last = cycle; }
  tima::TimaPort& port_;
};

using Operation = std::variant<MmioRequest, PresenterRequest>;

Operation access(Page page, unsigned offset, bool write, unsigned size_log2, std::uint64_t data) {
  return MmioRequest{
      0,   page, static_cast<std::uint16_t>(offset), write, static_cast<std::uint8_t>(size_log2),
      data};
}

Operation message(tima::PresenterCmd cmd, std::uint32_t idx) {
  PresenterRequest r;
  r.cmd = cmd;
  r.blk = 5;
  r.idx = idx;
  r.prio = 4;
  r.ring = tima::Ring::Os;
  return r;
}

}  // namespace

std::vector<OperationCycles> operation_cycles(tima::TimaPort& port) {
  constexpr unsigned kMany = 96;
  Client client(port);
  port.set_thread_enable(static_cast<std::uint8_t>((1U << port.params().threads) - 1U));
  client.drain();
  const auto submit = [&port](const Operation& operation) {
    std::visit([&port](const auto& request) { port.submit(request); }, operation);
  };

  const std::pair<const char*, Operation> operations[] = {
      {"raw load, 8 bytes", access(Page::Os, 0x010, false, 3, 0)},
      {"raw store, 8 bytes", access(Page::Hv, 0x010, true, 3, 0x00ff'0000'0000'0000)},
      {"refused load", access(Page::User, 0x010, false, 3, 0)},
      {"push OS, with NVT fetch", access(Page::Hv, 0x018, true, 2, 0x8028'0123)},
      {"OS CPPR", access(Page::Os, 0x011, true, 0, 0xff)},
      {"HV CPPR", access(Page::Hv, 0x031, true, 0, 0xff)},
      {"set OS pending", access(Page::Os, 0x812, true, 0, 5)},
      {"acknowledge OS", access(Page::Os, 0x810, false, 1, 0)},
      {"PRESENT", message(tima::PresenterCmd::Present, 0x123)},
      {"MATCH", message(tima::PresenterCmd::Match, 0x123)},
      {"BCAST", message(tima::PresenterCmd::Bcast, 0x123)},
      {"pull OS", access(Page::Hv, 0x818, false, 2, 0)},
      {"pull PHYS", access(Page::Hv, 0x838, false, 0, 0)},
  };
  std::vector<OperationCycles> result;
  for (const auto& [name, operation] : operations) {
    client.drain();
    const Cycle begin = port.now();
    submit(operation);
    client.drain();
    const Cycle alone = client.last - begin;
    const Cycle first = port.now();
    for (unsigned i = 0; i < kMany; ++i) submit(operation);
    client.drain();
    result.push_back({name, alone, static_cast<double>(client.last - first) / kMany});
  }
  // An enable change has no answer: counted until the state shows it.
  client.drain();
  const Cycle begin = port.now();
  port.set_thread_enable(0);
  while (port.state(0).enabled) port.advance(port.now() + 1);
  result.push_back({"thread disable", port.now() - begin, 0});
  return result;
}

}  // namespace xive::bench
