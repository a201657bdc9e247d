/* SPDX-License-Identifier: Apache-2.0 */
/* Memory behind the payload, in pages of 64 KiB, cleared; freed by page_mark() only. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

#define PAGE_SIZE 0x10000ull

/* `count` pages in one piece, aligned to `align` bytes (a power of two, 0: PAGE_SIZE). */
void* page_allocate(u64 count, u64 align);
/* Everything allocated after the mark is free again after page_release(mark). */
u64 page_mark(void);
void page_release(u64 mark);
