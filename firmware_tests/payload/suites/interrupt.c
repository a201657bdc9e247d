/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts of the controller taken by the processor: hypervisor virtualisation (0xea0) from the
   physical ring, external (0x500) from the OS ring, for the LPCR bits that matter
   (scenarios.md 5.2, 5.4). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/guest.h"
#include "firmware_tests/payload/xive/host.h"

#define PAUSE (TICKS_PER_MS / 16)

static u64 lpcr;
static u16 last_ack;

static enum exception_action take_hv(struct frame* frame) {
  (void)frame;
  last_ack = tima_ack_hv();
  return kReturn;
}
static enum exception_action take_os(struct frame* frame) {
  (void)frame;
  last_ack = tima_ack_os();
  return kReturn;
}

static u64 storm_left;
static enum exception_action storm(struct frame* frame) {
  (void)frame;
  if (--storm_left == 0) {
    last_ack = tima_ack_hv();
  }
  return kReturn;
}

static void end_host(struct host* h) {
  source_eoi(&h->source);
  tima_set_hv_cppr(0xff);
}

static void hypervisor_virtualization(void) {
  struct host h;
  host_open(&h, 0x55);
  exception_on(0xea0, take_hv);
  const struct exception_record* r = exception_seen(0xea0);
  lpcr_write(lpcr & ~LPCR_HVICE);
  source_trigger(&h.source);
  CHECK("entry", queue_wait(&h.queue), 0x55);
  check_that("thread is notified", host_pending());
  wait_ticks(PAUSE);
  CHECK("HVICE=0: not taken", exception_window(0xea0, 0), 0);
  lpcr_write(lpcr | LPCR_HVICE);
  wait_ticks(PAUSE);
  CHECK("HVICE=1, EE=0: not taken", r->count, 0);
  CHECK("HVICE=1, EE=1: taken once at 0xea0", exception_window(0xea0, 1), 1);
  CHECK("acknowledge in the handler", last_ack, 0x8006);
  CHECK("hsrr1 is the MSR", r->srr1 & ~MSR_LE, PPC_BIT(0) | PPC_BIT(3) | MSR_EE | MSR_RI);
  end_host(&h);
  CHECK("not taken again", exception_window(0xea0, 1), 1);
  interrupts_on();
  source_trigger(&h.source);
  CHECK("taken while EE is set", exception_window(0xea0, 2), 2);
  CHECK("entry", queue_wait(&h.queue), 0x55);
  end_host(&h);
  /* The line is a level: without an acknowledge the interrupt comes again. */
  storm_left = 3;
  exception_on(0xea0, storm);
  source_trigger(&h.source);
  CHECK("taken until it is acknowledged", exception_window(0xea0, 3), 3);
  CHECK("acknowledge of the last", last_ack, 0x8006);
  CHECK("entry", queue_wait(&h.queue), 0x55);
  end_host(&h);
  /* Closing CPPR before the window takes the line back. */
  exception_on(0xea0, take_hv);
  source_trigger(&h.source);
  check_that("thread is notified", host_pending());
  tima_set_hv_cppr(5);
  CHECK("CPPR more favoured: not taken", exception_window(0xea0, 0), 0);
  tima_set_hv_cppr(7);
  CHECK("CPPR less favoured: taken", exception_window(0xea0, 1), 1);
  CHECK("entry", queue_wait(&h.queue), 0x55);
  end_host(&h);
  lpcr_write(lpcr);
  exception_on(0xea0, 0);
  host_close(&h);
}

/* One setting of HEIC and LPES with the OS line high, in hypervisor state with EE. */
static void external_with(struct guest* g, u64 bits, int taken, const char* name) {
  exception_on(0x500, take_os);
  lpcr_write((lpcr & ~(LPCR_HEIC | LPCR_LPES0)) | bits);
  source_trigger(&g->source);
  check_that("OS ring is notified", guest_pending());
  wait_ticks(PAUSE);
  CHECK("EE=0: not taken", exception_seen(0x500)->count, 0);
  CHECK(name, exception_window(0x500, (u64)taken), taken);
  if (taken) {
    CHECK("acknowledge in the handler", last_ack, 0x8005);
    CHECK("the saved MSR", exception_seen(0x500)->srr1 & ~MSR_LE,
          PPC_BIT(0) | PPC_BIT(3) | MSR_EE | MSR_RI);
  } else {
    CHECK("acknowledge by hand", tima_ack_os(), 0x8005);
  }
  lpcr_write(lpcr);
  exception_on(0x500, 0);
  source_eoi(&g->source);
  CHECK("entry", queue_wait(&g->queue), 0x66);
  tima_set_os_cppr(0xff);
}

static void external(void) {
  struct guest g;
  guest_open(&g, 5, 0x66);
  guest_push(&g);
  tima_set_os_cppr(0xff);
  external_with(&g, 0, 1, "HEIC=0, LPES0=0: taken at 0x500 by HSRR");
  external_with(&g, LPCR_LPES0, 1, "HEIC=0, LPES0=1: taken at 0x500 by SRR");
  external_with(&g, LPCR_HEIC, 0, "HEIC=1, LPES0=0: not in hypervisor state");
  external_with(&g, LPCR_HEIC | LPCR_LPES0, 0, "HEIC=1, LPES0=1: not in hypervisor state");
  guest_pull(&g);
  guest_close(&g);
}

/* Pull with an interrupt presented: nothing may be taken (scenario S1.1), and a push brings it
 * back. */
static void pull_drops_the_line(void) {
  struct guest g;
  guest_open(&g, 5, 0x66);
  guest_push(&g);
  tima_set_os_cppr(0xff);
  source_trigger(&g.source);
  check_that("OS ring is notified", guest_pending());
  guest_pull(&g);
  exception_on(0x500, take_os);
  lpcr_write(lpcr & ~LPCR_HEIC);
  CHECK("pulled: not taken", exception_window(0x500, 0), 0);
  guest_push(&g);
  CHECK("pushed again: taken", exception_window(0x500, 1), 1);
  CHECK("acknowledge in the handler", last_ack, 0x8005);
  lpcr_write(lpcr);
  exception_on(0x500, 0);
  source_eoi(&g.source);
  CHECK("entry", queue_wait(&g.queue), 0x66);
  guest_pull(&g);
  guest_close(&g);
}

void suite_interrupt(void) {
  lpcr = mfspr(318);
  hypervisor_virtualization();
}

void suite_external(void) {
  lpcr = mfspr(318);
  host_reset();
  external();
  pull_drops_the_line();
}
