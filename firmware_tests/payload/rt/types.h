/* SPDX-License-Identifier: Apache-2.0 */
/* Short names of the fixed widths, byte order, and what a freestanding program has to bring along.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PAYLOAD_LE 1
#else
#define PAYLOAD_LE 0
#endif

static inline u16 be16(u16 v) {
  return PAYLOAD_LE ? __builtin_bswap16(v) : v;
}
static inline u32 be32(u32 v) {
  return PAYLOAD_LE ? __builtin_bswap32(v) : v;
}
static inline u64 be64(u64 v) {
  return PAYLOAD_LE ? __builtin_bswap64(v) : v;
}

/* Mask of bit `n` in IBM numbering of a doubleword. */
#define PPC_BIT(n) (0x8000000000000000ull >> (n))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

void* memset(void* to, int value, size_t size);
void* memcpy(void* to, const void* from, size_t size);
int memcmp(const void* a, const void* b, size_t size);
size_t strlen(const char* text);
int strcmp(const char* a, const char* b);
int strncmp(const char* a, const char* b, size_t size);
