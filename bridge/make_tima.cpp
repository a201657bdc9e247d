// SPDX-License-Identifier: Apache-2.0
#include "bridge/make_tima.h"

#include <stdexcept>
#include <utility>

#include "sc_models/tima/reference_port.h"

namespace xive::bridge {

Tima make_tima(TimaKind kind, const tima::Params& params, const TimaOptions& options) {
  Tima made;
  if (kind == TimaKind::Model) {
    if (options.rtl.mutant != 0) {
      throw std::invalid_argument("mutants are variants of the RTL, the model has none");
    }
    made.port = std::make_unique<tima::ReferencePort>(params);
    return made;
  }
  auto rtl = make_verilated_tima(params, options.rtl);
  made.rtl = rtl.get();
  if (kind == TimaKind::Rtl) {
    made.port = std::move(rtl);
    return made;
  }
  if (options.rtl.rules == nullptr) {
    throw std::invalid_argument("lock-step needs a rule book");
  }
  auto lockstep = std::make_unique<LockstepTima>(std::move(rtl), made.rtl, *options.rtl.rules,
                                                 options.after_mismatch);
  made.lockstep = lockstep.get();
  made.port = std::move(lockstep);
  return made;
}

}  // namespace xive::bridge
