/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/xive/calls.h"

#include "firmware_tests/payload/rt/memory.h"
#include "firmware_tests/payload/rt/platform.h"

s64 irq_get_info(u64 irq, struct irq_info* info) {
  u64 flags = 0, eoi = 0, trigger = 0;
  u32 shift = 0, chip = 0;
  const s64 rc = opal(OPAL_XIVE_GET_IRQ_INFO, irq, &flags, &eoi, &trigger, &shift, &chip);
  info->flags = be64(flags);
  info->eoi_page = be64(eoi);
  info->trigger_page = be64(trigger);
  info->shift = be32(shift);
  info->chip = be32(chip);
  return rc;
}

s64 irq_get_config(u64 irq, struct irq_config* config) {
  u64 vp = 0;
  u8 priority = 0;
  u32 number = 0;
  const s64 rc = opal(OPAL_XIVE_GET_IRQ_CONFIG, irq, &vp, &priority, &number);
  config->vp = be64(vp);
  config->priority = priority;
  config->number = be32(number);
  return rc;
}

s64 irq_set_config(u64 irq, u64 vp, u64 priority, u64 number) {
  return opal(OPAL_XIVE_SET_IRQ_CONFIG, irq, vp, priority, number);
}

s64 queue_get_info(u64 vp, u64 priority, struct queue_info* info) {
  u64 page = 0, size = 0, eoi = 0, flags = 0;
  u32 escalation = 0;
  const s64 rc =
      opal(OPAL_XIVE_GET_QUEUE_INFO, vp, priority, &page, &size, &eoi, &escalation, &flags);
  info->page = be64(page);
  info->size = be64(size);
  info->eoi_page = be64(eoi);
  info->escalation = be32(escalation);
  info->flags = be64(flags);
  return rc;
}

s64 queue_set_info(u64 vp, u64 priority, const void* page, u64 order, u64 flags) {
  return opal(OPAL_XIVE_SET_QUEUE_INFO, vp, priority, page, order, flags);
}

s64 queue_get_state(u64 vp, u64 priority, u32* toggle, u32* index) {
  u32 t = 0, i = 0;
  const s64 rc = opal(OPAL_XIVE_GET_QUEUE_STATE, vp, priority, &t, &i);
  *toggle = be32(t);
  *index = be32(i);
  return rc;
}

s64 queue_set_state(u64 vp, u64 priority, u32 toggle, u32 index) {
  return opal(OPAL_XIVE_SET_QUEUE_STATE, vp, priority, toggle, index);
}

s64 vp_get_info(u64 vp, struct vp_info* info) {
  u64 flags = 0, cam = 0, report = 0;
  u32 chip = 0;
  const s64 rc = opal(OPAL_XIVE_GET_VP_INFO, vp, &flags, &cam, &report, &chip);
  info->flags = be64(flags);
  info->cam = be64(cam);
  info->report = be64(report);
  info->chip = be32(chip);
  return rc;
}

s64 vp_set_info(u64 vp, u64 flags, u64 report) {
  return opal(OPAL_XIVE_SET_VP_INFO, vp, flags, report);
}

s64 vp_get_state(u64 vp, u64* state) {
  u64 word = 0;
  const s64 rc = opal(OPAL_XIVE_GET_VP_STATE, vp, &word);
  *state = be64(word);
  return rc;
}

s64 vp_allocate_block(u32 order, u64* pages) {
  *pages = 0;
  while (1) {
    const s64 rc = opal(OPAL_XIVE_ALLOCATE_VP_BLOCK, order);
    if (rc != OPAL_PROVISIONING) {
      return rc;
    }
    for (u32 chip = 0; chip < (platform.provision_chips != 0 ? platform.provision_chips : 1);
         ++chip) {
      const s64 given = opal(OPAL_XIVE_DONATE_PAGE, chip, page_allocate(1, 0));
      if (given != OPAL_SUCCESS) {
        return given;
      }
      ++*pages;
    }
  }
}

u8 vp_state_ipb(u64 state) {
  return (u8)(state >> 40);
}

u64 vp_nobody_has(void) {
  /* Firmware takes the number of the chip out of the middle of the index: up to four bits. */
  return 0x45000000ull + ((platform.generation == 1 ? 1024 : 2048) << 4);
}
