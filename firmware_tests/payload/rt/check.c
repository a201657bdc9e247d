/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/check.h"

#include "firmware_tests/payload/rt/print.h"

u64 checks_done;
u64 checks_failed;

static const char* verdict(int good) {
  ++checks_done;
  if (!good) {
    ++checks_failed;
  }
  return good ? "ok" : "not ok";
}

void check_number(const char* name, u64 got, u64 expected) {
  const char* word = verdict(got == expected);
  print("%s %u - %s 0x%x", word, checks_done, name, got);
  if (got != expected) {
    print(" expected 0x%x", expected);
  }
  print("\n");
}

void check_result(const char* name, s64 got, s64 expected) {
  const char* word = verdict(got == expected);
  print("%s %u - %s %d", word, checks_done, name, got);
  if (got != expected) {
    print(" expected %d", expected);
  }
  print("\n");
}

void check_that(const char* name, int holds) {
  const char* word = verdict(holds);
  print("%s %u - %s\n", word, checks_done, name);
}

void note(const char* name, u64 value) {
  print("note %s 0x%x\n", name, value);
}

void info(const char* name, u64 value) {
  print("info %s %u\n", name, value);
}
