/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/types.h"

void* memset(void* to, int value, size_t size) {
  u8* p = to;
  while (size-- != 0) {
    *p++ = (u8)value;
  }
  return to;
}

void* memcpy(void* to, const void* from, size_t size) {
  u8* p = to;
  const u8* q = from;
  while (size-- != 0) {
    *p++ = *q++;
  }
  return to;
}

int memcmp(const void* a, const void* b, size_t size) {
  const u8* p = a;
  const u8* q = b;
  for (; size != 0; --size, ++p, ++q) {
    if (*p != *q) {
      return *p < *q ? -1 : 1;
    }
  }
  return 0;
}

size_t strlen(const char* text) {
  size_t n = 0;
  while (text[n] != 0) {
    ++n;
  }
  return n;
}

int strncmp(const char* a, const char* b, size_t size) {
  for (; size != 0; --size, ++a, ++b) {
    if (*a != *b) {
      return (u8)*a < (u8)*b ? -1 : 1;
    }
    if (*a == 0) {
      return 0;
    }
  }
  return 0;
}

int strcmp(const char* a, const char* b) {
  return strncmp(a, b, (size_t)-1);
}
