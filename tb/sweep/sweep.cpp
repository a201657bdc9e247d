// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "tb/host/files.h"
#include "tb/sweep/batch.h"
#include "tb/sweep/space.h"

namespace xive::sweep {
namespace {

/// The jobs of a sweep's folder whose result is no pass, numbered anew.
std::vector<Job> failed_jobs(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "jobs")) {
    if (std::filesystem::exists(entry.path() / "result.json")) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Job> jobs;
  for (const std::filesystem::path& path : paths) {
    if (read_result(path).passed()) continue;
    Job job = read_job(path);
    job.number = jobs.size();
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace

int run_sweep(const SweepOptions& options, std::ostream& out, std::ostream& err) {
  const SweepFile file = load_sweep(options.file);
  BatchPlan plan;
  plan.name = file.spec.name;
  plan.jobs = make_jobs(file);
  if (options.list) {
    for (const Job& job : plan.jobs) out << job.folder() << "  " << job.key() << "\n";
    out << fmt::format("{} jobs\n", plan.jobs.size());
    return 0;
  }
  plan.folder = options.out;
  plan.ledger = options.ledger;
  plan.resume = options.resume;
  plan.fail_fast = options.fail_fast;
  plan.executor = options.executor;
  plan.executor.slurm = file.spec.slurm;
  return run_batch(plan, out, err);
}

int run_rerun(const RerunOptions& options, std::ostream& out, std::ostream& err) {
  const std::filesystem::path folder = options.folder;
  if (!std::filesystem::exists(folder / "sweep.json")) {
    err << fmt::format("xive-cosim: error: {}: expected the folder of a sweep, found none\n",
                       folder.string());
    return 2;
  }
  BatchPlan plan;
  plan.name = "rerun";
  plan.jobs = failed_jobs(folder);
  if (plan.jobs.empty()) {
    out << "no job of this sweep failed\n";
    return 0;
  }
  for (Job& job : plan.jobs) job.waves = options.waves;
  plan.folder = options.out.empty() ? folder / "rerun" : std::filesystem::path(options.out);
  plan.executor = options.executor;
  return run_batch(plan, out, err);
}

}  // namespace xive::sweep
