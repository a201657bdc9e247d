/* SPDX-License-Identifier: Apache-2.0 */
/* More than one hardware thread: start, memory, doorbells, IPIs, a virtual processor that moves. */
#include "firmware_tests/payload/suites/smp.h"
#include "firmware_tests/payload/rt/check.h"
#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/rt/lock.h"
#include "firmware_tests/payload/rt/platform.h"
#include "firmware_tests/payload/rt/thread.h"
#include "firmware_tests/payload/suites/suites.h"
#include "firmware_tests/payload/xive/doorbell.h"
#include "firmware_tests/payload/xive/guest.h"
#include "firmware_tests/payload/xive/host.h"

enum { kPatienceMs = 5000 };

u64 smp_start_all(void) {
  u64 refused = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    if (t != thread_self() && !thread_started(t)) {
      refused += thread_start(t) != OPAL_SUCCESS;
    }
  }
  return refused;
}

int smp_on(u32 thread, thread_work work, void* argument) {
  thread_run(thread, work, argument);
  return thread_join(thread, kPatienceMs);
}

u64 smp_on_all(thread_work work, void* argument) {
  u64 late = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    if (t != thread_self()) {
      thread_run(t, work, argument);
    }
  }
  work(argument);
  for (u32 t = 0; t < platform.threads; ++t) {
    if (t != thread_self()) {
      late += thread_join(t, kPatienceMs) != 0;
    }
  }
  return late;
}

static u32 other_thread(void) {
  return thread_self() == 0 ? 1 : 0;
}

/* --- start ------------------------------------------------------------------------------- */

struct introduction {
  u64 pir, msr, lpcr;
};
static struct introduction introductions[kMaxThreads];

static void introduce(void* argument) {
  struct introduction* i = &introductions[thread_self()];
  (void)argument;
  i->pir = mfspr(1023);
  i->msr = mfmsr();
  i->lpcr = mfspr(318);
}

static s64 status_of(u32 number, u8* status) {
  return opal(OPAL_QUERY_CPU_STATUS, number, status);
}

void suite_smp_start(void) {
  u8 status = 0xff;
  const u32 other = other_thread();
  CHECK_RC("QUERY_CPU_STATUS of the own thread", status_of(platform.boot_pir, &status),
           OPAL_SUCCESS);
  CHECK("started", status, 1);
  CHECK_RC("QUERY_CPU_STATUS of another", status_of(platform.pirs[other], &status), OPAL_SUCCESS);
  CHECK("not started", status, 0);
  CHECK_RC("QUERY_CPU_STATUS of nobody", status_of(kPirOfNobody, &status), OPAL_PARAMETER);
  CHECK_RC("START_CPU of nobody", opal(OPAL_START_CPU, kPirOfNobody, thread_entry_point()),
           OPAL_PARAMETER);
  CHECK_RC("START_CPU of the own thread",
           opal(OPAL_START_CPU, platform.boot_pir, thread_entry_point()), OPAL_WRONG_STATE);
  CHECK_RC("START_CPU of another", thread_start(other), OPAL_SUCCESS);
  CHECK_RC("QUERY_CPU_STATUS", status_of(platform.pirs[other], &status), OPAL_SUCCESS);
  CHECK("started", status, 1);
  CHECK_RC("START_CPU again", opal(OPAL_START_CPU, platform.pirs[other], thread_entry_point()),
           OPAL_WRONG_STATE);
  CHECK("threads that were not started", smp_start_all(), 0);
  CHECK("threads that did not answer", smp_on_all(introduce, 0), 0);
  u64 wrong = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    wrong += introductions[t].pir != platform.pirs[t];
    wrong += (introductions[t].msr & ~(MSR_LE | MSR_RI)) != (PPC_BIT(0) | PPC_BIT(3));
    /* A thread that slept until its start has the wake conditions of its sleep. */
    wrong += ((introductions[t].lpcr ^ introductions[thread_self()].lpcr) & ~LPCR_PECE) != 0;
  }
  CHECK("threads with another PIR, MSR or LPCR", wrong, 0);
}

/* --- memory ------------------------------------------------------------------------------ */

