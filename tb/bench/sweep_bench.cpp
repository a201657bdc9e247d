// SPDX-License-Identifier: Apache-2.0
// What a sweep costs beside its jobs: many short jobs, from reading the file to the page. The floor
// is the processor time of the jobs divided by the processors; the sweep's own work comes on top.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>

#include "tb/bench/stopwatch.h"
#include "tb/host/files.h"
#include "tb/host/process.h"
#include "tb/ledger/testing.h"
#include "tb/sweep/sweep.h"

namespace xive::bench {
namespace {

int measure(const std::string& program, unsigned jobs, unsigned triggers) {
  const ledger::testing::TemporaryFolder folder;
  const std::string file = folder.file("sweep.yaml");
  host::write_file(file, fmt::format("name: short\nsuite: load\n"
                                     "set: {{platform.tima: model, run.triggers: {}}}\n"
                                     "seeds: {{count: {}}}\n",
                                     triggers, jobs));
  sweep::SweepOptions options;
  options.file = file;
  options.out = folder.file("out");
  options.executor.program = program;
  std::ostringstream out;
  const bench::Stopwatch watch;
  const int code = sweep::run_sweep(options, out, std::cerr);
  const double wall = watch.seconds();
  if (code != 0) {
    std::cout << out.str();
    return 1;
  }
  const double of_jobs = host::processor_seconds(RUSAGE_CHILDREN);
  const double own = host::processor_seconds(RUSAGE_SELF);
  const double floor = of_jobs / std::max(1U, std::thread::hardware_concurrency());
  std::cout << fmt::format(
      "{} jobs of {:.1f} ms processor time each, the sweep itself {:.2f} ms a job\n"
      "wall time {:.2f} s, floor {:.2f} s: ratio {:.3f}; on a machine that is busy with other "
      "things, processor time "
      "alone: ratio {:.3f}\n",
      jobs, of_jobs / jobs * 1e3, own / jobs * 1e3, wall, floor, wall / floor,
      (of_jobs + own) / of_jobs);
  return 0;
}

}  // namespace
}  // namespace xive::bench

int main(int argc, char** argv) {
  CLI::App app{"Overhead of a sweep: wall time over processor time of its jobs"};
  std::string program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../xive-cosim").string();
  unsigned jobs = 1000, triggers = 4000;
  app.add_option("--program", program, "xive-cosim")->capture_default_str();
  app.add_option("--jobs", jobs, "number of jobs")->capture_default_str();
  app.add_option("--triggers", triggers, "length of each")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return xive::bench::measure(program, jobs, triggers);
}
