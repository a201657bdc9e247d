// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/schema.h"
#include "tb/validate/validate_options.h"

namespace xive::config {

/// The section `validate`. Places of results (out, json, junit) belong to a run, not to a
/// configuration: they are given on the command line only.
Schema<validate::ValidateOptions> validate_schema();

/// The knobs of a TIMA, a part of several sections.
Schema<tima::Knobs> knobs_schema();

}  // namespace xive::config
