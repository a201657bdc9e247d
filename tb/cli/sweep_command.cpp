// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "tb/cli/command.h"
#include "tb/cli/paths.h"
#include "tb/config/document.h"
#include "tb/sweep/run_job.h"
#include "tb/sweep/supervise.h"
#include "tb/sweep/sweep.h"

namespace xive::cli {
namespace {

using sweep::ExecutorKind;

unsigned jobs_of(const std::string& text) {
  return config::parse_option(config::integer(0U, 4096U), text, "--jobs");
}

class SweepCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("sweep", "run many configurations and seeds");
    app->add_option("file", options_.file, "sweep file (YAML), e.g. configs/sweeps/smoke.yaml")
        ->type_name("FILE");
    app->add_option("--out", options_.out, "folder of the results")
        ->type_name("DIR")
        ->capture_default_str();
    app->add_option("--ledger", options_.ledger, "ledger of results (default: DIR/ledger.sqlite)")
        ->type_name("FILE");
    app->add_option("--executor", executor_,
                    "local: processes of this machine; slurm: job arrays of a cluster")
        ->type_name("KIND")
        ->capture_default_str();
    app->add_option("--jobs", jobs_,
                    "jobs at a time; 0: one per processor, 1000 in the queue of a cluster")
        ->type_name("N");
    app->add_flag("--resume", options_.resume, "go on with the results that are in the folder");
    app->add_flag("--fail-fast", options_.fail_fast, "start nothing more after the first failure");
    app->add_flag("--list", options_.list, "show the jobs, run nothing");
    app->footer("Example: xive-cosim sweep configs/sweeps/smoke.yaml --list\n");
    return app;
  }
  int run(const Streams& streams) override {
    if (options_.file.empty()) {
      throw UsageError(
          "sweep: expected a sweep file, found nothing; see 'xive-cosim sweep --help'");
    }
    check_output_folder("--out", options_.out);
    check_new_file("--ledger", options_.ledger);
    options_.executor.jobs = jobs_of(jobs_);
    options_.executor.kind =
        config::parse_option(config::choice<ExecutorKind>(
                                 {{"local", ExecutorKind::Local}, {"slurm", ExecutorKind::Slurm}}),
                             executor_, "--executor");
    return sweep::run_sweep(options_, streams.out, streams.err);
  }

 private:
  sweep::SweepOptions options_;
  std::string jobs_ = "0", executor_ = "local";
};

class RerunCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("rerun", "run the failed jobs of a sweep again");
    app->add_option("folder", options_.folder, "folder of the sweep")->type_name("DIR");
    app->add_flag("--failed", failed_, "the jobs that did not pass (the only choice, and default)");
    app->add_flag("--waves", options_.waves, "with waves, where the suite has them");
    app->add_option("--out", options_.out, "folder of the results (default: DIR/rerun)")
        ->type_name("DIR");
    app->add_option("--jobs", jobs_, "jobs at a time; 0: one per processor")->type_name("N");
    app->footer(
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out again && xive-cosim rerun again "
        "--failed --waves\n");
    return app;
  }
  int run(const Streams& streams) override {
    if (options_.folder.empty()) {
      throw UsageError("rerun: expected the folder of a sweep, found nothing");
    }
    options_.executor.jobs = jobs_of(jobs_);
    return sweep::run_rerun(options_, streams.out, streams.err);
  }

 private:
  sweep::RerunOptions options_;
  bool failed_ = false;
  std::string jobs_ = "0";
};

class JobCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app =
        parent.add_subcommand("job", "carry out one job of a sweep: what executors call");
    app->add_option("folder", folder_, "folder of the job (holds job.json)")->type_name("DIR");
    app->add_option("--end", end_file_,
                    "in a process of its own, under the limits of the job; how it ended goes here")
        ->type_name("FILE");
    app->footer(
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out one && xive-cosim job "
        "one/jobs/000000\n");
    return app;
  }
  int run(const Streams& streams) override {
    if (folder_.empty()) throw UsageError("job: expected the folder of a job, found nothing");
    if (end_file_.empty()) return sweep::run_job(folder_, streams.out, streams.err);
    sweep::supervise(std::filesystem::read_symlink("/proc/self/exe"), folder_, end_file_);
    return kGood;
  }

 private:
  std::string folder_, end_file_;
};

}  // namespace

std::unique_ptr<Command> make_sweep_command() {
  return std::make_unique<SweepCommand>();
}
std::unique_ptr<Command> make_rerun_command() {
  return std::make_unique<RerunCommand>();
}
std::unique_ptr<Command> make_job_command() {
  return std::make_unique<JobCommand>();
}

}  // namespace xive::cli
