// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "tb/sweep/executor.h"
#include "tb/sweep/spec.h"

namespace xive::sweep {

/// Where jobs run.
enum class ExecutorKind : std::uint8_t { Local, Slurm };

struct ExecutorOptions {
  ExecutorKind kind = ExecutorKind::Local;
  unsigned jobs = 0;    ///< at a time; 0: one per processor here, 1000 in the queue of a cluster
  std::string program;  ///< of the jobs; empty: this one
  SlurmSpec slurm{};
};

/// `folder` is the sweep's; `tell` hears what the user should know while jobs run. Throws
/// SlurmError when the cluster cannot be used.
std::unique_ptr<Executor> make_executor(const ExecutorOptions& options,
                                        const std::filesystem::path& folder,
                                        std::function<void(const std::string&)> tell);

}  // namespace xive::sweep
