/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/xive/source.h"

#include "firmware_tests/payload/rt/finish.h"

void source_allocate(struct source* s) {
  const s64 irq = opal(OPAL_XIVE_ALLOCATE_IRQ, ANY_CHIP);
  if (irq <= 0 || (u64)irq == ANY_CHIP) {
    finish("no interrupt number left");
  }
  s->irq = (u32)irq;
  if (irq_get_info(s->irq, &s->info) != OPAL_SUCCESS) {
    finish("no information on an allocated interrupt");
  }
}

s64 source_route(const struct source* s, u64 vp, u64 priority, u64 number) {
  const s64 rc = irq_set_config(s->irq, vp, priority, number);
  source_set_pq(s, kPqReset);
  return rc;
}

s64 source_free(const struct source* s) {
  source_set_pq(s, kPqOff);
  return opal(OPAL_XIVE_FREE_IRQ, s->irq);
}

u64 source_eoi(const struct source* s) {
  sync();
  if ((s->info.flags & (kIrqStoreEoi | kIrqStoreEoi2)) != 0) {
    mmio_write64(s->info.eoi_page + 0x400, 0);
    return 0;
  }
  return esb_load(s->info.eoi_page, 0) & 3;
}
