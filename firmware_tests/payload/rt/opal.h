/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the firmware (OPAL). Results through pointers are big-endian in memory; the wrappers of
   the interrupt calls (payload/xive/calls.h) hand out plain numbers. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

enum opal_token {
  OPAL_TEST = 0,
  OPAL_CONSOLE_WRITE = 1,
  OPAL_CEC_POWER_DOWN = 5,
  OPAL_POLL_EVENTS = 10,
  OPAL_SET_XIVE = 19,
  OPAL_GET_XIVE = 20,
  OPAL_START_CPU = 41,
  OPAL_QUERY_CPU_STATUS = 42,
  OPAL_REINIT_CPUS = 70,
  OPAL_CHECK_TOKEN = 80,
  OPAL_CONSOLE_FLUSH = 117,
  OPAL_INT_GET_XIRR = 122,
  OPAL_INT_SET_CPPR = 123,
  OPAL_INT_EOI = 124,
  OPAL_INT_SET_MFRR = 125,
  OPAL_XIVE_RESET = 128,
  OPAL_XIVE_GET_IRQ_INFO = 129,
  OPAL_XIVE_GET_IRQ_CONFIG = 130,
  OPAL_XIVE_SET_IRQ_CONFIG = 131,
  OPAL_XIVE_GET_QUEUE_INFO = 132,
  OPAL_XIVE_SET_QUEUE_INFO = 133,
  OPAL_XIVE_DONATE_PAGE = 134,
  OPAL_XIVE_ALLOCATE_VP_BLOCK = 135,
  OPAL_XIVE_FREE_VP_BLOCK = 136,
  OPAL_XIVE_GET_VP_INFO = 137,
  OPAL_XIVE_SET_VP_INFO = 138,
  OPAL_XIVE_ALLOCATE_IRQ = 139,
  OPAL_XIVE_FREE_IRQ = 140,
  OPAL_XIVE_SYNC = 141,
  OPAL_XIVE_DUMP = 142,
  OPAL_XIVE_GET_QUEUE_STATE = 143,
  OPAL_XIVE_SET_QUEUE_STATE = 144,
  OPAL_XIVE_GET_VP_STATE = 170,
};

enum opal_result {
  OPAL_SUCCESS = 0,
  OPAL_PARAMETER = -1,
  OPAL_BUSY = -2,
  OPAL_PARTIAL = -3,
  OPAL_CLOSED = -5,
  OPAL_HARDWARE = -6,
  OPAL_UNSUPPORTED = -7,
  OPAL_RESOURCE = -10,
  OPAL_INTERNAL_ERROR = -11,
  OPAL_WRONG_STATE = -14,
  OPAL_PROVISIONING = -31,
  OPAL_FREE_ACTIVE = -32,
};

extern u64 opal_base;
extern u64 opal_entry;

/* In start.S. Interrupts are off during a call. */
s64 opal_call_raw(u64 token, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5, u64 a6);

#define OPAL_ARGS_(token, a0, a1, a2, a3, a4, a5, a6, ...)                                      \
  opal_call_raw((u64)(token), (u64)(a0), (u64)(a1), (u64)(a2), (u64)(a3), (u64)(a4), (u64)(a5), \
                (u64)(a6))
/* opal(token, up to seven arguments) */
#define opal(...) OPAL_ARGS_(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0)
