/* SPDX-License-Identifier: Apache-2.0 */
/* The event state buffer: every operation in every state, by load and by store where there is one
   (xive-chip.md 5.1, 5.2). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/print.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

/* State after a trigger and after an end of interrupt, by state before. */
static const enum pq kAfterTrigger[] = {kPqPending, kPqOff, kPqQueued, kPqQueued};
static const enum pq kAfterEoi[] = {kPqReset, kPqOff, kPqReset, kPqPending};

static u64 drain(struct queue* q) {
  u64 n = 0;
  while (queue_pop(q) != kQueueEmpty) {
    ++n;
  }
  return n;
}

static void automaton(struct host* h) {
  u64 wrong = 0;
  for (u32 pq = 0; pq < 4; ++pq) {
    for (u32 next = 0; next < 4; ++next) {
      source_set_pq(&h->source, pq);
      wrong += source_set_pq(&h->source, next) != pq;
      wrong += source_get_pq(&h->source) != next;
    }
  }
  CHECK("set operations that deviate", wrong, 0);
  CHECK("set operations forward nothing", drain(&h->queue), 0);
  for (u32 pq = 0; pq < 4; ++pq) {
    source_set_pq(&h->source, pq);
    source_trigger(&h->source);
    CHECK("after a trigger", source_get_pq(&h->source), kAfterTrigger[pq]);
    opal(OPAL_XIVE_SYNC, 3, h->source.irq);
    CHECK("forwarded by the trigger", drain(&h->queue), pq == kPqReset);
  }
  for (u32 pq = 0; pq < 4; ++pq) {
    source_set_pq(&h->source, pq);
    CHECK("result of the EOI load", esb_load(h->source.info.eoi_page, 0), pq == kPqQueued);
    CHECK("after the EOI load", source_get_pq(&h->source), kAfterEoi[pq]);
    opal(OPAL_XIVE_SYNC, 3, h->source.irq);
    CHECK("forwarded by the EOI load", drain(&h->queue), pq == kPqQueued);
  }
}

/* Offsets inside one operation mean the same. */
static void offsets(struct host* h) {
  const u64 page = h->source.info.eoi_page;
  u64 wrong = 0;
  source_set_pq(&h->source, kPqPending);
  wrong += esb_load(page, 0x808) != kPqPending;
  wrong += esb_load(page, 0xbf8) != kPqPending;
  wrong += esb_load(page, 0xd08) != kPqPending;
  wrong += esb_load(page, 0xcf8) != kPqOff;
  wrong += esb_load(page, 0xff8) != kPqReset;
  wrong += esb_load(page, 0xe80) != kPqQueued;
  wrong += esb_load(page, 0x3f8) != 0;
  wrong += esb_load(page, 0x800) != kPqReset;
  CHECK("offsets that deviate", wrong, 0);
  mmio_write64(h->source.info.trigger_page + 0x800, ~0ull);
  CHECK("a store anywhere in the trigger page", source_get_pq(&h->source), kPqPending);
  CHECK("load of the trigger page", mmio_read64(h->source.info.trigger_page), ~0ull);
  CHECK("it has no effect", source_get_pq(&h->source), kPqPending);
  source_set_pq(&h->source, kPqReset);
  opal(OPAL_XIVE_SYNC, 3, h->source.irq);
  drain(&h->queue);
}

/* Stores to the EOI page: 0x000 trigger, 0x400 EOI where the flags offer it, 0xc00 to 0xf00 set. */
static void stores(struct host* h) {
  const u64 page = h->source.info.eoi_page;
  u64 wrong = 0;
  for (u32 pq = 0; pq < 4; ++pq) {
    mmio_write64(page + 0xc00 + 0x100 * pq, 0);
    sync();
    wrong += source_get_pq(&h->source) != pq;
  }
  CHECK("store forms that deviate", wrong, 0);
  if ((h->source.info.flags & kIrqStoreEoi2) != 0) {
    for (u32 pq = 0; pq < 4; ++pq) {
      source_set_pq(&h->source, pq);
      mmio_write64(page + 0x400, 0);
      sync();
      CHECK("after the EOI store", source_get_pq(&h->source), kAfterEoi[pq]);
      opal(OPAL_XIVE_SYNC, 3, h->source.irq);
      CHECK("forwarded by the EOI store", drain(&h->queue), pq == kPqQueued);
    }
    source_set_pq(&h->source, kPqQueued);
    CHECK("load with the ordering bit", esb_load(page, 0xc40), kPqQueued);
    CHECK("sets as without it", source_get_pq(&h->source), kPqReset);
  }
  source_set_pq(&h->source, kPqReset);
  opal(OPAL_XIVE_SYNC, 3, h->source.irq);
  drain(&h->queue);
}

void suite_esb(void) {
  struct host h;
  host_open(&h, 0x42);
  automaton(&h);
  offsets(&h);
  stores(&h);
  tima_set_hv_cppr(0xff);
  while (tima_ack_hv() >> 8 != 0) {
    tima_set_hv_cppr(0xff);
  }
  host_close(&h);
}

/* Accesses of one, two and four bytes (xive-chip.md 0): firmware uses single bytes. */
void suite_esb_sizes(void) {
  struct host h;
  host_open(&h, 0x43);
  const u64 page = h.source.info.eoi_page;
  source_set_pq(&h.source, kPqQueued);
  CHECK("one byte: get", mmio_read8(page + 0x800), kPqQueued);
  CHECK("two bytes: get", mmio_read16(page + 0x800), kPqQueued);
  CHECK("four bytes: get", mmio_read32(page + 0x800), kPqQueued);
  CHECK("one byte: set 00", mmio_read8(page + 0xc00), kPqQueued);
  CHECK("state", source_get_pq(&h.source), kPqReset);
  mmio_write8(h.source.info.trigger_page, 0);
  sync();
  CHECK("one byte: trigger", source_get_pq(&h.source), kPqPending);
  CHECK("entry", queue_wait(&h.queue), 0x43);
  CHECK("four bytes: EOI", mmio_read32(page), 0);
  mmio_write32(h.source.info.trigger_page, 0);
  sync();
  CHECK("four bytes: trigger", source_get_pq(&h.source), kPqPending);
  CHECK("entry", queue_wait(&h.queue), 0x43);
  CHECK("acknowledge", tima_ack_hv(), 0x8006);
  host_close(&h);
}
