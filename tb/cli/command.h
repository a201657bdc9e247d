// SPDX-License-Identifier: Apache-2.0
/// What the subcommands of xive-cosim have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace xive::cli {

/// Exit codes of the program.
enum ExitCode { kGood = 0, kFailed = 1, kUsage = 2, kEnvironment = 3 };

/// A wrong command line; what() is one line.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Streams {
  std::ostream& out;  ///< results
  std::ostream& err;  ///< errors and progress
};

/// A subcommand: declares itself, and runs when the command line named it.
class Command {
 public:
  virtual ~Command() = default;
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  /// Adds the subcommand to `parent` and returns it. CLI11 keeps pointers to members of this.
  virtual CLI::App* declare(CLI::App& parent) = 0;
  /// Returns the exit code; throws UsageError or config::ConfigError for bad input.
  virtual int run(const Streams& streams) = 0;
};

std::unique_ptr<Command> make_run_command();
std::unique_ptr<Command> make_validate_command();
std::unique_ptr<Command> make_replay_command();
std::unique_ptr<Command> make_sweep_command();
std::unique_ptr<Command> make_rerun_command();
std::unique_ptr<Command> make_job_command();
std::vector<std::unique_ptr<Command>> make_report_commands();
std::unique_ptr<Command> make_rules_command();
std::unique_ptr<Command> make_crosscheck_command();
std::unique_ptr<Command> make_scenario_list_command();
std::unique_ptr<Command> make_scenario_run_command();
std::unique_ptr<Command> make_version_command();
std::unique_ptr<Command> make_config_check_command();
std::unique_ptr<Command> make_config_dump_command();
std::unique_ptr<Command> make_config_schema_command();

}  // namespace xive::cli
