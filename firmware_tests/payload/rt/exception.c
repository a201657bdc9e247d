/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/exception.h"

#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/finish.h"
#include "firmware_tests/payload/rt/layout.h"
#include "firmware_tests/payload/rt/platform.h"
#include "firmware_tests/payload/rt/print.h"
#include "firmware_tests/payload/rt/thread.h"

enum { kVectors = 0x1800 / 0x20 };

struct thread_exceptions {
  exception_handler handlers[kVectors];
  struct exception_record records[kVectors];
  u64 order;
};

static struct thread_exceptions threads[kMaxThreads];

extern const u8 low_image[];
extern const u8 low_image_end[];
void exception_enter(void);
int exception_dispatch(struct frame* frame, u64 vector);
extern const u8 exception_enter_code[] asm("exception_enter");

u64 frame_get(const struct frame* frame, u32 offset) {
  u64 v;
  memcpy(&v, (const u8*)frame + offset, 8);
  return be64(v);
}

void frame_set(struct frame* frame, u32 offset, u64 value) {
  const u64 v = be64(value);
  memcpy((u8*)frame + offset, &v, 8);
}

int exception_uses_hsrr(u32 vector) {
  if (vector == 0x500) {
    return (mfspr(318) & LPCR_LPES0) == 0;
  }
  return vector == 0x980 || (vector >= 0xe00 && vector < 0xf00) || vector == 0xf80 ||
         vector == 0x1500;
}

void exception_install(void) {
  u8* low = (u8*)(u64)LOW_FIRST;
  asm("" : "+r"(low)); /* address 0x100 is no null pointer */
  const u64 size = (u64)(low_image_end - low_image);
  memcpy(low, low_image, size);
  *(volatile u64*)(low - LOW_FIRST + LOW_SLOT_ENTER) = be64((u64)exception_enter_code);
  *(volatile u64*)(low - LOW_FIRST + LOW_SLOT_MSR) = be64(PAYLOAD_LE ? MSR_LE : 0);
  for (u64 at = LOW_FIRST & ~127ull; at < LOW_END; at += 128) {
    asm volatile("dcbst 0,%0; sync; icbi 0,%0" ::"r"(at) : "memory");
  }
  asm volatile("sync; isync" ::: "memory");
}

void exception_init_thread(u32 thread, void* room_end) {
  memset(&threads[thread], 0, sizeof(threads[thread]));
  mtspr(275, (u64)room_end);
}

void exception_on(u32 vector, exception_handler handler) {
  struct thread_exceptions* t = &threads[thread_self()];
  t->handlers[vector / 0x20] = handler;
  memset(&t->records[vector / 0x20], 0, sizeof(t->records[0]));
}

const struct exception_record* exception_seen(u32 vector) {
  return &threads[thread_self()].records[vector / 0x20];
}

u64 exception_window(u32 vector, u64 count) {
  volatile const u64* seen = &exception_seen(vector)->count;
  const u64 start = timebase();
  interrupts_on();
  while (*seen < count && timebase() - start < 2000 * TICKS_PER_MS) {
  }
  wait_ticks(TICKS_PER_MS / 32);
  interrupts_off();
  return *seen;
}

enum exception_action exception_skip(struct frame* frame) {
  (void)frame;
  return kSkip;
}

enum exception_action exception_ignore(struct frame* frame) {
  (void)frame;
  return kReturn;
}

static enum exception_action decrementer_far(struct frame* frame) {
  (void)frame;
  mtspr(22, 0x7fffffff);
  return kReturn;
}

static void unexpected(const struct frame* frame, u64 vector) {
  print("\nunexpected exception 0x%x thread 0x%x\n", vector, (u64)pir());
  print("  srr0 0x%x srr1 0x%x hsrr0 0x%x hsrr1 0x%x\n", frame_get(frame, FRAME_SRR0),
        frame_get(frame, FRAME_SRR1), frame_get(frame, FRAME_HSRR0), frame_get(frame, FRAME_HSRR1));
  print("  dar 0x%x dsisr 0x%x lr 0x%x ctr 0x%x cr 0x%x\n", frame_get(frame, FRAME_DAR),
        frame_get(frame, FRAME_DSISR), frame_get(frame, FRAME_LR), frame_get(frame, FRAME_CTR),
        frame_get(frame, FRAME_CR));
  for (u32 i = 0; i < 32; i += 4) {
    print("  r%u 0x%x 0x%x 0x%x 0x%x\n", (u64)i, frame_get(frame, 8 * i),
          frame_get(frame, 8 * i + 8), frame_get(frame, 8 * i + 16), frame_get(frame, 8 * i + 24));
  }
  finish("unexpected exception");
}

/* From exception_enter. Returns whether the way back is by HSRR. */
int exception_dispatch(struct frame* frame, u64 vector) {
  struct thread_exceptions* t = &threads[thread_self()];
  const int hsrr = exception_uses_hsrr((u32)vector);
  const u32 srr0 = hsrr ? FRAME_HSRR0 : FRAME_SRR0;
  const u32 srr1 = hsrr ? FRAME_HSRR1 : FRAME_SRR1;
  struct exception_record* r = &t->records[vector / 0x20];
  ++r->count;
  r->srr0 = frame_get(frame, srr0);
  r->srr1 = frame_get(frame, srr1);
  r->dar = frame_get(frame, FRAME_DAR);
  r->dsisr = frame_get(frame, FRAME_DSISR);
  r->order = ++t->order;
  exception_handler handler = t->handlers[vector / 0x20];
  if (handler == 0 && vector == 0x900) {
    handler = decrementer_far; /* it always runs, and whoever sets EE may meet it */
  }
  if (handler == 0) {
    unexpected(frame, vector);
  }
  if (handler(frame) == kSkip) {
    frame_set(frame, srr0, frame_get(frame, srr0) + 4);
  }
  return hsrr;
}
