/* SPDX-License-Identifier: Apache-2.0 */
/* Output, a line at a time: through the firmware's console, or, when that refuses, by polling a
   16550. One thread prints at a time: the boot thread. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

/* %s %c %d (s64) %u %x (u64, "0x" is not added) and %%; a number is always 64 bits wide. */
void print(const char* format, ...);
void print_list(const char* format, va_list list);
/* Waits until what was printed has left the firmware. */
void print_flush(void);
