/* SPDX-License-Identifier: Apache-2.0 */
/* Eight priorities of one thread: what is presented, masked and acknowledged in which order
 * (tima.md 3). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/dump.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

enum { kPriorities = 8 };
static struct source sources[kPriorities];
static struct queue queues[kPriorities];

static void open_all(u64 vp) {
  u64 bad = 0;
  for (u32 p = 0; p < kPriorities; ++p) {
    bad += queue_open(&queues[p], vp, p, 12, kQueueEnabled | kQueueAlwaysNotify) != OPAL_SUCCESS;
    source_allocate(&sources[p]);
    bad += source_route(&sources[p], vp, p, 0x1000 + p) != OPAL_SUCCESS;
  }
  CHECK("queues and sources refused", bad, 0);
}

static void close_all(void) {
  u64 bad = 0;
  for (u32 p = 0; p < kPriorities; ++p) {
    bad += source_free(&sources[p]) != OPAL_SUCCESS;
    bad += queue_close(&queues[p]) != OPAL_SUCCESS;
  }
  CHECK("queues and sources not closed", bad, 0);
}

static void wait_ipb(u8 ipb) {
  const u64 start = timebase();
  while (ring_ipb(tima_words01(kRingPhys)) != ipb && timebase() - start < 100 * TICKS_PER_MS) {
  }
}

/* Each priority alone against each mask: shown when more favoured than CPPR. */
static void each_alone(void) {
  u64 wrong = 0;
  for (u32 p = 0; p < kPriorities; ++p) {
    for (u32 mask = 0; mask <= kPriorities; ++mask) {
      const u8 cppr = mask == kPriorities ? 0xff : (u8)mask;
      tima_set_hv_cppr(cppr);
      source_trigger(&sources[p]);
      wrong += queue_wait(&queues[p]) != 0x1000 + p;
      wait_ipb((u8)(0x80 >> p));
      const u64 words = tima_words01(kRingPhys);
      const int shown = p < cppr;
      wrong += ring_nsr(words) != (shown ? 0x80 : 0);
      wrong += ring_ipb(words) != 0x80 >> p;
      wrong += tima_ack_hv() != (shown ? 0x8000 | p : cppr);
      if (!shown) {
        tima_set_hv_cppr(0xff);
        wrong += tima_ack_hv() != (0x8000 | p);
      }
      wrong += source_eoi(&sources[p]) != 0;
    }
  }
  CHECK("deviations of single priorities", wrong, 0);
  tima_set_hv_cppr(0xff);
}

/* All at once: acknowledged in order of favour, each only after CPPR is opened again. */
static void all_pending(void) {
  tima_set_hv_cppr(0);
  for (u32 i = 0; i < kPriorities; ++i) {
    source_trigger(&sources[(i * 3) % kPriorities]);
  }
  wait_ipb(0xff);
  CHECK("all pending, all masked", tima_summary(kRingPhys) & ~0xffu, 0x0000ff00);
  state_dump("pending", 0);
  tima_set_hv_cppr(0xff);
  u64 wrong = 0;
  for (u32 p = 0; p < kPriorities; ++p) {
    CHECK("acknowledge", tima_ack_hv(), 0x8000 | p);
    wrong += tima_ack_hv() != p;
    wrong += queue_wait(&queues[p]) != 0x1000 + p;
    wrong += source_eoi(&sources[p]) != 0;
    tima_set_hv_cppr(0xff);
  }
  CHECK("deviations while acknowledging all", wrong, 0);
  CHECK("nothing left", tima_summary(kRingPhys), 0x00ff00ff);
}

