// SPDX-License-Identifier: Apache-2.0
/// State of the interrupt controllers as text, for `monitor xive ...`: a pure observer.
#pragma once

#include <string>
#include <string_view>

#include "sc_models/machine/machine.h"

namespace xive::gdb {

/// `command` without the word "xive": "tima [THREAD]", "esb CHIP SOURCE [COUNT]", "eas ...", "end
/// ...", "nvt ...", "queue CHIP END [ENTRIES]", "lines", "fir". Numbers are decimal or 0x. Anything
/// else gives the list of commands.
std::string xive_monitor(machine::Machine& machine, std::string_view command);

}  // namespace xive::gdb
