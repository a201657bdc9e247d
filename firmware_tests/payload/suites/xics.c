/* SPDX-License-Identifier: Apache-2.0 */
/* The mode after boot on generation 1: emulation of the older controller (xive-chip.md 7.3). The
   firmware uses accesses of one byte to the state buffer of its own IPI here. */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

static u32 xirr_of(s64* rc, int poll) {
  u32 xirr = 0;
  *rc = opal(OPAL_INT_GET_XIRR, &xirr, poll);
  return be32(xirr);
}

/* An IPI by MFRR: number 2, the old CPPR in the upper byte; without an interrupt all of it is 0. */
static void emulation(void) {
  s64 rc;
  CHECK_RC("INT_SET_CPPR open", opal(OPAL_INT_SET_CPPR, 0xff), OPAL_SUCCESS);
  CHECK("nothing pending", xirr_of(&rc, 0), 0);
  CHECK_RC("INT_GET_XIRR", rc, OPAL_SUCCESS);
  CHECK_RC("INT_SET_MFRR", opal(OPAL_INT_SET_MFRR, platform.boot_pir, 4), OPAL_SUCCESS);
  check_that("thread is notified", host_pending());
  CHECK("IPI", xirr_of(&rc, 0), 0xff000002);
  CHECK("physical ring while it is handled", ring_cppr(tima_words01(kRingPhys)), 7);
  CHECK_RC("INT_SET_MFRR off", opal(OPAL_INT_SET_MFRR, platform.boot_pir, 0xff), OPAL_SUCCESS);
  CHECK_RC("INT_EOI: nothing more", opal(OPAL_INT_EOI, 0xff000002), 0);
  CHECK("physical ring at the end", tima_summary(kRingPhys), 0x00ff00ff);
  CHECK_RC("INT_SET_CPPR closed", opal(OPAL_INT_SET_CPPR, 0), OPAL_SUCCESS);
  CHECK_RC("INT_SET_MFRR while closed", opal(OPAL_INT_SET_MFRR, platform.boot_pir, 4),
           OPAL_SUCCESS);
  CHECK("poll while closed", xirr_of(&rc, 1), 0);
  CHECK_RC("INT_SET_CPPR open", opal(OPAL_INT_SET_CPPR, 0xff), OPAL_SUCCESS);
  check_that("thread is notified", host_pending());
  CHECK("IPI", xirr_of(&rc, 0), 0xff000002);
  CHECK_RC("INT_SET_MFRR off", opal(OPAL_INT_SET_MFRR, platform.boot_pir, 0xff), OPAL_SUCCESS);
  CHECK_RC("INT_EOI", opal(OPAL_INT_EOI, 0xff000002), 0);
  CHECK_RC("INT_SET_MFRR of nobody", opal(OPAL_INT_SET_MFRR, kPirOfNobody, 4), OPAL_PARAMETER);
}

void suite_xics(void) {
  emulation();
  host_reset();
  CHECK_RC("in exploitation mode: refused", opal(OPAL_INT_SET_CPPR, 0xff), OPAL_WRONG_STATE);
  CHECK_RC("RESET(0)", opal(OPAL_XIVE_RESET, 0), OPAL_SUCCESS);
  emulation();
}
