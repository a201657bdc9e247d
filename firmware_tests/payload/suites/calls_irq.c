/* SPDX-License-Identifier: Apache-2.0 */
/* The calls on interrupts: ALLOCATE_IRQ, FREE_IRQ, GET_IRQ_INFO, GET_IRQ_CONFIG, SET_IRQ_CONFIG,
   SYNC, DUMP, with good and with bad arguments (xive-chip.md 7.2). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

#define NO_BLOCK_IRQ (platform.generation == 1 ? 0x00f00010ull : 0x0f000010ull)

static void allocation(void) {
  const s64 a = opal(OPAL_XIVE_ALLOCATE_IRQ, ANY_CHIP);
  const s64 b = opal(OPAL_XIVE_ALLOCATE_IRQ, 0);
  check_that("ALLOCATE_IRQ(any)", a > 0);
  CHECK("ALLOCATE_IRQ(chip 0): the next number", b - a, 1);
  CHECK_RC("ALLOCATE_IRQ(no such chip)", opal(OPAL_XIVE_ALLOCATE_IRQ, 99), OPAL_PARAMETER);
  CHECK_RC("FREE_IRQ", opal(OPAL_XIVE_FREE_IRQ, a), OPAL_SUCCESS);
  CHECK_RC("FREE_IRQ twice", opal(OPAL_XIVE_FREE_IRQ, a), OPAL_PARAMETER);
  CHECK_RC("FREE_IRQ of another block", opal(OPAL_XIVE_FREE_IRQ, NO_BLOCK_IRQ), OPAL_PARAMETER);
  CHECK_RC("a freed number comes again", opal(OPAL_XIVE_ALLOCATE_IRQ, ANY_CHIP), a);
  CHECK_RC("FREE_IRQ", opal(OPAL_XIVE_FREE_IRQ, b), OPAL_SUCCESS);
  CHECK_RC("FREE_IRQ", opal(OPAL_XIVE_FREE_IRQ, a), OPAL_SUCCESS);
}

static void information(struct host* h) {
  const struct irq_info* info = &h->source.info;
  struct irq_info other;
  note("number", h->source.irq);
  CHECK("flags", info->flags,
        platform.generation == 1 ? kIrqTriggerPage : kIrqTriggerPage | kIrqStoreEoi2);
  CHECK("shift", info->shift, 17);
  CHECK("chip", info->chip, 0);
  const u64 base = platform.generation == 1 ? 0x6010000000000ull : 0x6050000000000ull;
  CHECK("EOI page", info->eoi_page, base + h->source.irq * 0x20000ull + 0x10000);
  CHECK("trigger page", info->trigger_page, base + h->source.irq * 0x20000ull);
  CHECK_RC("GET_IRQ_INFO without flags", opal(OPAL_XIVE_GET_IRQ_INFO, h->source.irq, 0, 0, 0, 0, 0),
           OPAL_PARAMETER);
  u64 flags = 0;
  CHECK_RC("GET_IRQ_INFO of flags alone",
           opal(OPAL_XIVE_GET_IRQ_INFO, h->source.irq, &flags, 0, 0, 0, 0), OPAL_SUCCESS);
  CHECK("flags alone", be64(flags), info->flags);
  CHECK_RC("GET_IRQ_INFO of another block", irq_get_info(NO_BLOCK_IRQ, &other), OPAL_PARAMETER);
}

static void configuration(struct host* h) {
  struct irq_config config;
  struct source fresh;
  u64 bad = 0;
  /* The priority is that of the END, which knows it when its queue is enabled. */
  for (u32 priority = 0; priority < 8; ++priority) {
    if (priority != kHostPriority) {
      bad += queue_set_info(h->vp, priority, 0, 0, kQueueEnabled) != OPAL_SUCCESS;
    }
  }
  CHECK("queues refused", bad, 0);
  source_allocate(&fresh);
  CHECK_RC("GET_IRQ_CONFIG of a fresh number", irq_get_config(fresh.irq, &config), OPAL_SUCCESS);
  CHECK("fresh: masked", config.priority, 0xff);
  CHECK("fresh: entry is the number", config.number, fresh.irq);
  CHECK_RC("SET_IRQ_CONFIG", irq_set_config(fresh.irq, h->vp, 3, 0x71234567), OPAL_SUCCESS);
  CHECK_RC("GET_IRQ_CONFIG", irq_get_config(fresh.irq, &config), OPAL_SUCCESS);
  CHECK("priority", config.priority, 3);
  CHECK("entry", config.number, 0x71234567);
  /* Generation 2 of this firmware leaves the bit of hardware contexts in. */
  CHECK("vp", config.vp & ~(platform.generation == 1 ? 0ull : 0x80ull), h->vp);
  CHECK_RC("masked by 0xff", irq_set_config(fresh.irq, h->vp, 0xff, 0x22), OPAL_SUCCESS);
  CHECK_RC("GET_IRQ_CONFIG", irq_get_config(fresh.irq, &config), OPAL_SUCCESS);
  CHECK("masked: priority", config.priority, 0xff);
  CHECK("masked: entry", config.number, 0x22);
  CHECK_RC("SET_IRQ_CONFIG priority 8", irq_set_config(fresh.irq, h->vp, 8, 1), OPAL_PARAMETER);
  CHECK_RC("SET_IRQ_CONFIG no such thread", irq_set_config(fresh.irq, kPirOfNobody, 6, 1),
           OPAL_PARAMETER);
  CHECK_RC("SET_IRQ_CONFIG group", irq_set_config(fresh.irq, 0x80000000, 6, 1), OPAL_PARAMETER);
  CHECK_RC("SET_IRQ_CONFIG virtual processor nobody has",
           irq_set_config(fresh.irq, vp_nobody_has(), 6, 1), OPAL_PARAMETER);
  CHECK_RC("SET_IRQ_CONFIG of another block", irq_set_config(NO_BLOCK_IRQ, h->vp, 6, 1),
           OPAL_PARAMETER);
  CHECK_RC("GET_IRQ_CONFIG of another block", irq_get_config(NO_BLOCK_IRQ, &config),
           OPAL_PARAMETER);
  CHECK_RC("a refused call changed nothing", irq_get_config(fresh.irq, &config), OPAL_SUCCESS);
  CHECK("priority", config.priority, 0xff);
  CHECK("entry", config.number, 0x22);
  /* All priorities, and the number's width: 31 bits. */
  for (u32 priority = 0; priority < 8; ++priority) {
    bad += irq_set_config(fresh.irq, h->vp, priority, 0xffffffff) != OPAL_SUCCESS;
    bad += irq_get_config(fresh.irq, &config) != OPAL_SUCCESS;
    bad += config.priority != priority || config.number != 0x7fffffff;
  }
  CHECK("priorities that do not come back", bad, 0);
  CHECK("state buffer is untouched", source_get_pq(&fresh), kPqOff);
  CHECK_RC("freed", source_free(&fresh), OPAL_SUCCESS);
  CHECK_RC("GET_IRQ_CONFIG of a freed number", irq_get_config(fresh.irq, &config), OPAL_SUCCESS);
  CHECK("freed: masked", config.priority, 0xff);
  note("freed: entry", config.number);
}

