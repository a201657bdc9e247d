/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/xive/guest.h"

#include "firmware_tests/payload/rt/check.h"

/* CPPR 0, LSMFB 0, ACK# 0xff: what a context starts from. */
#define FRESH_WORDS01 0x00000000ff000000ull

void guest_open(struct guest* g, u32 priority, u32 number) {
  u64 pages;
  struct vp_info info;
  const s64 block = vp_allocate_block(0, &pages);
  check_that("block of virtual processors", block > 0);
  g->block = (u64)block;
  g->vp = g->block;
  CHECK_RC("virtual processor enabled", vp_set_info(g->vp, kVpEnabled, 0), OPAL_SUCCESS);
  CHECK_RC("its information", vp_get_info(g->vp, &info), OPAL_SUCCESS);
  g->cam = info.cam;
  g->words01 = FRESH_WORDS01;
  CHECK_RC("its queue",
           queue_open(&g->queue, g->vp, priority, 16, kQueueEnabled | kQueueAlwaysNotify),
           OPAL_SUCCESS);
  source_allocate(&g->source);
  CHECK_RC("its source", source_route(&g->source, g->vp, priority, number), OPAL_SUCCESS);
}

void guest_close(struct guest* g) {
  CHECK_RC("source freed", source_free(&g->source), OPAL_SUCCESS);
  CHECK_RC("queue closed", queue_close(&g->queue), OPAL_SUCCESS);
  CHECK_RC("virtual processor disabled", vp_set_info(g->vp, 0, 0), OPAL_SUCCESS);
  CHECK_RC("block freed", opal(OPAL_XIVE_FREE_VP_BLOCK, g->block), OPAL_SUCCESS);
}

void guest_push(struct guest* g) {
  eieio();
  if (platform.generation == 1) {
    mmio_write64(tima_address(kPageHv, kRingOs), g->words01);
  }
  mmio_write32(tima_address(kPageHv, kTimaOsWord2), WORD2_VALID | (u32)g->cam);
  eieio();
}

u32 guest_pull(struct guest* g) {
  eieio();
  const u32 word2 = mmio_read32(tima_address(kPageHv, kTimaPullOs));
  if (platform.generation == 1) {
    /* LSMFB and ACK# do not come back. */
    g->words01 = (tima_words01(kRingOs) & ~0x000000ffff000000ull) | 0x00000000ff000000ull;
  }
  eieio();
  return word2;
}

int guest_pending(void) {
  const u64 start = timebase();
  while (ring_nsr(tima_words01(kRingOs)) == 0) {
    if (timebase() - start > 100 * TICKS_PER_MS) {
      return 0;
    }
  }
  return 1;
}
