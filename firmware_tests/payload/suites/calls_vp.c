/* SPDX-License-Identifier: Apache-2.0 */
/* The calls on virtual processors: ALLOCATE_VP_BLOCK, FREE_VP_BLOCK, DONATE_PAGE, GET_VP_INFO,
   SET_VP_INFO, GET_VP_STATE (xive-chip.md 7.2), and allocation beyond the firmware's own memory
   (P62). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/memory.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

static u64 cam_of_thread(u64 number) {
  return platform.generation == 1 ? 0x80 | number
                                  : 0x80 | number | (platform.vp_save_restore ? 0x40000000 : 0);
}

static void thread_information(void) {
  struct vp_info info;
  const u64 vp = platform.boot_pir;
  CHECK_RC("GET_VP_INFO of the thread", vp_get_info(vp, &info), OPAL_SUCCESS);
  CHECK("flags", info.flags, kVpEnabled | (platform.vp_save_restore ? kVpSaveRestore : 0));
  CHECK("cam", info.cam, cam_of_thread(vp));
  CHECK("chip", info.chip, 0);
  CHECK_RC("GET_VP_INFO no such thread", vp_get_info(kPirOfNobody, &info), OPAL_PARAMETER);
  CHECK_RC("GET_VP_INFO group", vp_get_info(0x80000000, &info), OPAL_PARAMETER);
  CHECK_RC("GET_VP_INFO virtual processor nobody has", vp_get_info(vp_nobody_has(), &info),
           OPAL_PARAMETER);
  CHECK_RC("GET_VP_INFO without results", opal(OPAL_XIVE_GET_VP_INFO, vp, 0, 0, 0, 0),
           OPAL_SUCCESS);
}

static void one_block(void) {
  struct vp_info info;
  u64 state = ~0ull;
  u64 pages;
  const s64 block = vp_allocate_block(2, &pages);
  const u64 vp = (u64)block;
  /* Two virtual processors on each chip at least. */
  u64 order = 2;
  while (platform.provision_chips >= 1u << order) {
    ++order;
  }
  CHECK("order in the number", (u64)block >> 24, 0x40 | order);
  note("block of four", vp);
  note("pages donated", pages);
  CHECK_RC("GET_VP_INFO", vp_get_info(vp, &info), OPAL_SUCCESS);
  CHECK("disabled", info.flags & kVpEnabled, 0);
  CHECK_RC("GET_VP_STATE of a disabled one", vp_get_state(vp, &state), OPAL_WRONG_STATE);
  CHECK_RC("SET_VP_INFO", vp_set_info(vp, kVpEnabled, 0), OPAL_SUCCESS);
  CHECK_RC("GET_VP_INFO", vp_get_info(vp, &info), OPAL_SUCCESS);
  CHECK("enabled", info.flags & (kVpEnabled | kVpSingleEscalation), kVpEnabled);
  CHECK("no report line", info.report, 0);
  CHECK("cam is the index", info.cam & 0x7ffff, vp & 0x7ffff);
  CHECK_RC("report line", vp_set_info(vp, kVpEnabled, 0x21000100), OPAL_SUCCESS);
  CHECK_RC("GET_VP_INFO", vp_get_info(vp, &info), OPAL_SUCCESS);
  CHECK("report line comes back", info.report, 0x21000100);
  CHECK_RC("report line not aligned", vp_set_info(vp, kVpEnabled, 0x21000080), OPAL_PARAMETER);
  CHECK_RC("GET_VP_STATE", vp_get_state(vp, &state), OPAL_SUCCESS);
  CHECK("nothing pending", vp_state_ipb(state), 0);
  CHECK_RC("SET_VP_INFO group", vp_set_info(0x80000000, kVpEnabled, 0), OPAL_PARAMETER);
  CHECK_RC("GET_VP_STATE group", vp_get_state(0x80000000, &state), OPAL_PARAMETER);
  CHECK_RC("FREE_VP_BLOCK with an enabled one", opal(OPAL_XIVE_FREE_VP_BLOCK, vp),
           OPAL_FREE_ACTIVE);
  CHECK_RC("disabled", vp_set_info(vp, 0, 0), OPAL_SUCCESS);
  CHECK_RC("FREE_VP_BLOCK not its base", opal(OPAL_XIVE_FREE_VP_BLOCK, vp + 1), OPAL_PARAMETER);
  CHECK_RC("FREE_VP_BLOCK", opal(OPAL_XIVE_FREE_VP_BLOCK, vp), OPAL_SUCCESS);
  CHECK_RC("the block comes again", vp_allocate_block(2, &pages), block);
  CHECK("without donations", pages, 0);
  CHECK_RC("FREE_VP_BLOCK", opal(OPAL_XIVE_FREE_VP_BLOCK, vp), OPAL_SUCCESS);
}

