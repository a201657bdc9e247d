/* SPDX-License-Identifier: Apache-2.0 */
/* Doorbells to the own thread: hypervisor (0xe80) and privileged (0xa00); scenarios.md 5.1. */
#include "firmware_tests/payload/xive/doorbell.h"
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/rt/platform.h"
#include "firmware_tests/payload/suites/suites.h"

#define PAUSE (TICKS_PER_MS / 16)

/* Sent, and long enough ago to have arrived: a message takes time. */
static void send(u64 message) {
  msgsnd(message);
  wait_ticks(TICKS_PER_MS / 256);
}

static void hypervisor_doorbell(void) {
  const u64 self = kDoorbell | pir();
  exception_on(0xe80, exception_ignore);
  const struct exception_record* r = exception_seen(0xe80);
  CHECK("no doorbell at the start", exception_window(0xe80, 0), 0);
  send(self);
  wait_ticks(PAUSE);
  CHECK("msgsnd: not taken without EE", r->count, 0);
  CHECK("msgsnd: taken once at 0xe80", exception_window(0xe80, 1), 1);
  CHECK("hsrr1 is the MSR", r->srr1 & ~MSR_LE, PPC_BIT(0) | PPC_BIT(3) | MSR_EE | MSR_RI);
  CHECK("delivery clears it", exception_window(0xe80, 1), 1);
  send(self);
  send(self);
  CHECK("two of them are one", exception_window(0xe80, 2), 2);
  send(self);
  msgclr(kDoorbell);
  CHECK("msgclr takes it back", exception_window(0xe80, 2), 2);
  for (u64 type = 0; type < 32; ++type) {
    if (type != 5) {
      send(type << 27 | pir());
    }
  }
  CHECK("other message types do nothing", exception_window(0xe80, 2), 2);
  send(kDoorbell | ((u64)pir() ^ 0x40));
  CHECK("another thread's number does nothing here", exception_window(0xe80, 2), 2);
  send(self);
  msgclr(0);
  CHECK("msgclr of another type does nothing", exception_window(0xe80, 3), 3);
  interrupts_on();
  send(self);
  wait_ticks(PAUSE);
  interrupts_off();
  CHECK("taken while EE is set", r->count, 4);
  exception_on(0xe80, 0);
}

void suite_doorbell(void) {
  hypervisor_doorbell();
}

void suite_doorbell_privileged(void) {
  const u64 self = kDoorbell | mfspr(446);
  const u64 bit = 1ull << mfspr(446);
  exception_on(0xa00, exception_ignore);
  const struct exception_record* r = exception_seen(0xa00);
  CHECK("TIR is the thread of the core", mfspr(446), pir() & 3);
  CHECK("DPDES at the start", mfspr(176), 0);
  msgsndp(self);
  CHECK("msgsndp: shown in DPDES", mfspr(176) == bit, 1);
  wait_ticks(PAUSE);
  CHECK("msgsndp: not taken without EE", r->count, 0);
  CHECK("msgsndp: taken once at 0xa00", exception_window(0xa00, 1), 1);
  CHECK("srr1 is the MSR", r->srr1 & ~MSR_LE, PPC_BIT(0) | PPC_BIT(3) | MSR_EE | MSR_RI);
  CHECK("delivery clears DPDES", mfspr(176), 0);
  msgsndp(self);
  wait_ticks(PAUSE);
  msgclrp(kDoorbell);
  CHECK("msgclrp clears DPDES", mfspr(176), 0);
  CHECK("msgclrp takes it back", exception_window(0xa00, 1), 1);
  mtspr(176, 1ull << mfspr(446));
  CHECK("set through DPDES", exception_window(0xa00, 2), 2);
  exception_on(0xa00, 0);
}
