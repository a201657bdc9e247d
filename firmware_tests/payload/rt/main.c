/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the suites that the arguments name. The firmware boots anew for each set of suites, so a
   suite may rely on the state after boot when it runs first. */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/rt/finish.h"
#include "firmware_tests/payload/rt/opal.h"
#include "firmware_tests/payload/rt/platform.h"
#include "firmware_tests/payload/rt/print.h"
#include "firmware_tests/payload/rt/thread.h"
#include "firmware_tests/payload/suites/dump.h"
#include "firmware_tests/payload/suites/suites.h"

u64 opal_base;
u64 opal_entry;

void payload_main(const void* tree, u64 memory_top, u64 base, u64 entry);

static int run_suites(const char* names) {
  int ran = 0;
  for (const struct suite* s = suites; s->name != 0; ++s) {
    if (names != 0 && !list_has(names, s->name) && !list_has(names, "all")) {
      continue;
    }
    if (s->threads > platform.threads || s->chips > platform_chips() ||
        (s->generation != 0 && s->generation != platform.generation)) {
      print("skip %s\n", s->name);
      continue;
    }
    if (names == 0 && s->on_request) {
      continue;
    }
    print("suite %s\n", s->name);
    const u64 start = timebase();
    s->run();
    info("ticks", timebase() - start);
    state_dump("end", 0);
    ++ran;
  }
  return ran;
}

void payload_main(const void* tree, u64 memory_top, u64 base, u64 entry) {
  opal_base = base;
  opal_entry = entry;
  exception_install();
  platform_read(tree, memory_top);
  thread_init_boot();
  print("\npayload: xive-cosim %s, POWER%u, %u threads, arguments '%s'\n",
        PAYLOAD_LE ? "little-endian" : "big-endian", (u64)(platform.generation == 2 ? 10 : 9),
        (u64)platform.threads, platform.arguments);
  check_that("device tree is well-formed", !platform.tree_damaged);
  CHECK("OPAL_TEST", opal(OPAL_TEST, 0xa5a5), 0xfeedf00d);
  const int ran = run_suites(argument("suites"));
  if (ran == 0) {
    finish("no suite of these names runs here");
  }
  finish(0);
}
