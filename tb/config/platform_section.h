// SPDX-License-Identifier: Apache-2.0
/// Description of the sections `platform` (what a machine is made of), `run` (what it does) and
/// `boot` (a firmware image and what it finds).
#pragma once

#include "tb/config/schema.h"
#include "tb/run/run_options.h"

namespace xive::config {

Schema<run::PlatformOptions> platform_schema();
Schema<run::WorkOptions> run_schema();
Schema<run::BootOptions> boot_schema();

}  // namespace xive::config
