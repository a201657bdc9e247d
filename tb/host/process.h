// SPDX-License-Identifier: Apache-2.0
/// A child process whose output is watched: it ends when it wants to, when the watcher has seen
/// enough, or when its time is up.
#pragma once

#include <sys/resource.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace xive::host {

/// A program that cannot be started, a socket that cannot be made.
class ProcessError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ProcessOutcome {
  std::string output;            ///< standard output and standard error
  bool stopped = false;          ///< the watcher had seen enough
  bool late = false;             ///< killed at the deadline
  int exit_code = -1;            ///< -1: ended by a signal
  double seconds = 0;            ///< wall time
  double processor_seconds = 0;  ///< of the child
};

/// Runs `command` (a path, or a name of PATH). `started` is called once it runs; `enough` after
/// each piece of output, which is handed to it as a whole (none: wait for the end). The child, and
/// its children, never outlive the call. Throws ProcessError when it cannot be started; exceptions
/// of `started` end the child and go on.
ProcessOutcome run_process(const std::vector<std::string>& command, double deadline_seconds,
                           const std::function<bool(const std::string&)>& enough = {},
                           const std::function<void()>& started = {});

/// Time on the processors, in user mode and in the kernel.
double processor_seconds(const rusage& usage);
/// Of RUSAGE_SELF, or RUSAGE_CHILDREN: those that have ended.
double processor_seconds(int who);

/// Path of a program of PATH, or the path itself when it names an executable file; empty: none.
std::string find_program(const std::string& name);

}  // namespace xive::host
