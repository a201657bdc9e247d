// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tb/config/schema.h"

namespace xive::config {

/// Which scenario a sweep runs, and how far; TIMA and seed are those of `platform` and `run`.
struct ScenarioOptions {
  std::string id;  ///< empty: none
  bool sweep = false;
  bool faulty = true;
};

/// The section `scenario`.
Schema<ScenarioOptions> scenario_schema();

}  // namespace xive::config
