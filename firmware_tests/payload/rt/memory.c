/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/memory.h"

#include "firmware_tests/payload/rt/finish.h"

extern u8 _end[];

/* The window that the firmware keeps for a payload: 128 MiB from 0x20000000. */
static const u64 kWindowEnd = 0x28000000;
static u64 next;

static u64 first_free(void) {
  if (next == 0) {
    next = (u64)_end;
  }
  return next;
}

void* page_allocate(u64 count, u64 align) {
  if (align < PAGE_SIZE) {
    align = PAGE_SIZE;
  }
  const u64 at = (first_free() + align - 1) & ~(align - 1);
  next = at + count * PAGE_SIZE;
  if (next > kWindowEnd) {
    finish("payload memory exhausted");
  }
  for (u64* p = (u64*)at; p != (u64*)next; ++p) {
    *p = 0;
  }
  return (void*)at;
}

u64 page_mark(void) {
  return first_free();
}

void page_release(u64 mark) {
  next = mark;
}
