/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/suites/dump.h"

#include "firmware_tests/payload/rt/platform.h"
#include "firmware_tests/payload/rt/print.h"
#include "firmware_tests/payload/xive/calls.h"
#include "firmware_tests/payload/xive/source.h"
#include "firmware_tests/payload/xive/tima.h"

enum { kFirstIrq = 0x10, kLastIrq = 0x40 };

static void dump_rings(const char* where) {
  static const char* const kNames[] = {"os", "pool", "phys"};
  for (u32 i = 0; i < 3; ++i) {
    const enum tima_ring ring = (enum tima_ring)(kRingOs + 0x10 * i);
    print("dump %s ring %s = 0x%x 0x%x\n", where, kNames[i], tima_words01(ring),
          (u64)tima_word2(ring));
  }
}

static void dump_processor(const char* where, const char* who, u64 vp) {
  struct vp_info info;
  u64 state = 0;
  const s64 rc = vp_get_info(vp, &info);
  const s64 saved = vp_get_state(vp, &state);
  /* Any thread may have booted: what names it is told relative to it. */
  if (vp == platform.boot_pir) {
    info.cam ^= (vp >> 8) << (platform.generation == 1 ? 19 : 24) | (vp & 0x7f);
  }
  print("dump %s %s = rc %d flags 0x%x cam 0x%x state %d 0x%x\n", where, who, rc, info.flags,
        info.cam, saved, state);
  for (u32 priority = 0; priority < 8; ++priority) {
    struct queue_info queue;
    u32 toggle = 0, index = 0;
    const s64 known = queue_get_info(vp, priority, &queue);
    const s64 opened = queue_get_state(vp, priority, &toggle, &index);
    if (opened == OPAL_SUCCESS) {
      print("dump %s %s queue %u = rc %d flags 0x%x order %u toggle %u index 0x%x", where, who,
            (u64)priority, known, queue.flags, queue.size, (u64)toggle, (u64)index);
      /* The queue that gathers single escalation tells no page. */
      if (queue.eoi_page != 0) {
        print(" esn %u ese %u", esb_load(queue.eoi_page, 0x800) & 3,
              esb_load(queue.eoi_page + 0x10000, 0x800) & 3);
      }
      print("\n");
    }
  }
}

/* Sources that are off and masked are at rest: not worth a line. */
static void dump_sources(const char* where) {
  for (u32 irq = kFirstIrq; irq < kLastIrq; ++irq) {
    struct irq_info info;
    struct irq_config config;
    const s64 known = irq_get_info(irq, &info);
    if (known != OPAL_SUCCESS) {
      print("dump %s sources = %d\n", where, known);
      return;
    }
    if (esb_load(info.eoi_page, 0x800) == kPqOff) {
      continue;
    }
    const s64 rc = irq_get_config(irq, &config);
    if (config.vp == platform.boot_pir) {
      config.vp = 0;
    }
    print("dump %s source 0x%x = pq %u config %d vp 0x%x priority 0x%x number 0x%x\n", where,
          (u64)irq, esb_load(info.eoi_page, 0x800) & 3, rc, config.vp, (u64)config.priority,
          (u64)config.number);
  }
}

void state_dump(const char* where, u64 guest) {
  if (argument_number("dump", 0) == 0) {
    return;
  }
  dump_rings(where);
  dump_processor(where, "thread", platform.boot_pir);
  if (guest != 0) {
    dump_processor(where, "guest", guest);
  }
  dump_sources(where);
}
