// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/executors.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "tb/sweep/local_executor.h"
#include "tb/sweep/slurm_executor.h"

namespace xive::sweep {

std::unique_ptr<Executor> make_executor(const ExecutorOptions& options,
                                        const std::filesystem::path& folder,
                                        std::function<void(const std::string&)> tell) {
  const std::string program = options.program.empty()
                                  ? std::filesystem::read_symlink("/proc/self/exe").string()
                                  : options.program;
  if (options.kind == ExecutorKind::Local) {
    const unsigned slots =
        options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
    return std::make_unique<LocalExecutor>(program, slots);
  }
  SlurmExecutor::Options slurm;
  slurm.program = program;
  slurm.folder = std::filesystem::absolute(folder);
  if (options.jobs > 0) slurm.slots = std::min(options.jobs, slurm.slots);
  slurm.patience_s = options.slurm.patience_s;
  slurm.tell = std::move(tell);
  return std::make_unique<SlurmExecutor>(std::make_unique<SlurmCommands>(options.slurm),
                                         std::move(slurm));
}

}  // namespace xive::sweep
