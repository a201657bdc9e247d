/* SPDX-License-Identifier: Apache-2.0 */
/* A source, its event state buffer, the queue and the thread, polled step by step; the values are
   those of a directed event at priority 6 (scenarios.md 6.3, tima.md 3). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/dump.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

static void first_event(struct host* h) {
  CHECK("physical ring before", tima_summary(kRingPhys), 0x00ff00ff);
  CHECK("acknowledge with nothing pending", tima_ack_hv(), 0x00ff);
  CHECK("PQ before", source_get_pq(&h->source), kPqReset);
  source_trigger(&h->source);
  CHECK("entry of the queue", queue_wait(&h->queue), 0x1234);
  CHECK("PQ after the trigger", source_get_pq(&h->source), kPqPending);
  check_that("thread is notified", host_pending());
  CHECK("physical ring after", tima_summary(kRingPhys), 0x80ff0206);
  CHECK("no second entry", queue_pop(&h->queue), kQueueEmpty);
}

static void coalescing(struct host* h) {
  source_trigger(&h->source);
  CHECK("PQ after a second trigger", source_get_pq(&h->source), kPqQueued);
  source_trigger(&h->source);
  CHECK("PQ after a third trigger", source_get_pq(&h->source), kPqQueued);
  CHECK("no entry for them", queue_pop(&h->queue), kQueueEmpty);
  state_dump("coalesced", 0);
}

static void acknowledge(void) {
  CHECK("acknowledge", tima_ack_hv(), 0x8006);
  const u64 words = tima_words01(kRingPhys);
  CHECK("NSR after it", ring_nsr(words), 0);
  CHECK("CPPR after it", ring_cppr(words), 6);
  CHECK("IPB after it", ring_ipb(words), 0);
  CHECK("acknowledge again", tima_ack_hv(), 0x0006);
}

static void end_of_interrupt(struct host* h) {
  const int store = (h->source.info.flags & kIrqStoreEoi2) != 0;
  CHECK("EOI forwards again", source_eoi(&h->source), store ? 0 : 1);
  CHECK("entry of the second event", queue_wait(&h->queue), 0x1234);
  CHECK("PQ after EOI", source_get_pq(&h->source), kPqPending);
  const u64 words = tima_words01(kRingPhys);
  CHECK("IPB of the second event", ring_ipb(words), 0x02);
  CHECK("masked by CPPR", ring_nsr(words), 0);
  tima_set_hv_cppr(0xff);
  CHECK("physical ring when CPPR is open", tima_summary(kRingPhys), 0x80ff0206);
  CHECK("acknowledge", tima_ack_hv(), 0x8006);
  CHECK("EOI without another event", source_eoi(&h->source), 0);
  CHECK("PQ at the end", source_get_pq(&h->source), kPqReset);
  tima_set_hv_cppr(0xff);
  CHECK("physical ring at the end", tima_summary(kRingPhys), 0x00ff00ff);
}

static void masked(struct host* h) {
  u32 toggle, index;
  CHECK_RC("queue state", queue_get_state(h->vp, kHostPriority, &toggle, &index), OPAL_SUCCESS);
  CHECK("toggle", toggle, 1);
  CHECK("index", index, 2);
  CHECK("source off: old PQ", source_set_pq(&h->source, kPqOff), kPqReset);
  source_trigger(&h->source);
  CHECK("source off: PQ stays", source_get_pq(&h->source), kPqOff);
  CHECK("source off: no entry", queue_pop(&h->queue), kQueueEmpty);
  source_set_pq(&h->source, kPqReset);
  CHECK_RC("masked by the firmware", irq_set_config(h->source.irq, h->vp, 0xff, 0x1234),
           OPAL_SUCCESS);
  source_trigger(&h->source);
  CHECK("masked: PQ moves", source_get_pq(&h->source), kPqPending);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, h->source.irq), OPAL_SUCCESS);
  CHECK("masked: no entry", queue_pop(&h->queue), kQueueEmpty);
  CHECK("masked: thread hears nothing", tima_summary(kRingPhys), 0x00ff00ff);
  CHECK_RC("unmasked with another number",
           irq_set_config(h->source.irq, h->vp, kHostPriority, 0x7fffffff), OPAL_SUCCESS);
  source_set_pq(&h->source, kPqReset);
  source_trigger(&h->source);
  CHECK("entry with all bits", queue_wait(&h->queue), 0x7fffffff);
  check_that("thread is notified", host_pending());
  CHECK("acknowledge", tima_ack_hv(), 0x8006);
  CHECK("EOI", source_eoi(&h->source), 0);
  tima_set_hv_cppr(0xff);
}

/* Many sources into one queue: entries come in the order of the triggers. */
static void many(struct host* h) {
  enum { kSources = 16 };
  struct source sources[kSources];
  u64 bad = 0;
  for (u32 i = 0; i < kSources; ++i) {
    source_allocate(&sources[i]);
    bad += source_route(&sources[i], h->vp, kHostPriority, 0x100 + i) != OPAL_SUCCESS;
  }
  CHECK("sources refused", bad, 0);
  CHECK("numbers are consecutive", sources[kSources - 1].irq - sources[0].irq, kSources - 1);
  for (u32 i = 0; i < kSources; ++i) {
    source_trigger(&sources[(i * 7) % kSources]);
  }
  u64 wrong = 0;
  for (u32 i = 0; i < kSources; ++i) {
    wrong += queue_wait(&h->queue) != 0x100 + (i * 7) % kSources;
  }
  CHECK("entries out of order", wrong, 0);
  check_that("thread is notified", host_pending());
  CHECK("one acknowledge for all", tima_ack_hv(), 0x8006);
  tima_set_hv_cppr(0xff);
  CHECK("nothing is left", tima_ack_hv(), 0x00ff);
  bad = 0;
  for (u32 i = 0; i < kSources; ++i) {
    bad += source_eoi(&sources[i]) != 0;
    bad += source_free(&sources[i]) != OPAL_SUCCESS;
  }
  CHECK("sources not ended well", bad, 0);
}

void suite_ipi(void) {
  struct host h;
  host_open(&h, 0x1234);
  first_event(&h);
  coalescing(&h);
  acknowledge();
  end_of_interrupt(&h);
  masked(&h);
  many(&h);
  host_close(&h);
}