enum { kAdds = 2000 };
static volatile u64 counter __attribute__((aligned(128)));
static volatile u32 counter32 __attribute__((aligned(128)));
static volatile u32 counter_lock __attribute__((aligned(128)));
static volatile u64 locked_counter __attribute__((aligned(128)));

static void add_many(void* argument) {
  (void)argument;
  for (u32 i = 0; i < kAdds; ++i) {
    atomic_add(&counter, 3);
    atomic_add32(&counter32, 1);
    lock(&counter_lock);
    locked_counter += 1;
    unlock(&counter_lock);
  }
}

void suite_smp_memory(void) {
  CHECK("threads that were not started", smp_start_all(), 0);
  CHECK("threads that were late", smp_on_all(add_many, 0), 0);
  CHECK("sum by ldarx and stdcx.", counter == 3ull * kAdds * platform.threads, 1);
  CHECK("sum by lwarx and stwcx.", counter32 == kAdds * platform.threads, 1);
  CHECK("sum under a lock", locked_counter == (u64)kAdds * platform.threads, 1);
}

/* --- doorbells --------------------------------------------------------------------------- */

static volatile u64 answers;

static enum exception_action answer(struct frame* frame) {
  (void)frame;
  ++answers;
  return kReturn;
}

static u64 doorbells_seen;
static void expect_doorbell(void* argument) {
  const u64 expected = *(u64*)argument;
  exception_on(0xe80, answer);
  doorbells_seen = exception_window(0xe80, expected);
  exception_on(0xe80, 0);
}

static void ring_back(void* argument) {
  msgsnd(kDoorbell | *(u64*)argument);
}

void suite_smp_doorbell(void) {
  const u32 other = other_thread();
  u64 one = 1;
  u64 zero = 0;
  u64 self = platform.boot_pir;
  CHECK("threads that were not started", smp_start_all(), 0);
  msgsnd(kDoorbell | platform.pirs[other]);
  CHECK("late", smp_on(other, expect_doorbell, &one), 0);
  CHECK("sent before: taken by the other thread", doorbells_seen, 1);
  CHECK("late", smp_on(other, expect_doorbell, &zero), 0);
  CHECK("taken once", doorbells_seen, 0);
  thread_run(other, expect_doorbell, &one);
  msgsnd(kDoorbell | platform.pirs[other]);
  CHECK("late", thread_join(other, kPatienceMs), 0);
  CHECK("sent while it waits: taken", doorbells_seen, 1);
  exception_on(0xe80, answer);
  answers = 0;
  CHECK("late", smp_on(other, ring_back, &self), 0);
  CHECK("nothing without EE", answers, 0);
  CHECK("answer of the other thread", exception_window(0xe80, 1), 1);
  exception_on(0xe80, 0);
  /* Message and doorbell: what was stored before is seen after (scenarios.md 3). */
}

/* --- IPIs -------------------------------------------------------------------------------- */

struct endpoint {
  struct queue queue;
  struct source source;
  u64 wrong;
} __attribute__((aligned(128)));
static struct endpoint endpoints[kMaxThreads];

u64 smp_open_endpoint(struct queue* q, struct source* s, u32 thread, u32 number) {
  u64 refused = queue_open(q, platform.pirs[thread], kHostPriority, 16,
                           kQueueEnabled | kQueueAlwaysNotify) != OPAL_SUCCESS;
  source_allocate(s);
  refused += source_route(s, platform.pirs[thread], kHostPriority, number) != OPAL_SUCCESS;
  return refused;
}

static void receive_one(void* argument) {
  struct endpoint* e = &endpoints[thread_self()];
  const u32 expected = 0x500 + thread_self();
  (void)argument;
  e->wrong = queue_wait(&e->queue) != expected;
  e->wrong += !host_pending();
  e->wrong += tima_ack_hv() != (0x8000 | kHostPriority);
  e->wrong += source_eoi(&e->source) != 0;
  tima_set_hv_cppr(0xff);
  e->wrong += tima_ack_hv() != 0x00ff;
}

static void open_cppr(void* argument) {
  (void)argument;
  tima_set_hv_cppr(0xff);
}

static void close_cppr(void* argument) {
  (void)argument;
  tima_set_hv_cppr(0);
}

static void send_to(void* argument) {
  source_trigger(&endpoints[*(u32*)argument].source);
}

