// SPDX-License-Identifier: Apache-2.0
/// How the presenter reaches the TIMA of every core of every chip. Cores have one number over the
/// whole machine, ascending by chip, then core. A bus may answer at once or later: the presenter
/// does not care, so that a model, the RTL or lock-step can stand behind it.
#pragma once

#include <optional>

#include "sc_models/tima/types.h"

namespace xive::ic {

/// Receives the answers that did not come at once.
class PresenterSink {
 public:
  virtual ~PresenterSink() = default;
  virtual void on_presenter_answer(unsigned core, const tima::PresenterResponse& response) = 0;
};

class PresenterBus {
 public:
  virtual ~PresenterBus() = default;
  virtual unsigned cores() const = 0;
  /// Sends MATCH, PRESENT or BCAST to one core. nullopt: the answer comes through `sink`, never
  /// from inside this call. Answers of one core come in request order. `alone`: no other core is
  /// asked together with this one, so that time may pass until an answer at once.
  virtual std::optional<tima::PresenterResponse> present(unsigned core,
                                                         const tima::PresenterRequest& request,
                                                         PresenterSink& sink, bool alone) = 0;
};

/// Register side of a TIMA, used by the chip's registers and by indirect accesses.
class TimaControl {
 public:
  virtual ~TimaControl() = default;
  /// Executes one MMIO operation; may let time pass, returns with the answer.
  virtual tima::MmioResponse mmio(unsigned core, const tima::MmioRequest& request) = 0;
  /// Bit t = thread t of the core enabled.
  virtual void set_thread_enable(unsigned core, std::uint8_t mask) = 0;
  /// Block of the HW CAM line of that core's threads.
  virtual void set_block(unsigned core, std::uint8_t blk) = 0;
};

}  // namespace xive::ic
