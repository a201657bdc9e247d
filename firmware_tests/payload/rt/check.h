/* SPDX-License-Identifier: Apache-2.0 */
/* Checks and their lines. `ok N - NAME VALUE` or `not ok N - NAME VALUE expected VALUE`; a value
   that depends on time is left out. `note` prints a value that is compared between machines but has
   no expectation of its own; `info` prints what is compared with nothing. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

extern u64 checks_done;
extern u64 checks_failed;

void check_number(const char* name, u64 got, u64 expected);
/* A signed result, for instance of a firmware call. */
void check_result(const char* name, s64 got, s64 expected);
/* Only whether it holds is printed. */
void check_that(const char* name, int holds);
void note(const char* name, u64 value);
void info(const char* name, u64 value);

/* The casts keep call sites free of them. */
#define CHECK(name, got, expected) check_number(name, (u64)(got), (u64)(expected))
#define CHECK_RC(name, got, expected) check_result(name, (s64)(got), (s64)(expected))
