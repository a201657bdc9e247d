/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/xive/queue.h"

#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/memory.h"
#include "firmware_tests/payload/xive/calls.h"

s64 queue_open(struct queue* q, u64 vp, u32 priority, u32 order, u64 flags) {
  const u64 size = 1ull << order;
  q->vp = vp;
  q->priority = priority;
  q->page = page_allocate((size + PAGE_SIZE - 1) / PAGE_SIZE, size);
  q->mask = (u32)(size / 4 - 1);
  q->index = 0;
  q->toggle = 0;
  return queue_set_info(vp, priority, q->page, order, flags);
}

s64 queue_close(struct queue* q) {
  return queue_set_info(q->vp, q->priority, 0, 0, 0);
}

u32 queue_peek(const struct queue* q) {
  return be32(*(volatile u32*)(q->page + q->index));
}

u32 queue_pop(struct queue* q) {
  const u32 word = queue_peek(q);
  if (word >> 31 == q->toggle) {
    return kQueueEmpty;
  }
  q->index = (q->index + 1) & q->mask;
  if (q->index == 0) {
    q->toggle ^= 1;
  }
  lwsync();
  return word & 0x7fffffff;
}

u32 queue_wait(struct queue* q) {
  const u64 start = timebase();
  u32 entry = queue_pop(q);
  while (entry == kQueueEmpty && timebase() - start < 100 * TICKS_PER_MS) {
    entry = queue_pop(q);
  }
  return entry;
}
