/* SPDX-License-Identifier: Apache-2.0 */
/* Escalation: an event for a virtual processor that is on no thread reaches the host as an
   interrupt of its own (xive-chip.md 6.2 step 9; scenarios.md 6.7, S1.10, S5.7). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/dump.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/guest.h"
#include "firmware_tests/payload/xive/host.h"

enum { kGuestPriority = 5, kEscalationEntry = 0xe5 };

/* Queue of the guest with escalation, its escalation number routed to the host and armed. */
static void attach(struct host* h, struct guest* g, struct source* escalation) {
  struct queue_info info;
  CHECK_RC("queue that escalates",
           queue_set_info(g->vp, kGuestPriority, g->queue.page, 16,
                          kQueueEnabled | kQueueAlwaysNotify | kQueueEscalate),
           OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_INFO", queue_get_info(g->vp, kGuestPriority, &info), OPAL_SUCCESS);
  CHECK("flags", info.flags, kQueueEnabled | kQueueAlwaysNotify | kQueueEscalate);
  escalation->irq = info.escalation;
  CHECK_RC("GET_IRQ_INFO of the escalation", irq_get_info(escalation->irq, &escalation->info),
           OPAL_SUCCESS);
  CHECK("escalation has no trigger page", escalation->info.flags & kIrqTriggerPage, 0);
  CHECK("escalation: shift", escalation->info.shift, 17);
  CHECK_RC("routed to the host", source_route(escalation, h->vp, kHostPriority, kEscalationEntry),
           OPAL_SUCCESS);
  CHECK("escalation is armed", source_get_pq(escalation), kPqReset);
}

static void escalate_once(struct host* h, struct guest* g, struct source* escalation) {
  source_trigger(&g->source);
  CHECK("entry of the guest", queue_wait(&g->queue), 0x66);
  CHECK("entry of the host", queue_wait(&h->queue), kEscalationEntry);
  CHECK("escalation PQ", source_get_pq(escalation), kPqPending);
  check_that("host is notified", host_pending());
  CHECK("acknowledge", tima_ack_hv(), 0x8000 | kHostPriority);
  tima_set_hv_cppr(0xff);
}

static void coalesced(struct host* h, struct guest* g, struct source* escalation) {
  CHECK("EOI of the guest's source", source_eoi(&g->source), 0);
  source_trigger(&g->source);
  CHECK("entry of the guest", queue_wait(&g->queue), 0x66);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, g->source.irq), OPAL_SUCCESS);
  CHECK("escalation is coalesced", source_get_pq(escalation), kPqQueued);
  CHECK("no entry of the host", queue_pop(&h->queue), kQueueEmpty);
  CHECK("EOI of the guest's source", source_eoi(&g->source), 0);
  /* Off: the guest's event is recorded, nobody is woken. */
  CHECK("escalation off", source_set_pq(escalation, kPqOff), kPqQueued);
  source_trigger(&g->source);
  CHECK("entry of the guest", queue_wait(&g->queue), 0x66);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, g->source.irq), OPAL_SUCCESS);
  CHECK("escalation stays off", source_get_pq(escalation), kPqOff);
  CHECK("no entry of the host", queue_pop(&h->queue), kQueueEmpty);
  CHECK("EOI of the guest's source", source_eoi(&g->source), 0);
}

static void not_while_dispatched(struct host* h, struct guest* g, struct source* escalation) {
  source_set_pq(escalation, kPqReset);
  guest_push(g);
  tima_set_os_cppr(0xff);
  CHECK("what was pending comes with the push", tima_ack_os(), 0x8000 | kGuestPriority);
  tima_set_os_cppr(0xff);
  source_trigger(&g->source);
  CHECK("entry of the guest", queue_wait(&g->queue), 0x66);
  check_that("OS ring is notified", guest_pending());
  CHECK("dispatched: no escalation", source_get_pq(escalation), kPqReset);
  CHECK("no entry of the host", queue_pop(&h->queue), kQueueEmpty);
  CHECK("acknowledge", tima_ack_os(), 0x8000 | kGuestPriority);
  CHECK("EOI of the guest's source", source_eoi(&g->source), 0);
  tima_set_os_cppr(0xff);
  guest_pull(g);
}

