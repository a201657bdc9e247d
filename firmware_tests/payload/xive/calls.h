/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware's interrupt calls with plain results (xive-chip.md 7.2). */
#pragma once

#include "firmware_tests/payload/rt/opal.h"

enum { kIrqTriggerPage = 1, kIrqStoreEoi = 2, kIrqLsi = 4, kIrqStoreEoi2 = 0x40 };
enum { kQueueEnabled = 1, kQueueAlwaysNotify = 2, kQueueEscalate = 4 };
enum { kVpEnabled = 1, kVpSingleEscalation = 2, kVpSaveRestore = 4 };
#define ANY_CHIP 0xffffffffull

struct irq_info {
  u64 flags, eoi_page, trigger_page;
  u32 shift, chip;
};
struct irq_config {
  u64 vp;
  u8 priority;
  u32 number; /* what the queue entry holds */
};
struct queue_info {
  u64 page, size, eoi_page;
  u32 escalation;
  u64 flags;
};
struct vp_info {
  u64 flags, cam, report;
  u32 chip;
};

s64 irq_get_info(u64 irq, struct irq_info* info);
s64 irq_get_config(u64 irq, struct irq_config* config);
s64 irq_set_config(u64 irq, u64 vp, u64 priority, u64 number);
s64 queue_get_info(u64 vp, u64 priority, struct queue_info* info);
s64 queue_set_info(u64 vp, u64 priority, const void* page, u64 order, u64 flags);
s64 queue_get_state(u64 vp, u64 priority, u32* toggle, u32* index);
s64 queue_set_state(u64 vp, u64 priority, u32 toggle, u32 index);
s64 vp_get_info(u64 vp, struct vp_info* info);
s64 vp_set_info(u64 vp, u64 flags, u64 report);
s64 vp_get_state(u64 vp, u64* state);
/* ALLOCATE_VP_BLOCK; donates the pages that the firmware asks for, `*pages` counts them. */
s64 vp_allocate_block(u32 order, u64* pages);

/* The saved pending bits in the word of GET_VP_STATE, both generations. */
u8 vp_state_ipb(u64 state);
/* A virtual processor behind the first page of the table: the firmware has no memory for it after
 * boot. */
u64 vp_nobody_has(void);
