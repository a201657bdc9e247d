// SPDX-License-Identifier: Apache-2.0
#include "tb/run/kernel.h"

#include <stdexcept>
#include <systemc>

#include "sc_models/machine/tlm/machine_sockets.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/tlm/systemc_executor.h"

// The library wants one; simulations here are started from ordinary code.
int sc_main(int, char**) {
  return 0;
}

namespace xive::run {
namespace {

class FiberKernel final : public Kernel {
 public:
  ppc::host::Executor& executor() override { return executor_; }
  std::uint64_t switches() const override { return executor_.switches(); }

 private:
  ppc::host::FiberExecutor executor_{128 * 1024};
};

class SystemCKernel final : public Kernel {
 public:
  SystemCKernel(platform::Timing timing, bool checks)
      : executor_("kernel"), sockets_(timing, checks) {}
  ppc::host::Executor& executor() override { return executor_; }
  void connect(machine::MachineConfig& config) override { sockets_.connect(config); }
  void attach(const machine::Machine& machine) override { sockets_.attach(machine); }
  void merge_into(RuleBook& book) const override { sockets_.merge_into(book); }

 private:
  ppc::tlm_face::SystemCExecutor executor_;
  machine::MachineSockets sockets_;
};

}  // namespace

std::shared_ptr<Kernel> make_kernel(TransportTiming timing, bool checks) {
  if (timing == TransportTiming::Direct) return std::make_shared<FiberKernel>();
  // Its processes still wait in the simulation when the run is over: it stays.
  static std::shared_ptr<Kernel> kept;
  if (kept) throw std::logic_error("SystemC elaborates once per process");
  kept = std::make_shared<SystemCKernel>(
      timing == TransportTiming::Lt ? platform::Timing::Loose : platform::Timing::Approximate,
      checks);
  return kept;
}

}  // namespace xive::run
