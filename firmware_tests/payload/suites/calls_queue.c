/* SPDX-License-Identifier: Apache-2.0 */
/* The calls on queues: GET_QUEUE_INFO, SET_QUEUE_INFO, GET_QUEUE_STATE, SET_QUEUE_STATE
 * (xive-chip.md 7.2). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/memory.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

/* Generation 2 of this firmware shifts the lower address bits: what it returns is no address. */
static void check_page(const char* name, const struct queue_info* info, const void* page) {
  if (platform.generation == 1) {
    CHECK(name, info->page, page);
  } else {
    note(name, info->page);
  }
}

static void fresh(u64 vp) {
  struct queue_info info;
  u32 toggle, index;
  u64 bad = 0;
  u64 pages = 0;
  for (u32 priority = 0; priority < 8; ++priority) {
    bad += queue_get_info(vp, priority, &info) != OPAL_SUCCESS;
    bad += info.page != 0 || info.size != 0 || info.flags != 0;
    pages += info.eoi_page & 0xffff;
  }
  CHECK("queues that are not closed after reset", bad, 0);
  CHECK("EOI pages are pages", pages, 0);
  CHECK_RC("GET_QUEUE_INFO", queue_get_info(vp, 6, &info), OPAL_SUCCESS);
  note("escalation number", info.escalation);
  note("EOI page", info.eoi_page);
  CHECK_RC("GET_QUEUE_STATE of a closed queue", queue_get_state(vp, 6, &toggle, &index),
           OPAL_WRONG_STATE);
  CHECK_RC("SET_QUEUE_STATE of a closed queue", queue_set_state(vp, 6, 1, 0), OPAL_WRONG_STATE);
  CHECK_RC("GET_QUEUE_INFO priority 8", queue_get_info(vp, 8, &info), OPAL_PARAMETER);
  CHECK_RC("GET_QUEUE_INFO no such thread", queue_get_info(kPirOfNobody, 6, &info), OPAL_PARAMETER);
  CHECK_RC("GET_QUEUE_INFO group", queue_get_info(0x80000000, 6, &info), OPAL_PARAMETER);
  CHECK_RC("GET_QUEUE_INFO without results", opal(OPAL_XIVE_GET_QUEUE_INFO, vp, 6, 0, 0, 0, 0, 0),
           OPAL_SUCCESS);
}

static void sizes(u64 vp) {
  static const u32 kOrders[] = {12, 16, 21, 24};
  for (u32 i = 0; i < ARRAY_SIZE(kOrders); ++i) {
    const u64 mark = page_mark();
    struct queue q;
    struct queue_info info;
    u32 toggle, index;
    CHECK_RC("SET_QUEUE_INFO", queue_open(&q, vp, 5, kOrders[i], kQueueEnabled), OPAL_SUCCESS);
    CHECK_RC("GET_QUEUE_INFO", queue_get_info(vp, 5, &info), OPAL_SUCCESS);
    CHECK("size", info.size, kOrders[i]);
    CHECK("flags", info.flags, kQueueEnabled);
    check_page("page", &info, q.page);
    CHECK_RC("GET_QUEUE_STATE", queue_get_state(vp, 5, &toggle, &index), OPAL_SUCCESS);
    CHECK("toggle", toggle, 1);
    CHECK("index", index, 0);
    CHECK_RC("closed", queue_close(&q), OPAL_SUCCESS);
    page_release(mark);
  }
  static const u32 kBad[] = {1, 11, 13, 17, 20, 25, 64};
  void* page = page_allocate(1, 0);
  u64 accepted = 0;
  for (u32 i = 0; i < ARRAY_SIZE(kBad); ++i) {
    accepted += queue_set_info(vp, 5, page, kBad[i], kQueueEnabled) != OPAL_PARAMETER;
  }
  CHECK("other sizes accepted", accepted, 0);
}

