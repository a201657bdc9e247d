// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm>

namespace xive::tima {

/// Who makes a TIMA access: a mandatory extension of every transaction to a TimaTarget, because the
/// same address means another context for each hardware thread (spec/tima.md 0.2, "thread select").
struct RequesterExtension : tlm::tlm_extension<RequesterExtension> {
  RequesterExtension() = default;
  explicit RequesterExtension(unsigned thread_of_core) : thread(thread_of_core) {}

  unsigned thread = 0;  ///< thread inside the core

  tlm::tlm_extension_base* clone() const override { return new RequesterExtension(thread); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    thread = static_cast<const RequesterExtension&>(other).thread;
  }
};

}  // namespace xive::tima
