/* SPDX-License-Identifier: Apache-2.0 */
/* A virtual processor that can be put on the OS ring of the calling thread (scenarios.md 6.7, 6.8).
 */
#pragma once

#include "firmware_tests/payload/xive/queue.h"
#include "firmware_tests/payload/xive/source.h"
#include "firmware_tests/payload/xive/tima.h"

struct guest {
  u64 block; /* what ALLOCATE_VP_BLOCK gave; the first of it is used */
  u64 vp;
  u64 cam;
  u64 words01; /* saved words of the ring: generation 1 keeps them in software */
  struct queue queue;
  struct source source;
};

/* Block of one VP, enabled; a queue of 64 KiB at `priority` and a source with entry `number`. */
void guest_open(struct guest* g, u32 priority, u32 number);
void guest_close(struct guest* g);
void guest_push(struct guest* g);
/* Returns word 2 as the pull gave it. */
u32 guest_pull(struct guest* g);
/* Waits until the OS ring shows an exception, at most 100 ms. */
int guest_pending(void);
