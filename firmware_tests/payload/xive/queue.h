/* SPDX-License-Identifier: Apache-2.0 */
/* An event queue as its reader sees it: words of 32 bits, the highest bit changes each round. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

struct queue {
  u64 vp;
  u32 priority;
  u32* page;
  u32 mask;   /* entries - 1 */
  u32 index;  /* of the next entry */
  u32 toggle; /* highest bit of the entries of the round before: 0 at first */
};

/* Memory of 1 << order bytes and SET_QUEUE_INFO; the result is the firmware's. */
s64 queue_open(struct queue* q, u64 vp, u32 priority, u32 order, u64 flags);
s64 queue_close(struct queue* q);
/* Next entry without its highest bit, or kQueueEmpty. */
u32 queue_pop(struct queue* q);
/* The entry at the reader's place as it is in memory. */
u32 queue_peek(const struct queue* q);
/* Waits for an entry, at most 100 ms. */
u32 queue_wait(struct queue* q);

#define kQueueEmpty 0xffffffffu
