/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/finish.h"

#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/opal.h"
#include "firmware_tests/payload/rt/platform.h"
#include "firmware_tests/payload/rt/print.h"

void finish(const char* reason) {
  const int good = reason == 0 && checks_failed == 0 && checks_done != 0;
  interrupts_off();
  print("1..%u\n", checks_done);
  if (reason != 0) {
    print("bail out: %s\n", reason);
  }
  print("verdict: %s checks %u failed %u\n", good ? "PASS" : "FAIL", checks_done, checks_failed);
  print_flush();
  if (platform.exit != 0) {
    mmio_write32(platform.exit, good ? 0 : 1);
  }
  opal(OPAL_CEC_POWER_DOWN, 0);
  for (;;) {
    opal(OPAL_POLL_EVENTS, 0);
  }
}
