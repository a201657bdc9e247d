/* SPDX-License-Identifier: Apache-2.0 */
/* What most suites start from: exploitation mode, a queue of the boot thread, one source. */
#pragma once

#include "firmware_tests/payload/xive/queue.h"
#include "firmware_tests/payload/xive/source.h"
#include "firmware_tests/payload/xive/tima.h"

struct host {
  u64 vp;
  struct queue queue;
  struct source source;
};

enum { kHostPriority = 6 };

/* XIVE_RESET(1); checks its result. */
void host_reset(void);
/* Reset, queue of 64 KiB at kHostPriority, source with entry `number`, CPPR fully open. */
void host_open(struct host* h, u32 number);
/* Source freed, queue closed, CPPR 0. */
void host_close(struct host* h);
/* Pending state of the physical ring is visible: waits until NSR says so, at most 100 ms. */
int host_pending(void);
/* Result of SYNC with the queue of a thread: generation 2 of the firmware does not find the thread
   by the number that it keeps for it. */
s64 host_sync_result(void);
