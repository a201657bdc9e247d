/* SPDX-License-Identifier: Apache-2.0 */
/* All threads send IPIs to all, by interrupt: a message that was written before its trigger is
   seen, whatever the state buffer merges. */
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/rt/lock.h"
#include "firmware_tests/payload/suites/smp.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/host.h"

enum { kDefaultSends = 500 };

struct participant {
  struct queue queue;
  struct source source;
  volatile u64 sent[kMaxThreads]; /* by this thread, to each */
  volatile u64 seen;              /* messages that reached this thread's handler */
  u64 interrupts, strange, random;
} __attribute__((aligned(128)));

static struct participant threads[kMaxThreads];
static volatile u64 senders_done;
static u64 sends;

static u64 messages_to(u32 target) {
  u64 sum = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    sum += threads[t].sent[target];
  }
  return sum;
}

static enum exception_action handle(struct frame* frame) {
  struct participant* self = &threads[thread_self()];
  (void)frame;
  ++self->interrupts;
  const u16 ack = tima_ack_hv();
  self->strange += ack != (0x8000 | kHostPriority);
  u32 entry;
  while ((entry = queue_pop(&self->queue)) != kQueueEmpty) {
    self->strange += entry != 0x700 + thread_self();
    source_eoi(&self->source);
  }
  sync();
  self->seen = messages_to(thread_self());
  tima_set_hv_cppr(0xff);
  return kReturn;
}

static void storm(void* argument) {
  const u32 me = thread_self();
  struct participant* self = &threads[me];
  const u64 lpcr = mfspr(318);
  (void)argument;
  exception_on(0xea0, handle);
  tima_set_hv_cppr(0xff);
  lpcr_write(lpcr | LPCR_HVICE);
  interrupts_on();
  for (u64 i = 0; i < sends; ++i) {
    self->random = self->random * 6364136223846793005ull + 1442695040888963407ull;
    const u32 target = (u32)((self->random >> 33) % platform.threads);
    ++self->sent[target];
    source_trigger(&threads[target].source);
  }
  sync();
  atomic_add(&senders_done, 1);
  const u64 start = timebase();
  /* A message may be seen with the interrupt of another one, long before its own has come from
     another chip: the source is at rest only behind that. */
  while ((senders_done < platform.threads || source_get_pq(&self->source) != kPqReset ||
          self->seen != messages_to(me)) &&
         timebase() - start < 3000 * TICKS_PER_MS) {
  }
  interrupts_off();
  lpcr_write(lpcr);
  tima_set_hv_cppr(0);
  exception_on(0xea0, 0);
}

void suite_smp_storm(void) {
  u64 refused = 0;
  sends = argument_number("count", kDefaultSends);
  CHECK("threads that were not started", smp_start_all(), 0);
  host_reset();
  for (u32 t = 0; t < platform.threads; ++t) {
    threads[t].random = 77 + t;
    refused += smp_open_endpoint(&threads[t].queue, &threads[t].source, t, 0x700 + t);
  }
  CHECK("queues and sources refused", refused, 0);
  CHECK("threads that were late", smp_on_all(storm, 0), 0);
  u64 lost = 0, strange = 0, interrupts = 0, states = 0, left = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    lost += messages_to(t) - threads[t].seen;
    strange += threads[t].strange;
    interrupts += threads[t].interrupts;
    states += source_get_pq(&threads[t].source) != kPqReset;
    left += queue_pop(&threads[t].queue) != kQueueEmpty;
  }
  CHECK("messages lost", lost, 0);
  CHECK("strange acknowledges and entries", strange, 0);
  CHECK("sources not at rest", states, 0);
  CHECK("entries left", left, 0);
  info("interrupts", interrupts);
  info("messages", sends * platform.threads);
  refused = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    refused += source_free(&threads[t].source) != OPAL_SUCCESS;
    refused += queue_close(&threads[t].queue) != OPAL_SUCCESS;
  }
  CHECK("queues and sources not closed", refused, 0);
}
