// SPDX-License-Identifier: Apache-2.0
/// The presenter bus over the TLM faces of the TIMAs: what joins a chip of this model to
/// tima::TimaTarget. Presenter messages are sent at the time of the router's step and answered at
/// the end of their operation; the memory requests of the TIMAs are answered at once.
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "sc_models/tima/tlm/requester_extension.h"
#include "sc_models/tima/tlm/tima_target.h"
#include "sc_models/xive/presenter/memory_service.h"
#include "sc_models/xive/presenter/presenter_bus.h"
#include "sc_models/xive/presenter/vp_filter.h"

namespace xive::ic {

/// The exception inputs of the hardware threads. `when` may lie after the kernel's time.
class LineListener {
 public:
  virtual ~LineListener() = default;
  virtual void on_lines(unsigned core, unsigned thread, const tima::Lines& lines,
                        const sc_core::sc_time& when) = 0;
  virtual void on_tima_error(unsigned /*core*/, unsigned /*thread*/, tima::ErrorCode /*code*/,
                             const sc_core::sc_time& /*when*/) {}
};

/// Build order: this bus, then per core its TimaTarget with side(core) as chip, then attach().
class TimaTargetBus final : public PresenterBus, public TimaControl {
 public:
  struct Core {
    unsigned chip = 0;  ///< place of its chip in the fabric
    tima::StaticInputs inputs{};
  };

  /// `filter` may be null; `service` and `filter` are not owned.
  TimaTargetBus(std::vector<Core> cores, MemoryService& service, VpFilter* filter);
  ~TimaTargetBus() override;

  /// The chip's side of a core, for the constructor of its TimaTarget.
  tima::TimaChip& side(unsigned core);
  /// Configures the port and feeds the filter from it. `next` (may be null) observes it as well.
  void attach(unsigned core, tima::TimaTarget& target, tima::Observer* next = nullptr);
  void listen(LineListener* listener) { listener_ = listener; }

  unsigned cores() const override { return static_cast<unsigned>(sides_.size()); }
  std::optional<tima::PresenterResponse> present(unsigned core,
                                                 const tima::PresenterRequest& request,
                                                 PresenterSink& sink) override;
  /// Loosely timed; from a thread process it takes its time, elsewhere none.
  tima::MmioResponse mmio(unsigned core, const tima::MmioRequest& request) override;
  void set_thread_enable(unsigned core, std::uint8_t mask) override;
  /// std::logic_error if the TIMA is not idle: firmware programs the block before it uses a thread.
  void set_block(unsigned core, std::uint8_t blk) override;

 private:
  class Side;

  MemoryService& service_;
  VpFilter* filter_;
  LineListener* listener_ = nullptr;
  std::vector<std::unique_ptr<Side>> sides_;
};

}  // namespace xive::ic
