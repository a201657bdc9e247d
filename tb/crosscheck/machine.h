// SPDX-License-Identifier: Apache-2.0
/// The two machines that a payload runs on, each as a process of its own: QEMU's powernv9 and the
/// platform
/// (`xive-cosim run` with a configuration that boots firmware).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tb/crosscheck/plan.h"
#include "tb/host/process.h"

namespace xive::crosscheck {

/// What one run is given.
struct Job {
  Suite suite;
  std::string machine;                ///< of QEMU
  std::string payload;                ///< ELF file
  std::string firmware;               ///< empty: the machine's own
  std::string arguments;              ///< bootargs
  std::vector<std::string> settings;  ///< of the platform: key=value
  double deadline_seconds = 60;
  std::string folder;  ///< exists; for the run's own files
};

class Runner {
 public:
  virtual ~Runner() = default;
  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// The outcome's output is the console. Throws host::ProcessError.
  virtual host::ProcessOutcome run(const Job& job) const = 0;
  /// What else is wrong with a run whose payload passed; empty: nothing.
  virtual std::string complaint(const Job& job, const host::ProcessOutcome& outcome) const = 0;
};

struct QemuInfo {
  std::string path;
  std::string version;  ///< e.g. "7.2.19"
};
/// Path and version of `program` (a path or a name of PATH). Throws host::ProcessError when it is
/// none.
QemuInfo find_qemu(const std::string& program);

std::unique_ptr<Runner> make_qemu(const QemuInfo& qemu);
/// `program` is xive-cosim, `config` the platform's configuration.
std::unique_ptr<Runner> make_platform(const std::string& program, const std::string& config);

}  // namespace xive::crosscheck