void suite_escalation(void) {
  struct host h;
  struct guest g;
  struct source escalation;
  host_open(&h, 0x11);
  guest_open(&g, kGuestPriority, 0x66);
  attach(&h, &g, &escalation);
  escalate_once(&h, &g, &escalation);
  state_dump("escalated", g.vp);
  coalesced(&h, &g, &escalation);
  not_while_dispatched(&h, &g, &escalation);
  escalate_once(&h, &g, &escalation);
  source_eoi(&g.source);
  source_set_pq(&escalation, kPqOff);
  guest_close(&g);
  host_close(&h);
}

/* Single escalation: queues 0 to 6 escalate to the one of priority 7, which escalates to the host.
 */
void suite_single_escalation(void) {
  struct host h;
  struct guest g;
  struct source escalation, second_source;
  struct queue second;
  struct queue_info info;
  CHECK("firmware offers it", platform.single_escalation, 1);
  host_open(&h, 0x11);
  guest_open(&g, kGuestPriority, 0x66);
  CHECK_RC("queue closed", queue_close(&g.queue), OPAL_SUCCESS);
  CHECK_RC("single escalation", vp_set_info(g.vp, kVpEnabled | kVpSingleEscalation, 0),
           OPAL_SUCCESS);
  CHECK_RC("queue",
           queue_set_info(g.vp, kGuestPriority, g.queue.page, 16,
                          kQueueEnabled | kQueueAlwaysNotify | kQueueEscalate),
           OPAL_SUCCESS);
  CHECK_RC("second queue",
           queue_open(&second, g.vp, 2, 16, kQueueEnabled | kQueueAlwaysNotify | kQueueEscalate),
           OPAL_SUCCESS);
  source_allocate(&second_source);
  CHECK_RC("second source", source_route(&second_source, g.vp, 2, 0x62), OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_INFO", queue_get_info(g.vp, kGuestPriority, &info), OPAL_SUCCESS);
  escalation.irq = info.escalation;
  CHECK_RC("GET_IRQ_INFO of the escalation", irq_get_info(escalation.irq, &escalation.info),
           OPAL_SUCCESS);
  CHECK_RC("routed to the host", source_route(&escalation, h.vp, kHostPriority, kEscalationEntry),
           OPAL_SUCCESS);
  escalate_once(&h, &g, &escalation);
  source_trigger(&second_source);
  CHECK("entry of the other priority", queue_wait(&second), 0x62);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, second_source.irq), OPAL_SUCCESS);
  CHECK("one escalation for both", source_get_pq(&escalation), kPqQueued);
  CHECK("no entry of the host", queue_pop(&h.queue), kQueueEmpty);
  u64 state = 0;
  CHECK_RC("GET_VP_STATE", vp_get_state(g.vp, &state), OPAL_SUCCESS);
  CHECK("both pending in memory", vp_state_ipb(state), 0x24);
  state_dump("single", g.vp);
  guest_push(&g);
  tima_set_os_cppr(0xff);
  CHECK("acknowledge 2", tima_ack_os(), 0x8002);
  tima_set_os_cppr(0xff);
  CHECK("acknowledge 5", tima_ack_os(), 0x8005);
  guest_pull(&g);
  CHECK("EOI", source_eoi(&g.source), 0);
  CHECK("EOI", source_eoi(&second_source), 0);
  source_set_pq(&escalation, kPqOff);
  CHECK_RC("second source freed", source_free(&second_source), OPAL_SUCCESS);
  CHECK_RC("second queue closed", queue_close(&second), OPAL_SUCCESS);
  guest_close(&g);
  host_close(&h);
}