static void flags(u64 vp) {
  static const u64 kSets[] = {kQueueEnabled | kQueueAlwaysNotify | kQueueEscalate,
                              kQueueEnabled | kQueueEscalate, kQueueEnabled | kQueueAlwaysNotify,
                              kQueueEnabled};
  struct queue_info info;
  void* page = page_allocate(1, 0);
  for (u32 i = 0; i < ARRAY_SIZE(kSets); ++i) {
    CHECK_RC("SET_QUEUE_INFO", queue_set_info(vp, 4, page, 16, kSets[i]), OPAL_SUCCESS);
    CHECK_RC("GET_QUEUE_INFO", queue_get_info(vp, 4, &info), OPAL_SUCCESS);
    CHECK("flags, set and cleared", info.flags, kSets[i]);
  }
  CHECK_RC("enabled without a queue", queue_set_info(vp, 4, 0, 0, kQueueEnabled), OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_INFO", queue_get_info(vp, 4, &info), OPAL_SUCCESS);
  CHECK("flags", info.flags, kQueueEnabled);
  CHECK("no page", info.page, 0);
  CHECK("no size", info.size, 0);
  CHECK_RC("disabled", queue_set_info(vp, 4, page, 16, 0), OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_INFO", queue_get_info(vp, 4, &info), OPAL_SUCCESS);
  CHECK("flags", info.flags, 0);
  CHECK_RC("SET_QUEUE_INFO priority 8", queue_set_info(vp, 8, page, 16, kQueueEnabled),
           OPAL_PARAMETER);
  CHECK_RC("SET_QUEUE_INFO no such thread",
           queue_set_info(kPirOfNobody, 4, page, 16, kQueueEnabled), OPAL_PARAMETER);
  CHECK_RC("SET_QUEUE_INFO group", queue_set_info(0x80000000, 4, page, 16, kQueueEnabled),
           OPAL_PARAMETER);
}

static void state(u64 vp) {
  struct queue q;
  u32 toggle, index;
  CHECK_RC("SET_QUEUE_INFO", queue_open(&q, vp, 3, 12, kQueueEnabled), OPAL_SUCCESS);
  CHECK_RC("SET_QUEUE_STATE", queue_set_state(vp, 3, 0, 0x155), OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_STATE", queue_get_state(vp, 3, &toggle, &index), OPAL_SUCCESS);
  CHECK("toggle", toggle, 0);
  CHECK("index", index, 0x155);
  CHECK_RC("SET_QUEUE_STATE", queue_set_state(vp, 3, 1, 0x2aa), OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_STATE", queue_get_state(vp, 3, &toggle, &index), OPAL_SUCCESS);
  CHECK("toggle", toggle, 1);
  CHECK("index", index, 0x2aa);
  /* Configured again, the queue starts over (xive-chip.md P63). */
  CHECK_RC("SET_QUEUE_INFO again", queue_set_info(vp, 3, q.page, 12, kQueueEnabled), OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_STATE", queue_get_state(vp, 3, &toggle, &index), OPAL_SUCCESS);
  CHECK("toggle", toggle, 1);
  CHECK("index", index, 0);
  CHECK_RC("GET_QUEUE_STATE priority 8", queue_get_state(vp, 8, &toggle, &index), OPAL_PARAMETER);
  CHECK_RC("SET_QUEUE_STATE priority 8", queue_set_state(vp, 8, 1, 0), OPAL_PARAMETER);
  CHECK_RC("GET_QUEUE_STATE no such thread", queue_get_state(kPirOfNobody, 3, &toggle, &index),
           OPAL_PARAMETER);
  CHECK_RC("SET_QUEUE_STATE group", queue_set_state(0x80000000, 3, 1, 0), OPAL_PARAMETER);
  CHECK_RC("closed", queue_close(&q), OPAL_SUCCESS);
}

void suite_calls_queue(void) {
  host_reset();
  const u64 vp = platform.boot_pir;
  fresh(vp);
  sizes(vp);
  flags(vp);
  state(vp);
}
