/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/suites/suites.h"

const struct suite suites[] = {
    {"exceptions", suite_exceptions, 1, 0, 0},
    {"decrementer", suite_decrementer, 1, 0, 0},
    {"doorbell", suite_doorbell, 1, 0, 0},
    {"doorbell_privileged", suite_doorbell_privileged, 1, 0, 1},
    {"xics", suite_xics, 1, 1, 0},
    {"calls_mode", suite_calls_mode, 1, 0, 0},
    {"calls_irq", suite_calls_irq, 1, 0, 0},
    {"calls_queue", suite_calls_queue, 1, 0, 0},
    {"calls_vp", suite_calls_vp, 1, 0, 0},
    {"provision", suite_provision, 1, 0, 0},
    {"tima", suite_tima, 1, 0, 0},
    {"esb", suite_esb, 1, 0, 0},
    {"esb_sizes", suite_esb_sizes, 1, 0, 0},
    {"ipi", suite_ipi, 1, 0, 0},
    {"interrupt", suite_interrupt, 1, 0, 0},
    {"external", suite_external, 1, 0, 0},
    {"priority", suite_priority, 1, 0, 0},
    {"queue_wrap", suite_queue_wrap, 1, 0, 0},
    {"queue_state", suite_queue_state, 1, 0, 0},
    {"undispatched", suite_undispatched, 1, 0, 0},
    {"escalation", suite_escalation, 1, 0, 0},
    {"single_escalation", suite_single_escalation, 1, 0, 0},
    {0, 0, 0, 0, 0},
};