static void single_escalation(void) {
  struct vp_info info;
  struct queue_info queue;
  u64 pages;
  const s64 block = vp_allocate_block(0, &pages);
  const u64 vp = (u64)block;
  check_that("block", block > 0);
  CHECK_RC("single escalation", vp_set_info(vp, kVpEnabled | kVpSingleEscalation, 0), OPAL_SUCCESS);
  CHECK_RC("GET_VP_INFO", vp_get_info(vp, &info), OPAL_SUCCESS);
  CHECK("flags", info.flags & 3, kVpEnabled | kVpSingleEscalation);
  u32 first = 0;
  u64 bad = 0;
  for (u32 priority = 0; priority < 7; ++priority) {
    bad += queue_get_info(vp, priority, &queue) != OPAL_SUCCESS;
    if (priority == 0) {
      first = queue.escalation;
    }
    bad += queue.escalation != first;
  }
  CHECK("queues with another escalation number (P64)", bad, 0);
  CHECK("it is that of priority 7", first & 7, 7);
  void* page = page_allocate(1, 0);
  CHECK_RC("no queue at priority 7", queue_set_info(vp, 7, page, 16, kQueueEnabled),
           OPAL_PARAMETER);
  CHECK_RC("queue at priority 6", queue_set_info(vp, 6, page, 16, kQueueEnabled), OPAL_SUCCESS);
  CHECK_RC("queue closed", queue_set_info(vp, 6, 0, 0, 0), OPAL_SUCCESS);
  CHECK_RC("single escalation off", vp_set_info(vp, kVpEnabled, 0), OPAL_SUCCESS);
  CHECK_RC("GET_QUEUE_INFO", queue_get_info(vp, 6, &queue), OPAL_SUCCESS);
  CHECK("own escalation number again", queue.escalation & 7, 6);
  CHECK_RC("queue at priority 7", queue_set_info(vp, 7, page, 16, kQueueEnabled), OPAL_SUCCESS);
  CHECK_RC("then no single escalation", vp_set_info(vp, kVpEnabled | kVpSingleEscalation, 0),
           OPAL_PARAMETER);
  CHECK_RC("queue closed", queue_set_info(vp, 7, 0, 0, 0), OPAL_SUCCESS);
  CHECK_RC("disabled", vp_set_info(vp, 0, 0), OPAL_SUCCESS);
  CHECK_RC("FREE_VP_BLOCK", opal(OPAL_XIVE_FREE_VP_BLOCK, vp), OPAL_SUCCESS);
}

void suite_calls_vp(void) {
  host_reset();
  thread_information();
  one_block();
  single_escalation();
}

void suite_provision(void) {
  u64 pages;
  host_reset();
  CHECK_RC("DONATE_PAGE not aligned", opal(OPAL_XIVE_DONATE_PAGE, 0, 0x21008000), OPAL_PARAMETER);
  CHECK_RC("DONATE_PAGE no such chip", opal(OPAL_XIVE_DONATE_PAGE, 99, 0x21000000), OPAL_PARAMETER);
  CHECK("chips to provision", platform.provision_chips, platform_chips());
  const s64 block = opal(OPAL_XIVE_ALLOCATE_VP_BLOCK, 11);
  CHECK_RC("2048 virtual processors do not fit", block, OPAL_PROVISIONING);
  const s64 large = vp_allocate_block(11, &pages);
  CHECK("after donations they do", (u64)large >> 24, 0x4b);
  note("pages donated", pages);
  check_that("several pages", pages > 1);
  CHECK_RC("last of the block", vp_set_info((u64)large + 2047, kVpEnabled, 0), OPAL_SUCCESS);
  CHECK_RC("FREE_VP_BLOCK", opal(OPAL_XIVE_FREE_VP_BLOCK, large), OPAL_FREE_ACTIVE);
  CHECK_RC("disabled", vp_set_info((u64)large + 2047, 0, 0), OPAL_SUCCESS);
  CHECK_RC("FREE_VP_BLOCK", opal(OPAL_XIVE_FREE_VP_BLOCK, large), OPAL_SUCCESS);
  const s64 again = vp_allocate_block(11, &pages);
  CHECK_RC("the block comes again", again, large);
  CHECK("the pages stayed", pages, 0);
  CHECK_RC("FREE_VP_BLOCK", opal(OPAL_XIVE_FREE_VP_BLOCK, large), OPAL_SUCCESS);
  CHECK_RC("order 32", opal(OPAL_XIVE_ALLOCATE_VP_BLOCK, 32), OPAL_RESOURCE);
  CHECK_RC("more than there are", opal(OPAL_XIVE_ALLOCATE_VP_BLOCK, 24), OPAL_RESOURCE);
  /* A reset forgets the pages, also those of a block that lives. */
  CHECK_RC("a block that lives", vp_allocate_block(11, &pages), large);
  CHECK_RC("enabled", vp_set_info((u64)large + 1500, kVpEnabled, 0), OPAL_SUCCESS);
  host_reset();
  struct vp_info info;
  CHECK_RC("gone after reset", vp_get_info((u64)large + 1500, &info), OPAL_PARAMETER);
  CHECK_RC("provisioning starts over", opal(OPAL_XIVE_ALLOCATE_VP_BLOCK, 11), OPAL_PROVISIONING);
}
