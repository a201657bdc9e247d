/* SPDX-License-Identifier: Apache-2.0 */
/* What the suites with several threads share. */
#pragma once

#include "firmware_tests/payload/rt/thread.h"
#include "firmware_tests/payload/xive/queue.h"
#include "firmware_tests/payload/xive/source.h"

/* Starts all threads that do not run yet; number of those that did not. */
u64 smp_start_all(void);
/* Work on one other thread, waited for: 0 when it came to its end. */
int smp_on(u32 thread, thread_work work, void* argument);
/* Work on all threads, this one too; number of those that were late. */
u64 smp_on_all(thread_work work, void* argument);
/* Queue and source of a thread; number of refusals. */
u64 smp_open_endpoint(struct queue* q, struct source* s, u32 thread, u32 number);
