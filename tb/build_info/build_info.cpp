// SPDX-License-Identifier: Apache-2.0
#include "tb/build_info/build_info.h"

#include "commit.h"

namespace xive {

const BuildInfo& build_info() {
  static constexpr BuildInfo kInfo{XIVE_VERSION,         XIVE_COMMIT,           XIVE_DIRTY,
                                   XIVE_COMPILER,        XIVE_BUILD_TYPE,       XIVE_SANITIZE,
                                   XIVE_SYSTEMC_VERSION, XIVE_VERILATOR_VERSION};
  return kInfo;
}

}  // namespace xive
