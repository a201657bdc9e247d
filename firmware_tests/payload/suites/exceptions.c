/* SPDX-License-Identifier: Apache-2.0 */
/* Synchronous exceptions: vector, saved address, cause bits (Power ISA v3.0 book III 6.5). */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/suites/suites.h"

/* SRR1[42:47]: the cause bits of program interrupts; the rest of SRR1 is the MSR. */
#define SRR1_CAUSE 0x3f0000ull

static void trap(void) {
  u64 at;
  exception_on(0x700, exception_skip);
  asm volatile("bcl 20,31,$+4\n mflr %0\n trap" : "=r"(at)::"lr", "memory");
  const struct exception_record* r = exception_seen(0x700);
  CHECK("trap: taken once at 0x700", r->count, 1);
  CHECK("trap: srr0 is the instruction", r->srr0 - at, 4);
  CHECK("trap: cause", r->srr1 & SRR1_CAUSE, 0x20000);
  asm volatile("tdi 0,%0,5\n tdnei %0,5\n twlgei %0,6" ::"r"(5ull));
  CHECK("traps whose condition is false", r->count, 1);
  asm volatile("tdeqi %0,5" ::"r"(5ull));
  asm volatile("twlgti %0,5" ::"r"(~0ull));
  asm volatile("tdlti %0,5" ::"r"(~0ull));
  CHECK("traps whose condition is true", r->count, 4);
  exception_on(0x700, 0);
}

static void system_call(void) {
  u64 at;
  exception_on(0xc00, exception_ignore);
  asm volatile("bcl 20,31,$+4\n mflr %0\n sc" : "=r"(at)::"lr", "memory");
  const struct exception_record* r = exception_seen(0xc00);
  CHECK("sc: taken once at 0xc00", r->count, 1);
  CHECK("sc: srr0 is the next instruction", r->srr0 - at, 8);
  CHECK("sc: srr1", r->srr1 & ~MSR_LE, PPC_BIT(0) | PPC_BIT(3) | MSR_RI);
  exception_on(0xc00, 0);
}

/* An opcode that nobody has: the hypervisor emulation assistance interrupt, by HSRR. */
static void illegal(void) {
  u64 at;
  exception_on(0xe40, exception_skip);
  exception_on(0x700, exception_skip);
  asm volatile("bcl 20,31,$+4\n mflr %0\n .long 0" : "=r"(at)::"lr", "memory");
  const struct exception_record* r = exception_seen(0xe40);
  CHECK("illegal: taken once at 0xe40", r->count, 1);
  CHECK("illegal: hsrr0 is the instruction", r->srr0 - at, 4);
  CHECK("illegal: not at 0x700", exception_seen(0x700)->count, 0);
  exception_on(0xe40, 0);
  exception_on(0x700, 0);
}

static u64 aligned_words[4] __attribute__((aligned(128)));

static void alignment(void) {
  u64 value;
  u64 at;
  const u64 odd = (u64)aligned_words + 2;
  exception_on(0x600, exception_skip);
  asm volatile("bcl 20,31,$+4\n mflr %0\n ldarx %1,0,%2"
               : "=r"(at), "=r"(value)
               : "r"(odd)
               : "lr", "memory");
  const struct exception_record* r = exception_seen(0x600);
  CHECK("ldarx at an odd address: taken once at 0x600", r->count, 1);
  CHECK("alignment: srr0 is the instruction", r->srr0 - at, 4);
  CHECK("alignment: dar", r->dar - (u64)aligned_words, 2);
  asm volatile("ld %0,0(%1)" : "=r"(value) : "b"(odd - 1) : "memory");
  CHECK("ld at an odd address: none", r->count, 1);
  exception_on(0x600, 0);
}

/* Reservations: a store conditional succeeds once. */
static void reservation(void) {
  u64* word = aligned_words;
  u32 cr1, cr2;
  u64 old;
  asm volatile("ldarx %0,0,%3\n stdcx. %4,0,%3\n mfcr %1\n stdcx. %5,0,%3\n mfcr %2"
               : "=&r"(old), "=&r"(cr1), "=&r"(cr2)
               : "r"(word), "r"(1ull), "r"(2ull)
               : "cr0", "memory");
  CHECK("stdcx. with reservation", cr1 >> 28 & 2, 2);
  CHECK("stdcx. without reservation", cr2 >> 28 & 2, 0);
  CHECK("memory after both", *word, 1);
  *word = 0;
}

/* Code that is written, then executed. */
static u32 patch[4] __attribute__((aligned(128)));

static void self_modification(void) {
  u64 result[2];
  for (u32 round = 0; round < 2; ++round) {
    patch[0] = 0x38600000 + 7 + round; /* li r3, 7 + round */
    patch[1] = 0x4e800020;             /* blr */
    asm volatile("dcbst 0,%0; sync; icbi 0,%0; sync; isync" ::"r"(patch) : "memory");
    register u64 r3 asm("r3");
    asm volatile("mtctr %1\n bctrl" : "=r"(r3) : "r"(patch) : "lr", "ctr", "memory");
    result[round] = r3;
  }
  CHECK("written code", result[0], 7);
  CHECK("rewritten code", result[1], 8);
}

void suite_exceptions(void) {
  trap();
  system_call();
  illegal();
  alignment();
  reservation();
  self_modification();
}
