/* SPDX-License-Identifier: Apache-2.0 */
/* The suites of the payload, one function each; `xive-cosim crosscheck` selects them by name. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

struct suite {
  const char* name;
  void (*run)(void);
  u32 threads;    /* hardware threads it needs */
  u32 chips;      /* with an interrupt controller */
  u32 generation; /* 0: both, 1: POWER9 only, 2: POWER10 only */
  u32 on_request; /* not part of a run without names */
};

/* Ends with a name of 0. */
extern const struct suite suites[];

void suite_exceptions(void);
void suite_decrementer(void);
void suite_doorbell(void);
void suite_doorbell_privileged(void);
void suite_calls_mode(void);
void suite_calls_irq(void);
void suite_calls_queue(void);
void suite_calls_vp(void);
void suite_provision(void);
void suite_xics(void);
void suite_priority(void);
void suite_queue_wrap(void);
void suite_queue_state(void);
void suite_esb(void);
void suite_esb_sizes(void);
void suite_undispatched(void);
void suite_escalation(void);
void suite_single_escalation(void);
void suite_tima(void);
void suite_ipi(void);
void suite_interrupt(void);
void suite_external(void);
void suite_smp_start(void);
void suite_smp_memory(void);
void suite_smp_doorbell(void);
void suite_smp_ipi(void);
void suite_smp_guest(void);
void suite_smp_storm(void);
void suite_smp_chips(void);
void suite_bench_compute(void);
void suite_bench_interrupt(void);
