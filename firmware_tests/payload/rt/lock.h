/* SPDX-License-Identifier: Apache-2.0 */
/* Atomic operations of threads by reservation. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

/* Adds and returns the new value; not ordered with other accesses. */
static inline u64 atomic_add(volatile u64* word, u64 amount) {
  u64 value;
  asm volatile("1: ldarx %0,0,%1\n add %0,%0,%2\n stdcx. %0,0,%1\n bne- 1b"
               : "=&r"(value)
               : "r"(word), "r"(amount)
               : "cr0", "memory");
  return value;
}
static inline u32 atomic_add32(volatile u32* word, u32 amount) {
  u32 value;
  asm volatile("1: lwarx %0,0,%1\n add %0,%0,%2\n stwcx. %0,0,%1\n bne- 1b"
               : "=&r"(value)
               : "r"(word), "r"(amount)
               : "cr0", "memory");
  return value;
}
static inline void lock(volatile u32* word) {
  u32 old;
  asm volatile("1: lwarx %0,0,%1\n cmpwi %0,0\n bne- 1b\n stwcx. %2,0,%1\n bne- 1b\n isync"
               : "=&r"(old)
               : "r"(word), "r"(1u)
               : "cr0", "memory");
}
static inline void unlock(volatile u32* word) {
  asm volatile("lwsync" ::: "memory");
  *word = 0;
}
