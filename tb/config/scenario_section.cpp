// SPDX-License-Identifier: Apache-2.0
#include "tb/config/scenario_section.h"

namespace xive::config {

Schema<ScenarioOptions> scenario_schema() {
  using S = ScenarioOptions;
  return object<S>("scenario", "An executable scenario, in sweeps.")
      .field("id", &S::id, string(), "of the scenario, as `xive-cosim scenario list` shows it")
      .field("sweep", &S::sweep, boolean(), "the right variant at every parameter point")
      .field("faulty", &S::faulty, boolean(), "the faulty variants, too: each must be caught");
}

}  // namespace xive::config
