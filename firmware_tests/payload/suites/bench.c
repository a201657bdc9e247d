/* SPDX-License-Identifier: Apache-2.0 */
/* Loops for measurements; the time is in ticks of the time base and on the host's clock of whoever
   runs this between the two marks. */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/print.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

enum { kDefaultLoops = 1000000, kDefaultTrips = 20000, kInstructionsPerLoop = 16 };

/* Sixteen instructions of a mix that a compiler makes: integer, logic, shift, load, store, compare,
 * branch. */
static u64 compute(u64 loops) {
  static u64 memory[64] __attribute__((aligned(128)));
  u64 hash = 0x123456789abcdefull;
  u64 a, b;
  asm volatile(
      "mtctr %[loops]\n"
      "1: rldicl %[a],%[hash],0,58\n"
      "rldicr %[b],%[a],3,60\n"
      "ldx %[a],%[b],%[memory]\n"
      "add %[a],%[a],%[hash]\n"
      "rldicl %[hash],%[hash],13,0\n"
      "xor %[hash],%[hash],%[a]\n"
      "mulld %[a],%[a],%[hash]\n"
      "stdx %[a],%[b],%[memory]\n"
      "addi %[a],%[a],17\n"
      "cmpldi %[a],0\n"
      "beq- 2f\n"
      "srdi %[b],%[a],7\n"
      "xor %[hash],%[hash],%[b]\n"
      "subf %[hash],%[a],%[hash]\n"
      "ori %[hash],%[hash],1\n"
      "bdnz+ 1b\n"
      "2:"
      : [hash] "+r"(hash), [a] "=&r"(a), [b] "=&r"(b)
      : [loops] "r"(loops), [memory] "b"(memory)
      : "ctr", "cr0", "memory");
  return hash;
}

void suite_bench_compute(void) {
  const u64 loops = argument_number("count", kDefaultLoops);
  print("bench compute start loops %u instructions %u\n", loops, loops * kInstructionsPerLoop);
  print_flush();
  const u64 start = timebase();
  const u64 hash = compute(loops);
  const u64 ticks = timebase() - start;
  print("bench compute end ticks %u\n", ticks);
  note("hash", hash);
  check_that("the loop did something", hash != 0);
}

/* One round trip: trigger store, polled acknowledge, queue read, EOI load, CPPR store. */
void suite_bench_interrupt(void) {
  struct host h;
  u64 polls = 0;
  u64 wrong = 0;
  const u64 trips = argument_number("count", kDefaultTrips);
  host_open(&h, 0x88);
  print("bench interrupt start trips %u\n", trips);
  print_flush();
  const u64 start = timebase();
  for (u64 i = 0; i < trips; ++i) {
    u16 ack;
    source_trigger(&h.source);
    do {
      ack = tima_ack_hv();
      ++polls;
    } while (ack >> 8 == 0 && polls < 1000 * trips + 1000);
    wrong += ack != (0x8000 | kHostPriority);
    wrong += queue_pop(&h.queue) != 0x88;
    wrong += source_eoi(&h.source) != 0;
    tima_set_hv_cppr(0xff);
  }
  const u64 ticks = timebase() - start;
  print("bench interrupt end ticks %u\n", ticks);
  info("polls", polls);
  CHECK("deviations", wrong, 0);
  host_close(&h);
}
