/* SPDX-License-Identifier: Apache-2.0 */
/* Decrementer (0x900) and hypervisor decrementer (0x980); scenarios.md 5.2, Power ISA book III 7.
 */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/suites/suites.h"

#define DEC_FAR 0x7fffffffull
#define PAUSE (TICKS_PER_MS / 16)

static u64 lpcr;

/* Removes the cause, so that the level does not strike again. */
static enum exception_action dec_taken(struct frame* frame) {
  (void)frame;
  mtspr(22, DEC_FAR);
  return kReturn;
}
static enum exception_action hdec_taken(struct frame* frame) {
  (void)frame;
  mtspr(310, DEC_FAR);
  return kReturn;
}

static u64 dec_level_hits;
static enum exception_action dec_level(struct frame* frame) {
  (void)frame;
  if (++dec_level_hits == 3) {
    mtspr(22, DEC_FAR);
  }
  return kReturn;
}

static void widths(void) {
  lpcr_write(lpcr & ~LPCR_LD);
  mtspr(22, 0x123456789ull);
  CHECK("dec without LD keeps 32 bits", mfspr(22) >> 28, 2);
  mtspr(22, 0x80000000ull);
  const u64 narrow = mfspr(22);
  CHECK("dec without LD: high half", narrow >> 32, 0);
  mtspr(22, DEC_FAR);
  lpcr_write(lpcr | LPCR_LD);
  mtspr(22, 0x007fffffffffffffull);
  CHECK("dec with LD: 56 bits, largest", mfspr(22) >> 32, 0x7fffff);
  mtspr(22, 0x00800000ffffffffull);
  CHECK("dec with LD: read sign-extended", mfspr(22) >> 48, 0xff80);
  mtspr(22, DEC_FAR);
  const u64 before = mfspr(22);
  wait_ticks(1000);
  const u64 after = mfspr(22);
  check_that("dec counts down", after < before && before - after >= 900);
}

static void decrementer(u64 mode, const char* name) {
  lpcr_write((lpcr & ~LPCR_LD) | mode);
  mtspr(22, DEC_FAR);
  exception_on(0x900, dec_taken);
  const struct exception_record* r = exception_seen(0x900);
  mtspr(22, 1000);
  wait_ticks(PAUSE);
  CHECK(name, r->count, 0);
  check_that("dec is negative", (mode != 0 ? mfspr(22) >> 63 : mfspr(22) >> 31) == 1);
  CHECK("with EE taken once at 0x900", exception_window(0x900, 1), 1);
  CHECK("srr1 is the MSR", r->srr1 & ~MSR_LE, PPC_BIT(0) | PPC_BIT(3) | MSR_EE | MSR_RI);
  CHECK("not taken again", exception_window(0x900, 1), 1);
  mtspr(22, 1000);
  CHECK("expires while EE is set", exception_window(0x900, 2), 2);
  mtspr(22, 1000);
  wait_ticks(PAUSE);
  mtspr(22, DEC_FAR);
  CHECK("set forward before it is taken", exception_window(0x900, 2), 2);
  dec_level_hits = 0;
  exception_on(0x900, dec_level);
  mtspr(22, ~0ull);
  CHECK("a negative decrementer strikes until it is set", exception_window(0x900, 3), 3);
  exception_on(0x900, 0);
}

static void hypervisor_decrementer(void) {
  lpcr_write(lpcr & ~LPCR_HDICE);
  mtspr(310, DEC_FAR);
  exception_on(0x980, hdec_taken);
  const struct exception_record* r = exception_seen(0x980);
  mtspr(310, 1000);
  wait_ticks(PAUSE);
  CHECK("hdec without HDICE", exception_window(0x980, 0), 0);
  mtspr(310, DEC_FAR);
  lpcr_write(lpcr | LPCR_HDICE);
  mtspr(310, 1000);
  wait_ticks(PAUSE);
  CHECK("hdec without EE in hypervisor state", r->count, 0);
  CHECK("hdec taken once at 0x980", exception_window(0x980, 1), 1);
  CHECK("hsrr1 is the MSR", r->srr1 & ~MSR_LE, PPC_BIT(0) | PPC_BIT(3) | MSR_EE | MSR_RI);
  CHECK("hdec not taken again", exception_window(0x980, 1), 1);
  lpcr_write(lpcr);
  exception_on(0x980, 0);
}

static void both(void) {
  lpcr_write(lpcr | LPCR_HDICE);
  mtspr(310, DEC_FAR);
  mtspr(22, DEC_FAR);
  exception_on(0x900, dec_taken);
  exception_on(0x980, hdec_taken);
  mtspr(22, ~0ull); /* negative at once: no waiting for two expirations that may come late */
  mtspr(310, ~0ull);
  exception_window(0x900, 1);
  exception_window(0x980, 1);
  CHECK("both: 0x900", exception_seen(0x900)->count, 1);
  CHECK("both: 0x980", exception_seen(0x980)->count, 1);
  CHECK("both: hypervisor decrementer first",
        exception_seen(0x980)->order < exception_seen(0x900)->order, 1);
  lpcr_write(lpcr);
  exception_on(0x900, 0);
  exception_on(0x980, 0);
}

void suite_decrementer(void) {
  lpcr = mfspr(318);
  CHECK("LPCR at entry", lpcr, 0x0040000000000000ull);
  mtspr(310, DEC_FAR);
  mtspr(22, DEC_FAR);
  widths();
  decrementer(0, "32 bits: no interrupt without EE");
  decrementer(LPCR_LD, "56 bits: no interrupt without EE");
  lpcr_write(lpcr);
  hypervisor_decrementer();
  both();
  mtspr(22, DEC_FAR);
}
