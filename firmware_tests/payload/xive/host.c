/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/xive/host.h"

#include "firmware_tests/payload/rt/check.h"

void host_reset(void) {
  CHECK_RC("XIVE_RESET to exploitation", opal(OPAL_XIVE_RESET, 1), OPAL_SUCCESS);
}

void host_open(struct host* h, u32 number) {
  host_reset();
  h->vp = platform.boot_pir;
  CHECK_RC("queue of the host",
           queue_open(&h->queue, h->vp, kHostPriority, 16, kQueueEnabled | kQueueAlwaysNotify),
           OPAL_SUCCESS);
  source_allocate(&h->source);
  CHECK_RC("source of the host", source_route(&h->source, h->vp, kHostPriority, number),
           OPAL_SUCCESS);
  tima_set_hv_cppr(0xff);
}

void host_close(struct host* h) {
  tima_set_hv_cppr(0);
  CHECK_RC("source freed", source_free(&h->source), OPAL_SUCCESS);
  CHECK_RC("queue closed", queue_close(&h->queue), OPAL_SUCCESS);
}

int host_pending(void) {
  const u64 start = timebase();
  while (ring_nsr(tima_words01(kRingPhys)) == 0) {
    if (timebase() - start > 100 * TICKS_PER_MS) {
      return 0;
    }
  }
  return 1;
}

s64 host_sync_result(void) {
  return platform.generation == 1 ? OPAL_SUCCESS : OPAL_PARAMETER;
}
