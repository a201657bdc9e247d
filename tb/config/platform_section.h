// SPDX-License-Identifier: Apache-2.0
/// Description of the sections `platform` (what a machine is made of) and `run` (what it does).
#pragma once

#include "tb/config/schema.h"
#include "tb/run/run_options.h"

namespace xive::config {

Schema<run::PlatformOptions> platform_schema();
Schema<run::WorkOptions> run_schema();

}  // namespace xive::config
