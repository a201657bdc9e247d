// SPDX-License-Identifier: Apache-2.0
/// The one place where a configuration becomes a TIMA.
#pragma once

#include <memory>

#include "bridge/lockstep_tima.h"
#include "bridge/tima_kind.h"
#include "bridge/verilated_tima.h"

namespace xive::bridge {

struct TimaOptions {
  RtlOptions rtl{};  ///< `rtl.rules` also receives the LS-* rules; Lockstep needs it
  AfterMismatch after_mismatch = AfterMismatch::Resync;
};

/// A TIMA and, where it has them, the faces beyond TimaPort; they belong to `port`.
struct Tima {
  std::unique_ptr<tima::TimaPort> port;
  VerilatedTima* rtl = nullptr;      ///< Rtl, Lockstep
  LockstepTima* lockstep = nullptr;  ///< Lockstep
};

/// std::invalid_argument for parameters that no implementation has, for a mutant of the model and
/// for Lockstep without a rule book.
Tima make_tima(TimaKind kind, const tima::Params& params, const TimaOptions& options = {});

}  // namespace xive::bridge
