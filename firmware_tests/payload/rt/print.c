/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/print.h"

#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/opal.h"
#include "firmware_tests/payload/rt/platform.h"

enum { kLine = 256, kUartLsr = 5, kLsrEmpty = 0x20, kPatience = 100000 };

static char line[kLine];
static u32 used;
static int use_uart;

static void uart_write(const char* text, u32 size) {
  for (u32 i = 0; i < size; ++i) {
    for (u32 n = 0; n < kPatience && (mmio_read8(platform.uart + kUartLsr) & kLsrEmpty) == 0; ++n) {
    }
    mmio_write8(platform.uart, (u8)text[i]);
  }
}

static void flush_line(void) {
  u32 from = 0;
  while (from < used && !use_uart) {
    u64 size = be64(used - from);
    const s64 rc = opal(OPAL_CONSOLE_WRITE, 0, &size, line + from);
    if (rc == OPAL_SUCCESS || rc == OPAL_PARTIAL) {
      from += (u32)be64(size);
    }
    if (rc == OPAL_BUSY || rc == OPAL_PARTIAL) {
      opal(OPAL_POLL_EVENTS, 0);
    } else if (rc != OPAL_SUCCESS) {
      use_uart = 1;
    }
  }
  if (use_uart && platform.uart != 0) {
    uart_write(line + from, used - from);
  }
  used = 0;
}

static void put(char c) {
  if (c == '\n') {
    line[used++] = '\r';
  }
  line[used++] = c;
  if (c == '\n' || used >= kLine - 2) {
    flush_line();
  }
}

static void put_number(u64 value, u64 base) {
  char digits[24];
  int n = 0;
  do {
    digits[n++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  while (n > 0) {
    put(digits[--n]);
  }
}

void print_list(const char* format, va_list list) {
  for (const char* p = format; *p != 0; ++p) {
    if (*p != '%') {
      put(*p);
      continue;
    }
    ++p;
    if (*p == 's') {
      for (const char* s = va_arg(list, const char*); *s != 0; ++s) {
        put(*s);
      }
    } else if (*p == 'c') {
      put((char)va_arg(list, int));
    } else if (*p == 'd') {
      const s64 v = va_arg(list, s64);
      if (v < 0) {
        put('-');
      }
      put_number(v < 0 ? 0 - (u64)v : (u64)v, 10);
    } else if (*p == 'u') {
      put_number(va_arg(list, u64), 10);
    } else if (*p == 'x') {
      put_number(va_arg(list, u64), 16);
    } else {
      put(*p);
    }
  }
}

void print(const char* format, ...) {
  va_list list;
  va_start(list, format);
  print_list(format, list);
  va_end(list);
}

void print_flush(void) {
  if (use_uart) {
    return;
  }
  for (u32 n = 0; n < kPatience; ++n) {
    const s64 rc = opal(OPAL_CONSOLE_FLUSH, 0);
    if (rc != OPAL_BUSY && rc != OPAL_PARTIAL) {
      return;
    }
    opal(OPAL_POLL_EVENTS, 0);
  }
}