static void synchronisation(struct host* h) {
  CHECK_RC("SYNC source", opal(OPAL_XIVE_SYNC, 1, h->source.irq), OPAL_SUCCESS);
  CHECK_RC("SYNC queue", opal(OPAL_XIVE_SYNC, 2, h->source.irq), host_sync_result());
  CHECK_RC("SYNC both", opal(OPAL_XIVE_SYNC, 3, h->source.irq), host_sync_result());
  CHECK_RC("SYNC of no type", opal(OPAL_XIVE_SYNC, 0, h->source.irq), OPAL_SUCCESS);
  CHECK_RC("SYNC of another block", opal(OPAL_XIVE_SYNC, 1, NO_BLOCK_IRQ), OPAL_PARAMETER);
  CHECK_RC("DUMP of the physical ring", opal(OPAL_XIVE_DUMP, 0, h->vp), OPAL_SUCCESS);
  CHECK_RC("DUMP of the OS ring", opal(OPAL_XIVE_DUMP, 2, h->vp), OPAL_SUCCESS);
  CHECK_RC("DUMP of the virtual processor", opal(OPAL_XIVE_DUMP, 4, h->vp), OPAL_SUCCESS);
  CHECK_RC("DUMP of another type", opal(OPAL_XIVE_DUMP, 99, h->vp), OPAL_PARAMETER);
  CHECK_RC("DUMP of no thread", opal(OPAL_XIVE_DUMP, 0, kPirOfNobody), OPAL_PARAMETER);
}

/* The history of firmware has a number that masks an event that is on its way: it must stay valid.
 */
static void late_trigger(struct host* h) {
  struct source s;
  source_allocate(&s);
  CHECK_RC("routed", source_route(&s, h->vp, kHostPriority, 0x99), OPAL_SUCCESS);
  CHECK_RC("freed", source_free(&s), OPAL_SUCCESS);
  source_trigger(&s);
  CHECK("trigger of a freed number: off", source_get_pq(&s), kPqOff);
  CHECK("no entry", queue_pop(&h->queue), kQueueEmpty);
  CHECK("thread hears nothing", tima_summary(kRingPhys), 0x00ff00ff);
}

void suite_calls_irq(void) {
  struct host h;
  host_open(&h, 0x77);
  allocation();
  information(&h);
  configuration(&h);
  synchronisation(&h);
  late_trigger(&h);
  host_close(&h);
}
