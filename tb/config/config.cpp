// SPDX-License-Identifier: Apache-2.0
#include "tb/config/config.h"

#include "tb/config/platform_section.h"
#include "tb/config/validate_section.h"

namespace xive::config {

const Schema<Config>& config_schema() {
  static const Schema<Config> kSchema =
      object<Config>("xive-cosim", "Configuration of xive-cosim.")
          .field("validate", &Config::validate, validate_schema(),
                 "constrained-random validation of a TIMA (xive-cosim validate)")
          .field("platform", &Config::platform, platform_schema(),
                 "the machine that firmware runs on (xive-cosim run)")
          .field("run", &Config::run, run_schema(), "what runs on it (xive-cosim run)")
          .field("boot", &Config::boot, boot_schema(),
                 "what a firmware image finds (xive-cosim run, firmware skiboot)")
          .field("scenario", &Config::scenario, scenario_schema(),
                 "an executable scenario (xive-cosim sweep, suite scenarios)");
  return kSchema;
}

}  // namespace xive::config
