// SPDX-License-Identifier: Apache-2.0
/// The presenter bus over one TimaPort per core, whatever stands behind the ports: answers their
/// memory requests, feeds the VP filter, hands lines and errors on.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "sc_models/tima/tima_port.h"
#include "sc_models/xive/presenter/memory_service.h"
#include "sc_models/xive/presenter/presenter_bus.h"
#include "sc_models/xive/presenter/vp_filter.h"

namespace xive::ic {

/// What the cores behind the TIMAs want to hear. Called from inside TimaPort::advance().
class TimaListener {
 public:
  virtual ~TimaListener() = default;
  virtual void on_lines(unsigned core, unsigned thread, const tima::Lines& lines,
                        tima::Cycle cycle) = 0;
  virtual void on_tima_error(unsigned /*core*/, unsigned /*thread*/, tima::ErrorCode /*code*/,
                             tima::Cycle /*cycle*/) {}
};

class TimaPortBus final : public PresenterBus, public TimaControl {
 public:
  enum class Timing : std::uint8_t {
    Immediate,  ///< a message runs its port until the answer is there
    Queued,     ///< a message is only submitted; whoever calls advance() brings the answers
  };

  /// One core. `port` is not owned.
  struct Core {
    tima::TimaPort* port = nullptr;
    unsigned chip = 0;  ///< place of its chip in the fabric
    tima::StaticInputs inputs{};
  };

  TimaPortBus(std::vector<Core> cores, MemoryService& service, VpFilter* filter, Timing timing);
  ~TimaPortBus() override;

  void listen(TimaListener* listener) { listener_ = listener; }
  /// Observer of one core's committed events, after the filter. Not owned.
  void observe(unsigned core, tima::Observer* observer);

  unsigned cores() const override { return static_cast<unsigned>(cores_.size()); }
  std::optional<tima::PresenterResponse> present(unsigned core,
                                                 const tima::PresenterRequest& request,
                                                 PresenterSink& sink, bool alone) override;
  tima::MmioResponse mmio(unsigned core, const tima::MmioRequest& request) override;
  void set_thread_enable(unsigned core, std::uint8_t mask) override;
  void set_block(unsigned core, std::uint8_t blk) override;

  /// Runs one port; nothing may be called back into this function.
  tima::Cycle advance(unsigned core, tima::Cycle horizon);
  tima::TimaPort& port(unsigned core) { return *cores_[core].port; }

 private:
  class Client;
  static constexpr tima::Cycle kSlice = 1U << 20U;

  void settle(unsigned core);

  std::vector<Core> cores_;
  MemoryService& service_;
  Timing timing_;
  TimaListener* listener_ = nullptr;
  std::deque<FilterFeed> feeds_;
  std::vector<tima::Observer*> observers_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace xive::ic
