// SPDX-License-Identifier: Apache-2.0
// Stores CPPR of one thread in a TIMA in lock-step and reads it back, through the port and through
// TLM.
#include <cstdio>
#include <systemc>

#include "bridge/make_tima.h"
#include "sc_models/tima/rules/rules.h"
#include "sc_models/tima/tlm/tima_target.h"

using namespace xive;

namespace {

class Client : public tima::TimaClient {
 public:
  void on_mmio_response(const tima::MmioResponse& response, tima::Cycle) override {
    loaded = response.rdata;
    ++answers;
  }
  void on_presenter_response(const tima::PresenterResponse&, tima::Cycle) override {}
  void on_memory_request(const tima::MemoryRequest&, tima::Cycle) override {}
  void on_lines(unsigned, const tima::Lines&, tima::Cycle) override {}

  std::uint64_t loaded = 0;
  unsigned answers = 0;
};

}  // namespace

int sc_main(int, char**) {
  RuleBook rules;
  tima::Params params;
  params.threads = 4;
  bridge::TimaOptions options;
  options.rtl.rules = &rules;
  bridge::Tima tima = bridge::make_tima(bridge::TimaKind::Lockstep, params, options);
  Client client;
  tima.port->bind(client);
  tima.port->set_thread_enable(0xf);
  tima::MmioRequest store;
  store.page = tima::Page::Hv;
  store.offset = 0x031;
  store.write = true;
  store.wdata = 5;
  tima.port->submit(store);
  tima::MmioRequest load = store;
  load.write = false;
  load.offset = 0x030;
  load.size_log2 = 2;
  tima.port->submit(load);
  while (!tima.port->idle()) tima.port->advance(1000);
  std::printf("%u answers, PHYS word 0 = %08llx\n", client.answers,
              static_cast<unsigned long long>(client.loaded));
  const bool good = client.answers == 2 && (client.loaded >> 16U & 0xffU) == 5;
  return good ? 0 : 1;
}
