// SPDX-License-Identifier: Apache-2.0
#include "tb/run/text.h"

namespace xive::run {

nlohmann::json report_head(const RunOptions& options, bool passed) {
  const PlatformOptions& p = options.platform;
  return {{"command", "run"},
          {"verdict", passed ? "PASS" : "FAIL"},
          {"version", options.build.version},
          {"commit", options.build.commit},
          {"dirty", options.build.dirty},
          {"configuration",
           {{"generation", p.generation},
            {"chips", p.chips},
            {"cores", p.cores},
            {"threads", p.threads},
            {"tima", to_string(p.tima)},
            {"tima_period_ps", p.tima_period_ps},
            {"vp_filter", p.vp_filter},
            {"skip_idle", p.skip_idle}}}};
}

}  // namespace xive::run