void suite_smp_ipi(void) {
  u64 refused = 0;
  u64 wrong = 0;
  u64 late = 0;
  CHECK("threads that were not started", smp_start_all(), 0);
  host_reset();
  for (u32 t = 0; t < platform.threads; ++t) {
    refused += smp_open_endpoint(&endpoints[t].queue, &endpoints[t].source, t, 0x500 + t);
  }
  CHECK("queues and sources refused", refused, 0);
  CHECK("late", smp_on_all(open_cppr, 0), 0);
  const u32 self = thread_self();
  for (u32 from = 0; from < platform.threads; ++from) {
    for (u32 to = 0; to < platform.threads; ++to) {
      if (from == self) {
        send_to(&to);
      } else {
        late += smp_on(from, send_to, &to) != 0;
      }
      if (to == self) {
        receive_one(0);
      } else {
        late += smp_on(to, receive_one, 0) != 0;
      }
      wrong += endpoints[to].wrong;
    }
  }
  CHECK("threads that were late", late, 0);
  CHECK("deviations over all pairs", wrong, 0);
  CHECK("late", smp_on_all(close_cppr, 0), 0);
  refused = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    refused += source_free(&endpoints[t].source) != OPAL_SUCCESS;
    refused += queue_close(&endpoints[t].queue) != OPAL_SUCCESS;
  }
  CHECK("queues and sources not closed", refused, 0);
}

/* --- a virtual processor moves ----------------------------------------------------------- */

struct dispatch {
  struct guest* guest;
  u32 before; /* OS ring after the push, CPPR open */
  u16 ack;
  u32 word2;
};

static void dispatch_once(void* argument) {
  struct dispatch* d = argument;
  guest_push(d->guest);
  tima_set_os_cppr(0xff);
  d->before = tima_summary(kRingOs);
  d->ack = tima_ack_os();
  tima_set_os_cppr(0xff);
  d->word2 = guest_pull(d->guest);
}

static volatile u32 running;
static volatile u32 stop;
static u16 guest_ack;

/* On its thread until it is told to stop; accepts one event. */
static void dispatch_until(void* argument) {
  struct guest* g = argument;
  guest_push(g);
  tima_set_os_cppr(0xff);
  sync();
  running = 1;
  while (!stop) {
  }
  guest_ack = guest_pending() ? tima_ack_os() : 0;
  tima_set_os_cppr(0xff);
  guest_pull(g);
}

void suite_smp_guest(void) {
  struct guest g;
  const u32 other = other_thread();
  CHECK("threads that were not started", smp_start_all(), 0);
  host_reset();
  guest_open(&g, 4, 0x77);
  struct dispatch d = {.guest = &g};
  dispatch_once(&d);
  CHECK("here: nothing pending", d.before, 0x00ff00ff);
  source_trigger(&g.source);
  CHECK("entry", queue_wait(&g.queue), 0x77);
  CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, g.source.irq), OPAL_SUCCESS);
  CHECK("late", smp_on(other, dispatch_once, &d), 0);
  CHECK("there: pending comes with the push", d.before, 0x80ff0804);
  CHECK("acknowledge there", d.ack, 0x8004);
  CHECK("EOI", source_eoi(&g.source), 0);
  thread_run(other, dispatch_until, &g);
  while (!running) {
  }
  source_trigger(&g.source);
  CHECK("entry", queue_wait(&g.queue), 0x77);
  sync();
  stop = 1;
  CHECK("late", thread_join(other, kPatienceMs), 0);
  CHECK("delivered to the other thread", guest_ack, 0x8004);
  CHECK("nothing here", ring_nsr(tima_words01(kRingOs)), 0);
  CHECK("EOI", source_eoi(&g.source), 0);
  dispatch_once(&d);
  CHECK("back here: nothing pending", d.before, 0x00ff00ff);
  guest_close(&g);
}

/* --- several chips ----------------------------------------------------------------------- */

