// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "tb/crosscheck/machine.h"

namespace xive::crosscheck {
namespace {

class Platform final : public Runner {
 public:
  Platform(std::string program, std::string config)
      : program_(std::move(program)), config_(std::move(config)) {}

  host::ProcessOutcome run(const Job& job) const override {
    const std::string console = job.folder + "/console.txt";
    std::vector<std::string> command = {program_, "run", "--short", "--config", config_};
    const auto set_text = [&](const std::string& setting) {
      command.emplace_back("--set");
      command.push_back(setting);
    };
    const auto set = [&](const std::string& key, const std::string& value) {
      set_text(key + "=" + value);
    };
    set("platform.chips", std::to_string(job.suite.chips));
    set("platform.cores", std::to_string(job.suite.cores));
    set("platform.threads", std::to_string(job.suite.threads));
    set("boot.payload", job.payload);
    set("boot.bootargs", job.arguments);
    set("boot.console", console);
    if (!job.firmware.empty()) {
      set("boot.image", job.firmware);
    }
    for (const std::string& setting : job.settings) set_text(setting);
    command.insert(command.end(), {"--json", job.folder + "/result.json"});
    // The run ends by itself: the payload stores its exit code.
    host::ProcessOutcome outcome = host::run_process(command, job.deadline_seconds);
    std::ifstream in(console, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::ofstream(report_of(job), std::ios::binary) << outcome.output;
    // What the program itself said explains a run without console.
    outcome.output = text.empty() ? outcome.output : text;
    return outcome;
  }

  /// The rules of the machine have a verdict of their own.
  std::string complaint(const Job& job, const host::ProcessOutcome& outcome) const override {
    if (outcome.exit_code == 0) return "";
    std::string first = "see its report";
    std::ifstream in(report_of(job), std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      if (line.find(" at ") != std::string::npos || line.find("error: ") != std::string::npos) {
        first = line;  // a violation names its rule and its time
        break;
      }
    }
    return fmt::format("the run ended with exit code {}: {}", outcome.exit_code, first);
  }

 private:
  static std::string report_of(const Job& job) { return job.folder + "/report.txt"; }

  std::string program_, config_;
};

}  // namespace

std::unique_ptr<Runner> make_platform(const std::string& program, const std::string& config) {
  return std::make_unique<Platform>(program, config);
}

}  // namespace xive::crosscheck
