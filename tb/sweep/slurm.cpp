// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/slurm.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <sstream>
#include <utility>

#include "tb/host/process.h"

namespace xive::sweep {
namespace {

/// How long a command of Slurm may take; its own time-outs are shorter.
constexpr double kPatience = 120;
/// Slurm's limit of time only catches what the job's own deadline does not: minutes that it has
/// more.
constexpr std::uint64_t kSpareMinutes = 2;

/// Output of a command that succeeds.
std::string output_of(const std::vector<std::string>& command) {
  host::ProcessOutcome outcome;
  try {
    outcome = host::run_process(command, kPatience);
  } catch (const host::ProcessError& error) {
    throw SlurmError(error.what());
  }
  if (outcome.exit_code == 0) return outcome.output;
  std::string text = outcome.late ? "no answer" : outcome.output;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text) c = c == '\n' ? ';' : c;
  throw SlurmError(fmt::format("{}: {}", command.front(), text.empty() ? "failed" : text));
}

/// False if `text` is no number.
bool read(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

SlurmCommands::SlurmCommands(SlurmSpec spec)
    : spec_(std::move(spec)), user_(std::to_string(getuid())) {
  for (const char* program : {"sbatch", "squeue", "scancel"}) {
    if (host::find_program(program).empty()) {
      throw SlurmError(fmt::format(
          "--executor slurm: expected Slurm's commands on PATH, found no {}; run this on "
          "a machine of the cluster that has them (Debian: apt-get install "
          "slurm-client), or leave --executor slurm out",
          program));
    }
  }
}

std::uint64_t SlurmCommands::submit(const std::string& name, const std::string& script,
                                    std::uint64_t tasks, const JobLimits& limits) {
  // Who runs a lost job again is the scheduler, which tells so: not the queue (--no-requeue).
  std::vector<std::string> command{
      "sbatch",
      "--parsable",
      "--no-requeue",
      "--job-name=" + name,
      fmt::format("--array=0-{}", tasks - 1),
      "--ntasks=1",
      fmt::format("--cpus-per-task={}", spec_.cpus),
      fmt::format("--time={}",
                  static_cast<std::uint64_t>(std::ceil(limits.deadline_s / 60)) + kSpareMinutes),
      "--output=/dev/null",
      "--input=/dev/null"};
  if (limits.memory_mib > 0) command.push_back(fmt::format("--mem={}M", limits.memory_mib));
  if (!spec_.partition.empty()) command.push_back("--partition=" + spec_.partition);
  command.insert(command.end(), spec_.options.begin(), spec_.options.end());
  command.push_back(script);
  // Warnings may stand before the answer, which is "number" or "number;cluster".
  std::istringstream lines(output_of(command));
  std::string line;
  std::uint64_t id = 0;
  bool found = false;
  while (std::getline(lines, line)) found = read(line.substr(0, line.find(';')), id) || found;
  if (!found) throw SlurmError("sbatch: told no number of a job");
  return id;
}

std::vector<SlurmTask> SlurmCommands::tasks(const std::string& name) {
  std::istringstream lines(
      output_of({"squeue", "--noheader", "--array", "--states=all", "--user=" + user_,
                 "--name=" + name, "--format=%F|%K|%T|%r"}));
  std::vector<SlurmTask> tasks;
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string array, index;
    SlurmTask task;
    std::getline(fields, array, '|');
    std::getline(fields, index, '|');
    std::getline(fields, task.state, '|');
    std::getline(fields, task.reason);
    if (read(array, task.array) && read(index, task.index)) tasks.push_back(std::move(task));
  }
  return tasks;
}

void SlurmCommands::cancel(const std::string& name, bool only_waiting) {
  std::vector<std::string> command{"scancel", "--quiet", "--user=" + user_, "--name=" + name};
  if (only_waiting) command.emplace_back("--state=PENDING");
  output_of(command);
}

}  // namespace xive::sweep
