/* SPDX-License-Identifier: Apache-2.0 */
/* The state of the interrupt controller as software can see it. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

/* With the argument dump=1 prints lines that start with `dump` and `where`: the thread's rings, its
   queues and saved state, those of the virtual processor `guest` (0: none), and the interrupt
   numbers that are in use. Reads without side effects only. */
void state_dump(const char* where, u64 guest);
