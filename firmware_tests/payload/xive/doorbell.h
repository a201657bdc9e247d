/* SPDX-License-Identifier: Apache-2.0 */
/* Message instructions; spelled as numbers where the assembler wants another processor. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

#define kDoorbell (5ull << 27)

static inline void msgsnd(u64 message) {
  asm volatile("sync; msgsnd %0" ::"r"(message) : "memory");
}
static inline void msgclr(u64 message) {
  asm volatile("msgclr %0" ::"r"(message) : "memory");
}
static inline void msgsync(void) {
  asm volatile("msgsync" ::: "memory");
}
static inline void msgsndp(u64 message) {
  asm volatile("sync; msgsndp %0" ::"r"(message) : "memory");
}
static inline void msgclrp(u64 message) {
  asm volatile("msgclrp %0" ::"r"(message) : "memory");
}
