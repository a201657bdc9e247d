/* SPDX-License-Identifier: Apache-2.0 */
/* Queues go round: index, generation, and nothing lost; queue state saved and restored
   (xive-chip.md 6.2, scenarios.md 6.10). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/dump.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

enum { kEntries = 1024, kRounds = 2 };

static void one_event(struct source* s, struct queue* q, u32 number, u64* wrong) {
  source_trigger(s);
  *wrong += queue_wait(q) != number;
  *wrong += !host_pending(); /* the entry is written first */
  *wrong += tima_ack_hv() != 0x8005;
  *wrong += source_eoi(s) != 0;
  tima_set_hv_cppr(0xff);
}

void suite_queue_wrap(void) {
  struct source s;
  struct queue q;
  u32 toggle, index;
  u64 wrong = 0;
  host_reset();
  const u64 vp = platform.boot_pir;
  CHECK_RC("queue of 4 KiB", queue_open(&q, vp, 5, 12, kQueueEnabled | kQueueAlwaysNotify),
           OPAL_SUCCESS);
  source_allocate(&s);
  CHECK_RC("source", source_route(&s, vp, 5, 0x321), OPAL_SUCCESS);
  tima_set_hv_cppr(0xff);
  for (u32 round = 0; round < kRounds; ++round) {
    for (u32 i = 0; i < kEntries - 1; ++i) {
      one_event(&s, &q, 0x321, &wrong);
    }
    CHECK("deviations in a round", wrong, 0);
    CHECK_RC("state at the last entry", queue_get_state(vp, 5, &toggle, &index), OPAL_SUCCESS);
    CHECK("index", index, kEntries - 1);
    CHECK("toggle", toggle, (round & 1) ^ 1);
    one_event(&s, &q, 0x321, &wrong);
    CHECK_RC("state behind the wrap", queue_get_state(vp, 5, &toggle, &index), OPAL_SUCCESS);
    CHECK("index", index, 0);
    CHECK("toggle", toggle, round & 1);
    CHECK("reader's toggle", q.toggle, (round & 1) ^ 1);
    CHECK("next entry is of the round before", queue_pop(&q), kQueueEmpty);
  }
  u64 bad_words = 0;
  for (u32 i = 0; i < kEntries; ++i) {
    bad_words += be32(q.page[i]) != 0x321; /* the second round has generation 0 */
  }
  CHECK("words of the second round", bad_words, 0);
  CHECK_RC("source freed", source_free(&s), OPAL_SUCCESS);
  CHECK_RC("queue closed", queue_close(&q), OPAL_SUCCESS);
}

/* A queue moves to other memory with its state, near the wrap. */
void suite_queue_state(void) {
  struct source s;
  struct queue q, moved;
  u32 toggle, index;
  u64 wrong = 0;
  host_reset();
  const u64 vp = platform.boot_pir;
  CHECK_RC("queue", queue_open(&q, vp, 5, 16, kQueueEnabled | kQueueAlwaysNotify), OPAL_SUCCESS);
  source_allocate(&s);
  CHECK_RC("source", source_route(&s, vp, 5, 0x5a5), OPAL_SUCCESS);
  tima_set_hv_cppr(0xff);
  CHECK_RC("put near the end", queue_set_state(vp, 5, 1, q.mask - 2), OPAL_SUCCESS);
  q.index = q.mask - 2;
  for (u32 i = 0; i < 2; ++i) {
    one_event(&s, &q, 0x5a5, &wrong);
  }
  CHECK("deviations before", wrong, 0);
  /* Save: source silent, queue state read. */
  CHECK("source off", source_set_pq(&s, kPqOff), kPqReset);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, s.irq), host_sync_result());
  CHECK_RC("saved", queue_get_state(vp, 5, &toggle, &index), OPAL_SUCCESS);
  CHECK("saved toggle", toggle, 1);
  CHECK("saved index", index, q.mask);
  state_dump("saved", 0);
  CHECK_RC("closed", queue_close(&q), OPAL_SUCCESS);
  CHECK_RC("state of the closed queue", queue_get_state(vp, 5, &toggle, &index), OPAL_WRONG_STATE);
  /* Restore elsewhere. */
  CHECK_RC("opened elsewhere", queue_open(&moved, vp, 5, 16, kQueueEnabled | kQueueAlwaysNotify),
           OPAL_SUCCESS);
  memcpy(moved.page, q.page, 4ull * (q.mask + 1));
  CHECK_RC("restored", queue_set_state(vp, 5, 1, q.mask), OPAL_SUCCESS);
  moved.index = q.index;
  moved.toggle = q.toggle;
  CHECK_RC("routed", source_route(&s, vp, 5, 0x5a6), OPAL_SUCCESS);
  for (u32 i = 0; i < 3; ++i) {
    one_event(&s, &moved, 0x5a6, &wrong);
  }
  CHECK("deviations after", wrong, 0);
  CHECK_RC("state", queue_get_state(vp, 5, &toggle, &index), OPAL_SUCCESS);
  CHECK("toggle behind the wrap", toggle, 0);
  CHECK("index behind the wrap", index, 2);
  CHECK("last entry of the first round", be32(moved.page[moved.mask]), 0x800005a6);
  CHECK("first entry of the second", be32(moved.page[0]), 0x5a6);
  CHECK("the old queue is untouched", be32(q.page[q.mask]), 0);
  CHECK_RC("source freed", source_free(&s), OPAL_SUCCESS);
  CHECK_RC("queue closed", queue_close(&moved), OPAL_SUCCESS);
}
