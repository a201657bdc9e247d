/* SPDX-License-Identifier: Apache-2.0 */
/* What the payload knows of the machine: from the processor version and the device tree. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

enum { kMaxThreads = 32, kMaxArguments = 256 };

/* Behind the last thread of any machine: firmware takes a hole between two for a thread. */
enum { kPirOfNobody = 0x7fff };

struct platform {
  u32 generation; /* 1: POWER9, 2: POWER10 */
  u32 boot_pir;   /* the thread that runs the suites */
  u32 threads;    /* in the device tree */
  u32 pirs[kMaxThreads];
  u64 tima;            /* address of page 0 of the thread interrupt management area; 0: none */
  u64 uart;            /* 16550 at a plain address; 0: none */
  u64 exit;            /* where a simulation takes the exit code; 0: nowhere */
  u64 memory_top;      /* first address behind the memory */
  u32 provision_chips; /* number of chips in ibm,xive-provision-chips */
  u32 single_escalation;
  u32 store_eoi;
  u32 vp_save_restore;
  u32 tree_damaged;
  char arguments[kMaxArguments]; /* bootargs of /chosen */
};

extern struct platform platform;

void platform_read(const void* tree, u64 memory_top);
/* Chips that have a thread. */
u32 platform_chips(void);

/* Value of "key=value" in the arguments as text (ends at a blank or the end), or 0. */
const char* argument(const char* key);
/* The same as a number, `otherwise` when absent. */
u64 argument_number(const char* key, u64 otherwise);
/* True when the comma-separated `list` (which ends at a blank or the end) holds `word`. */
int list_has(const char* list, const char* word);