/* A more favoured one interrupts the handler of a less favoured one. */
static void nested(void) {
  source_trigger(&sources[5]);
  wait_ipb(0x04);
  CHECK("acknowledge 5", tima_ack_hv(), 0x8005);
  source_trigger(&sources[6]);
  wait_ipb(0x02);
  CHECK("6 is masked inside", ring_nsr(tima_words01(kRingPhys)), 0);
  source_trigger(&sources[2]);
  wait_ipb(0x22);
  CHECK("2 is shown inside", ring_nsr(tima_words01(kRingPhys)), 0x80);
  CHECK("acknowledge 2", tima_ack_hv(), 0x8002);
  source_trigger(&sources[2]);
  CHECK("state buffer of 2", source_get_pq(&sources[2]), kPqQueued);
  tima_set_hv_cppr(5);
  CHECK("back in the handler of 5", ring_nsr(tima_words01(kRingPhys)), 0);
  source_eoi(&sources[2]);
  wait_ipb(0x22);
  CHECK("2 again", tima_ack_hv(), 0x8002);
  CHECK("EOI of 2", source_eoi(&sources[2]), 0);
  tima_set_hv_cppr(5);
  CHECK("EOI of 5", source_eoi(&sources[5]), 0);
  tima_set_hv_cppr(0xff);
  CHECK("acknowledge 6", tima_ack_hv(), 0x8006);
  CHECK("EOI of 6", source_eoi(&sources[6]), 0);
  tima_set_hv_cppr(0xff);
  CHECK("nothing left", tima_summary(kRingPhys), 0x00ff00ff);
  for (u32 i = 0; i < 2; ++i) {
    queue_wait(&queues[2]);
  }
  queue_wait(&queues[5]);
  queue_wait(&queues[6]);
}

/* The presented one changes when a more favoured one arrives before the acknowledge. */
static void replaced(void) {
  source_trigger(&sources[7]);
  wait_ipb(0x01);
  CHECK("PIPR of 7", tima_summary(kRingPhys), 0x80ff0107);
  source_trigger(&sources[1]);
  wait_ipb(0x41);
  CHECK("PIPR of 1", tima_summary(kRingPhys), 0x80ff4101);
  CHECK("acknowledge 1", tima_ack_hv(), 0x8001);
  tima_set_hv_cppr(0xff);
  CHECK("PIPR of 7 again", tima_summary(kRingPhys), 0x80ff0107);
  CHECK("acknowledge 7", tima_ack_hv(), 0x8007);
  source_eoi(&sources[1]);
  source_eoi(&sources[7]);
  tima_set_hv_cppr(0xff);
  queue_wait(&queues[1]);
  queue_wait(&queues[7]);
}

/* CPPR stores of 8 to 0xfe mean 0xff (tima.md 1.2). */
static void odd_cppr(void) {
  static const u8 kValues[] = {8, 9, 0x10, 0x7f, 0x80, 0xfe};
  u64 wrong = 0;
  for (u32 i = 0; i < ARRAY_SIZE(kValues); ++i) {
    tima_set_hv_cppr(3);
    tima_set_hv_cppr(kValues[i]);
    wrong += ring_cppr(tima_words01(kRingPhys)) != 0xff;
  }
  CHECK("CPPR values that are not opened", wrong, 0);
}

/* A closed CPPR takes the presentation back; the documented order of the newer model. */
static void masked_after(void) {
  source_trigger(&sources[4]);
  wait_ipb(0x08);
  CHECK("shown", ring_nsr(tima_words01(kRingPhys)), 0x80);
  tima_set_hv_cppr(2);
  CHECK("masked after it was shown: NSR", ring_nsr(tima_words01(kRingPhys)), 0);
  CHECK("masked after it was shown: acknowledge", tima_ack_hv(), 0x0002);
  tima_set_hv_cppr(0xff);
  CHECK("shown again: acknowledge", tima_ack_hv(), 0x8004);
  source_eoi(&sources[4]);
  tima_set_hv_cppr(0xff);
  CHECK("nothing left", tima_summary(kRingPhys), 0x00ff00ff);
  queue_wait(&queues[4]);
}

void suite_priority(void) {
  host_reset();
  open_all(platform.boot_pir);
  tima_set_hv_cppr(0xff);
  each_alone();
  all_pending();
  nested();
  replaced();
  odd_cppr();
  masked_after();
  tima_set_hv_cppr(0);
  close_all();
}
