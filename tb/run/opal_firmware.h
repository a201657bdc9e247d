// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tb/run/firmware.h"

namespace xive::run {

/// The OPAL-style firmware, its call suite, and a mixed load by a Linux-like driver on top of it.
/// Needs a number of chips that is a power of two.
std::unique_ptr<Firmware> make_opal_firmware();

}  // namespace xive::run
