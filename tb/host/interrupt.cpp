// SPDX-License-Identifier: Apache-2.0
#include "tb/host/interrupt.h"

namespace xive::host {
namespace {

volatile bool g_requested = false;  // a signal handler can reach nothing else

void on_signal(int) {
  g_requested = true;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  g_requested = false;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
}

bool InterruptGuard::requested() {
  return g_requested;
}
const volatile bool* InterruptGuard::flag() {
  return &g_requested;
}

}  // namespace xive::host
