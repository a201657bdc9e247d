// SPDX-License-Identifier: Apache-2.0
/// The configuration of the harness: one tree, one description. A file holds any part of it.
#pragma once

#include <string_view>

#include "tb/config/document.h"
#include "tb/config/scenario_section.h"
#include "tb/run/run_options.h"
#include "tb/validate/validate_options.h"

namespace xive::config {

struct Config {
  validate::ValidateOptions validate;
  run::PlatformOptions platform;
  run::WorkOptions run;
  run::BootOptions boot;
  ScenarioOptions scenario;
};

/// `$id` of the JSON Schema and its file under configs/schema/.
inline constexpr std::string_view kSchemaFile = "xive-cosim.schema.json";

const Schema<Config>& config_schema();

}  // namespace xive::config
