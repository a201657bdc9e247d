/* SPDX-License-Identifier: Apache-2.0 */
/* Hardware threads: the boot thread and those started through the firmware. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

typedef void (*thread_work)(void* argument);

/* Index of the calling thread in platform.pirs. */
u32 thread_self(void);
/* -1 for a processor number that no thread has. */
int thread_of_pir(u32 pir);

void thread_init_boot(void);
/* Starts the thread by OPAL_START_CPU; it then serves thread_run(). Returns the firmware's result,
   or OPAL_HARDWARE when the thread did not arrive in time. */
s64 thread_start(u32 thread);
int thread_started(u32 thread);
u64 thread_entry_point(void);
/* Lets a started, idle thread execute `work`. */
void thread_run(u32 thread, thread_work work, void* argument);
int thread_idle(u32 thread);
/* Waits for it; 0 when it came to its end within `ms`. */
int thread_join(u32 thread, u64 ms);
