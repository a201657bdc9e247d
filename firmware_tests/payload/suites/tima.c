/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the thread interrupt management area as software reads them: ring by ring and page
   by page (tima.md 1.5, 1.6). A page shows less the less privileged it is. */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

#define NONE 0xffffffffffffffffull

void suite_tima(void) {
  host_reset();
  CHECK("VT is set", tima_word2(kRingPhys), WORD2_VALID);
  /* Words 0 and 1 of the rings, with values that differ by byte. */
  mmio_write64(tima_address(kPageHv, kRingOs), 0x0002000403ff0000ull);
  mmio_write32(tima_address(kPageHv, kTimaOsWord2), 0x00000123);
  tima_set_hv_cppr(5);
  note("OS ring through page 1", mmio_read64(tima_address(kPageHv, kRingOs)));
  CHECK("OS ring: CPPR", ring_cppr(tima_words01(kRingOs)), 2);
  CHECK("OS word 2", tima_word2(kRingOs), 0x123);
  CHECK("OS CPPR by its operation", (tima_set_os_cppr(3), ring_cppr(tima_words01(kRingOs))), 3);
  CHECK("physical CPPR", ring_cppr(tima_words01(kRingPhys)), 5);
  CHECK("page 2 sees no physical ring", mmio_read64(tima_address(kPageOs, kRingPhys)), NONE);
  CHECK("page 2 sees no pool ring", mmio_read64(tima_address(kPageOs, kRingPool)), NONE);
  CHECK("page 3 sees no OS ring", mmio_read64(tima_address(kPageUser, kRingOs)), NONE);
  CHECK("acknowledge through page 3", mmio_read16(tima_address(kPageUser, kTimaAckOs)), 0xffff);
  CHECK("hypervisor acknowledge through page 2", mmio_read16(tima_address(kPageOs, kTimaAckHv)),
        0xffff);
  CHECK("single bytes are not registers", mmio_read8(tima_address(kPageHv, kRingPhys)), 0xff);
  CHECK("half-words are not registers", mmio_read16(tima_address(kPageHv, kRingPhys)), 0xffff);
  CHECK("poll of VT", mmio_read8(tima_address(kPageHv, kTimaPhysValid)), 0x80);
  mmio_write64(tima_address(kPageHv, kRingOs), 0);
  for (u32 ring = 0; ring < 4; ++ring) {
    note("page 1 words 0 and 1", mmio_read64(tima_address(kPageHv, ring * 16)));
    note("page 1 words 2 and 3", mmio_read64(tima_address(kPageHv, ring * 16 + 8)));
  }
  for (u32 ring = 0; ring < 4; ++ring) {
    note("page 2 words 0 and 1", mmio_read64(tima_address(kPageOs, ring * 16)));
    note("page 2 words 2 and 3", mmio_read64(tima_address(kPageOs, ring * 16 + 8)));
  }
  for (u32 ring = 0; ring < 4; ++ring) {
    note("page 3 words 0 and 1", mmio_read64(tima_address(kPageUser, ring * 16)));
  }
  mmio_write32(tima_address(kPageHv, kRingPool), 0x000000ff);
  mmio_write32(tima_address(kPageHv, kTimaPoolWord2), 0x80000101);
  note("pool word 2 after a store through page 1", tima_word2(kRingPool));
  mmio_write32(tima_address(kPageHv, kTimaPoolWord2), 0);
  tima_set_hv_cppr(0);
}
