// SPDX-License-Identifier: Apache-2.0
/// A source of operations: the random generator, or a recorded list. The bench asks it before each
/// step of the TIMA and tells it what came back.
#pragma once

#include <limits>

#include "tb/validate/operation.h"

namespace xive::validate {

inline constexpr tima::Cycle kNever = std::numeric_limits<tima::Cycle>::max();

class Stimulus {
 public:
  virtual ~Stimulus() = default;

  /// The cycle in which next() is to be called: `now` or less = at once, kNever = not before
  /// something has come back (or, when finished() is true, not any more).
  virtual tima::Cycle due(tima::Cycle now) = 0;
  /// The operation to be submitted now; valid until the next call.
  virtual const Operation& next(tima::Cycle now) = 0;
  /// No operation is left.
  virtual bool finished() const = 0;

  virtual void on_mmio_response(const tima::MmioRequest&, const tima::MmioResponse&) {}
  virtual void on_presenter_response(const tima::PresenterRequest&,
                                     const tima::PresenterResponse&) {}
  virtual void on_lines(unsigned /*thread*/, const tima::Lines&) {}
  /// A block reset was made: nothing that is under way will be answered.
  virtual void on_reset() {}
};

}  // namespace xive::validate
