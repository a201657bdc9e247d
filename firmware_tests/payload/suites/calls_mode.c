/* SPDX-License-Identifier: Apache-2.0 */
/* XIVE_RESET and what the other calls say before it (xive-chip.md 7.2). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

/* All but RESET, SYNC, DUMP and the calls on virtual processors ask for exploitation mode. */
static void before_reset(void) {
  struct irq_info info;
  struct irq_config config;
  struct queue_info queue;
  u32 toggle, index;
  const u64 vp = platform.boot_pir;
  const s64 expected = platform.generation == 1 ? OPAL_WRONG_STATE : OPAL_SUCCESS;
  CHECK_RC("before: GET_IRQ_INFO", irq_get_info(0x10, &info), expected);
  /* Generation 2 looks at the number, which nobody has yet. */
  CHECK_RC("before: GET_IRQ_CONFIG", irq_get_config(0x10, &config),
           platform.generation == 1 ? OPAL_WRONG_STATE : OPAL_PARAMETER);
  CHECK_RC("before: GET_QUEUE_INFO", queue_get_info(vp, 6, &queue), expected);
  if (platform.generation == 1) {
    CHECK_RC("before: SET_IRQ_CONFIG", irq_set_config(0x10, vp, 6, 1), OPAL_WRONG_STATE);
    CHECK_RC("before: SET_QUEUE_INFO", queue_set_info(vp, 6, 0, 0, 0), OPAL_WRONG_STATE);
    CHECK_RC("before: DONATE_PAGE", opal(OPAL_XIVE_DONATE_PAGE, 0, 0x21000000), OPAL_WRONG_STATE);
    CHECK_RC("before: ALLOCATE_VP_BLOCK", opal(OPAL_XIVE_ALLOCATE_VP_BLOCK, 1), OPAL_WRONG_STATE);
    CHECK_RC("before: FREE_VP_BLOCK", opal(OPAL_XIVE_FREE_VP_BLOCK, 0x41000000), OPAL_WRONG_STATE);
    CHECK_RC("before: ALLOCATE_IRQ", opal(OPAL_XIVE_ALLOCATE_IRQ, ANY_CHIP), OPAL_WRONG_STATE);
    CHECK_RC("before: FREE_IRQ", opal(OPAL_XIVE_FREE_IRQ, 0x20), OPAL_WRONG_STATE);
    CHECK_RC("before: GET_QUEUE_STATE", queue_get_state(vp, 6, &toggle, &index), OPAL_WRONG_STATE);
    CHECK_RC("before: SET_QUEUE_STATE", queue_set_state(vp, 6, 0, 0), OPAL_WRONG_STATE);
  }
}

static void tokens(void) {
  u64 absent = 0;
  for (u32 token = OPAL_XIVE_RESET; token <= OPAL_XIVE_SET_QUEUE_STATE; ++token) {
    absent += opal(OPAL_CHECK_TOKEN, token) != 1;
  }
  absent += opal(OPAL_CHECK_TOKEN, OPAL_XIVE_GET_VP_STATE) != 1;
  CHECK("XIVE calls without token", absent, 0);
  CHECK_RC("a token that nobody has", opal(OPAL_CHECK_TOKEN, 0x7ff), 0);
  CHECK_RC("emulation calls", opal(OPAL_CHECK_TOKEN, OPAL_INT_GET_XIRR),
           platform.generation == 1 ? 1 : 0);
}

void suite_calls_mode(void) {
  struct irq_info info;
  tokens();
  before_reset();
  tima_set_hv_cppr(0xff);
  CHECK_RC("RESET(2)", opal(OPAL_XIVE_RESET, 2), OPAL_PARAMETER);
  CHECK_RC("RESET(all ones)", opal(OPAL_XIVE_RESET, ~0ull), OPAL_PARAMETER);
  CHECK_RC("RESET(1)", opal(OPAL_XIVE_RESET, 1), OPAL_SUCCESS);
  CHECK("VT after reset", tima_word2(kRingPhys) >> 31, 1);
  CHECK("physical ring after reset", tima_summary(kRingPhys), 0x000000ff);
  const s64 first = opal(OPAL_XIVE_ALLOCATE_IRQ, ANY_CHIP);
  check_that("a number is allocated", first > 0);
  note("first number", (u64)first);
  CHECK_RC("RESET(1) again", opal(OPAL_XIVE_RESET, 1), OPAL_SUCCESS);
  CHECK_RC("numbers start over", opal(OPAL_XIVE_ALLOCATE_IRQ, ANY_CHIP), first);
  CHECK_RC("RESET(0)", opal(OPAL_XIVE_RESET, 0), OPAL_SUCCESS);
  CHECK_RC("after RESET(0): GET_IRQ_INFO", irq_get_info((u64)first, &info),
           platform.generation == 1 ? OPAL_WRONG_STATE : OPAL_SUCCESS);
}
