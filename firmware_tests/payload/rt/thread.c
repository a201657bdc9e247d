/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/thread.h"

#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/exception.h"
#include "firmware_tests/payload/rt/layout.h"
#include "firmware_tests/payload/rt/opal.h"
#include "firmware_tests/payload/rt/platform.h"

enum { kStartPatienceMs = 2000 };

u8 boot_stack[STACK_SIZE] __attribute__((aligned(128)));
static u8 stacks[kMaxThreads][STACK_SIZE] __attribute__((aligned(128)));
static u8 exception_rooms[kMaxThreads][STACK_SIZE] __attribute__((aligned(128)));
void* start_stack;

struct mailbox {
  thread_work work;
  void* argument;
  volatile u32 busy;
  volatile u32 started;
} __attribute__((aligned(128)));
static struct mailbox mailboxes[kMaxThreads];

extern const u8 secondary_entry_code[] asm("secondary_entry");
void secondary_main(void);

int thread_of_pir(u32 number) {
  for (u32 i = 0; i < platform.threads; ++i) {
    if (platform.pirs[i] == number) {
      return (int)i;
    }
  }
  return -1;
}

u32 thread_self(void) {
  const int n = thread_of_pir(pir());
  return n < 0 ? 0 : (u32)n;
}

static void arrive(u32 thread) {
  exception_init_thread(thread, exception_rooms[thread] + STACK_SIZE);
  mailboxes[thread].started = 1;
  interrupts_off();
}

void thread_init_boot(void) {
  arrive(thread_self());
}

u64 thread_entry_point(void) {
  return (u64)secondary_entry_code;
}

int thread_started(u32 thread) {
  return mailboxes[thread].started != 0;
}

s64 thread_start(u32 thread) {
  start_stack = stacks[thread];
  sync();
  const s64 rc = opal(OPAL_START_CPU, platform.pirs[thread], thread_entry_point());
  if (rc != OPAL_SUCCESS) {
    return rc;
  }
  const u64 start = timebase();
  while (!mailboxes[thread].started) {
    if (timebase() - start > kStartPatienceMs * TICKS_PER_MS) {
      return OPAL_HARDWARE;
    }
  }
  return OPAL_SUCCESS;
}

void secondary_main(void) {
  const u32 self = thread_self();
  struct mailbox* box = &mailboxes[self];
  arrive(self);
  for (;;) {
    while (!box->busy) {
      asm volatile("or 1,1,1; or 2,2,2" ::: "memory"); /* low, then normal priority */
    }
    lwsync();
    box->work(box->argument);
    sync();
    box->busy = 0;
  }
}

void thread_run(u32 thread, thread_work work, void* argument) {
  mailboxes[thread].work = work;
  mailboxes[thread].argument = argument;
  sync();
  mailboxes[thread].busy = 1;
}

int thread_idle(u32 thread) {
  return !mailboxes[thread].busy;
}

int thread_join(u32 thread, u64 ms) {
  const u64 start = timebase();
  while (mailboxes[thread].busy) {
    if (timebase() - start > ms * TICKS_PER_MS) {
      return -1;
    }
  }
  lwsync();
  return 0;
}
