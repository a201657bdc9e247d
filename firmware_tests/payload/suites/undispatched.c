/* SPDX-License-Identifier: Apache-2.0 */
/* Events for a virtual processor that is on no thread: the queue fills, the pending bits wait in
   memory, and a push merges them (xive-chip.md 6.2, 6.4; tima.md 5; scenarios.md S1.3, S1.4). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/dump.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/guest.h"
#include "firmware_tests/payload/xive/host.h"

static u8 saved_ipb(const struct guest* g) {
  u64 state = 0;
  CHECK_RC("GET_VP_STATE", vp_get_state(g->vp, &state), OPAL_SUCCESS);
  return vp_state_ipb(state);
}

static void end_one(struct guest* g) {
  source_eoi(&g->source);
  tima_set_os_cppr(0xff);
}

/* Pending in memory only. */
static void from_memory(struct guest* g) {
  source_trigger(&g->source);
  CHECK("entry", queue_wait(&g->queue), 0x66);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, g->source.irq), OPAL_SUCCESS);
  CHECK("pending in memory", saved_ipb(g), 0x04);
  state_dump("memory", g->vp);
  CHECK("host hears nothing", ring_nsr(tima_words01(kRingPhys)), 0);
  guest_push(g);
  CHECK("merged by the push: IPB", ring_ipb(tima_words01(kRingOs)), 0x04);
  CHECK("taken from memory", saved_ipb(g), 0);
  tima_set_os_cppr(0xff);
  CHECK("OS ring", tima_summary(kRingOs), 0x80ff0405);
  CHECK("acknowledge", tima_ack_os(), 0x8005);
  end_one(g);
  CHECK("OS ring at the end", tima_summary(kRingOs), 0x00ff00ff);
}

/* Pending in the ring at the pull, and another priority arrives in memory. */
static void from_both(struct guest* g) {
  struct queue other;
  struct source s;
  CHECK_RC("second queue", queue_open(&other, g->vp, 1, 16, kQueueEnabled | kQueueAlwaysNotify),
           OPAL_SUCCESS);
  source_allocate(&s);
  CHECK_RC("second source", source_route(&s, g->vp, 1, 0x67), OPAL_SUCCESS);
  source_trigger(&g->source);
  CHECK("entry", queue_wait(&g->queue), 0x66);
  check_that("OS ring is notified", guest_pending());
  const u32 word2 = guest_pull(g);
  CHECK("the pull returns the valid word", word2, WORD2_VALID | (u32)g->cam);
  CHECK("the ring is invalid", tima_word2(kRingOs) >> 31, 0);
  source_trigger(&s);
  CHECK("entry", queue_wait(&other), 0x67);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, s.irq), OPAL_SUCCESS);
  CHECK("pending in memory", saved_ipb(g) & 0x40, 0x40);
  guest_push(g);
  CHECK("OS ring with both", tima_summary(kRingOs), 0x80ff4401);
  state_dump("pushed", g->vp);
  CHECK("acknowledge 1", tima_ack_os(), 0x8001);
  source_eoi(&s);
  tima_set_os_cppr(0xff);
  CHECK("acknowledge 5", tima_ack_os(), 0x8005);
  end_one(g);
  CHECK("OS ring at the end", tima_summary(kRingOs), 0x00ff00ff);
  CHECK_RC("second source freed", source_free(&s), OPAL_SUCCESS);
  CHECK_RC("second queue closed", queue_close(&other), OPAL_SUCCESS);
}

/* Dispatched: nothing goes to memory. The OS page sees what the hypervisor page sees, in its view.
 */
static void dispatched(struct guest* g) {
  source_trigger(&g->source);
  CHECK("entry", queue_wait(&g->queue), 0x66);
  check_that("OS ring is notified", guest_pending());
  CHECK("nothing in memory", saved_ipb(g), 0);
  CHECK("OS page", ring_summary(mmio_read64(tima_address(kPageOs, kRingOs))), 0x80ff0405);
  CHECK("acknowledge of the other ring", tima_ack_hv() >> 8, 0);
  CHECK("acknowledge through the hypervisor page", mmio_read16(tima_address(kPageHv, kTimaAckOs)),
        0x8005);
  end_one(g);
  mmio_write8(tima_address(kPageOs, kTimaSetOsPending), 3);
  CHECK("pending set by software", tima_summary(kRingOs), 0x80ff1003);
  CHECK("acknowledge", tima_ack_os(), 0x8003);
  tima_set_os_cppr(0xff);
}

void suite_undispatched(void) {
  struct guest g;
  host_reset();
  tima_set_hv_cppr(0xff);
  guest_open(&g, 5, 0x66);
  from_memory(&g);
  from_both(&g);
  dispatched(&g);
  guest_pull(&g);
  guest_close(&g);
}