/* A source of each chip to each thread: the queue may belong to another chip than the source. */
static void sources_of_all_chips(void) {
  u64 refused = 0, wrong = 0, late = 0, strange = 0;
  const u32 self = thread_self();
  for (u32 chip = 0; chip < platform.provision_chips; ++chip) {
    for (u32 to = 0; to < platform.threads; ++to) {
      struct source* s = &endpoints[to].source;
      const s64 irq = opal(OPAL_XIVE_ALLOCATE_IRQ, chip);
      refused += irq <= 0;
      s->irq = (u32)irq;
      refused += irq_get_info(s->irq, &s->info) != OPAL_SUCCESS;
      strange += s->info.chip != chip;
      refused += source_route(s, platform.pirs[to], kHostPriority, 0x500 + to) != OPAL_SUCCESS;
      send_to(&to);
      if (to == self) {
        receive_one(0);
      } else {
        late += smp_on(to, receive_one, 0) != 0;
      }
      wrong += endpoints[to].wrong;
      refused += source_free(s) != OPAL_SUCCESS;
    }
  }
  CHECK("calls refused", refused, 0);
  CHECK("sources of another chip than asked for", strange, 0);
  CHECK("threads that were late", late, 0);
  CHECK("deviations over all chips and threads", wrong, 0);
}

/* Virtual processors of all chips on this thread, with sources of all chips. */
static void guests_of_all_chips(void) {
  u64 pages;
  struct vp_info info;
  const u32 chips = platform.provision_chips;
  const s64 block = vp_allocate_block(3, &pages);
  check_that("block of eight", block > 0);
  for (u32 n = 0; n < chips; ++n) {
    /* The chip is in the upper bits of the number in the block. */
    struct guest g = {
        .block = (u64)block, .vp = (u64)block + n * (8 / chips), .words01 = 0xff000000ull};
    CHECK_RC("enabled", vp_set_info(g.vp, kVpEnabled, 0), OPAL_SUCCESS);
    CHECK_RC("information", vp_get_info(g.vp, &info), OPAL_SUCCESS);
    g.cam = info.cam;
    CHECK("chip of the virtual processor", info.chip, n);
    CHECK_RC("queue", queue_open(&g.queue, g.vp, 4, 16, kQueueEnabled | kQueueAlwaysNotify),
             OPAL_SUCCESS);
    for (u32 chip = 0; chip < chips; ++chip) {
      g.source.irq = (u32)opal(OPAL_XIVE_ALLOCATE_IRQ, chip);
      CHECK_RC("source", irq_get_info(g.source.irq, &g.source.info), OPAL_SUCCESS);
      CHECK_RC("routed", source_route(&g.source, g.vp, 4, 0x800 + chip), OPAL_SUCCESS);
      source_trigger(&g.source);
      CHECK("entry", queue_wait(&g.queue), 0x800 + chip);
      CHECK_RC("sync", opal(OPAL_XIVE_SYNC, 3, g.source.irq), OPAL_SUCCESS);
      guest_push(&g);
      tima_set_os_cppr(0xff);
      CHECK("pending comes from the memory of its chip", tima_ack_os(), 0x8004);
      CHECK("EOI", source_eoi(&g.source), 0);
      tima_set_os_cppr(0xff);
      source_trigger(&g.source);
      CHECK("entry", queue_wait(&g.queue), 0x800 + chip);
      check_that("OS ring is notified", guest_pending());
      CHECK("acknowledge", tima_ack_os(), 0x8004);
      tima_set_os_cppr(0xff);
      guest_pull(&g);
      CHECK_RC("freed", source_free(&g.source), OPAL_SUCCESS);
    }
    CHECK_RC("closed", queue_close(&g.queue), OPAL_SUCCESS);
    CHECK_RC("disabled", vp_set_info(g.vp, 0, 0), OPAL_SUCCESS);
  }
  CHECK_RC("block freed", opal(OPAL_XIVE_FREE_VP_BLOCK, block), OPAL_SUCCESS);
}

void suite_smp_chips(void) {
  u64 refused = 0;
  CHECK("threads that were not started", smp_start_all(), 0);
  host_reset();
  for (u32 t = 0; t < platform.threads; ++t) {
    refused += queue_open(&endpoints[t].queue, platform.pirs[t], kHostPriority, 16,
                          kQueueEnabled | kQueueAlwaysNotify) != OPAL_SUCCESS;
  }
  CHECK("queues refused", refused, 0);
  CHECK("late", smp_on_all(open_cppr, 0), 0);
  sources_of_all_chips();
  CHECK("late", smp_on_all(close_cppr, 0), 0);
  guests_of_all_chips();
}
