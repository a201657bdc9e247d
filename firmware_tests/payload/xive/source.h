/* SPDX-License-Identifier: Apache-2.0 */
/* An interrupt source: its event state buffer (xive-chip.md 5). */
#pragma once

#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/xive/calls.h"

enum pq { kPqReset = 0, kPqOff = 1, kPqPending = 2, kPqQueued = 3 };

struct source {
  u32 irq;
  struct irq_info info;
};

/* Allocates a number and asks for its pages; ends the run when there is none. */
void source_allocate(struct source* s);
/* Routed to (vp, priority) with queue entry `number`, and armed (PQ 00). */
s64 source_route(const struct source* s, u64 vp, u64 priority, u64 number);
/* Off, masked, freed. */
s64 source_free(const struct source* s);

static inline void source_trigger(const struct source* s) {
  sync();
  mmio_write64(s->info.trigger_page != 0 ? s->info.trigger_page : s->info.eoi_page, 0);
}
/* The load forms; all return the old state but EOI, which returns 1 when it forwarded again. */
static inline u64 esb_load(u64 page, u32 offset) {
  return mmio_read64(page + offset);
}
static inline u64 source_get_pq(const struct source* s) {
  return esb_load(s->info.eoi_page, 0x800) & 3;
}
static inline u64 source_set_pq(const struct source* s, enum pq pq) {
  return esb_load(s->info.eoi_page, 0xc00 + 0x100 * pq) & 3;
}
/* End of interrupt by the form that the flags ask for; the store form has no result (0). */
u64 source_eoi(const struct source* s);
