/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a run: verdict line, exit code to a simulation that takes one, power-off. */
#pragma once

/* `reason` is 0 for an orderly end; the verdict is then that of the checks. */
void finish(const char* reason) __attribute__((noreturn));
