// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "tb/build_info/build_info.h"
#include "tb/cli/command.h"
#include "tb/cli/paths.h"
#include "tb/config/nearest.h"
#include "tb/crosscheck/crosscheck.h"
#include "tb/crosscheck/defaults.h"
#include "tb/host/files.h"

namespace xive::cli {
namespace {

class CrosscheckCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand(
        "crosscheck", "run the same firmware and payload on QEMU and on the platform, and compare");
    app->add_option("--suites", names_, "suites, separated by commas (default: all)")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("NAME,...");
    app->add_option("--qemu", qemu_, "QEMU to compare with (default qemu-system-ppc64)")
        ->type_name("PATH");
    app->add_option("--payload", payload_,
                    "be, be-v1 or le of this build, or an ELF file (default be)")
        ->type_name("FILE");
    app->add_option("--firmware", options_.firmware,
                    "image for both (default: the skiboot.lid of each)")
        ->type_name("FILE");
    app->add_option("--platform", platform_, "configuration of the platform")->type_name("FILE");
    app->add_flag("--qemu-only", qemu_only_, "do not run the platform");
    app->add_option("--machine", machine_, "powernv9 (default) or powernv10")
        ->check(CLI::IsMember({"powernv9", "powernv10"}))
        ->type_name("NAME");
    app->add_option("--plan", plan_, "suites and known differences (default: those of the machine)")
        ->type_name("FILE");
    app->add_option("--deadline", options_.deadline_seconds, "seconds for each run (default 60)")
        ->check(CLI::Range(1.0, 86400.0));
    app->add_option("--jobs", options_.jobs, "suites at a time (default 1)")
        ->check(CLI::Range(1, 64));
    app->add_option("--keep", options_.keep, "keep consoles and device trees")->type_name("FOLDER");
    app->add_option("--json", json_, "write the result as JSON")->type_name("FILE");
    app->add_flag("--list", list_, "list suites and known differences");
    app->footer("Example: xive-cosim crosscheck --list\n");
    return app;
  }

  int run(const Streams& streams) override {
    const crosscheck::Plan plan =
        crosscheck::load_plan(plan_.empty() ? crosscheck::default_plan(machine_) : plan_);
    if (list_) {
      print_plan(plan, streams.out);
      return kGood;
    }
    check_output_file("--json", json_);
    if (!options_.keep.empty()) {
      check_output_folder("--keep", options_.keep);
    }
    choose(plan);
    options_.payload = crosscheck::payload_file(payload_);
    if (!std::filesystem::exists(options_.payload)) {
      fmt::print(streams.err,
                 "xive-cosim: error: no payload {}; built with gcc-powerpc64-linux-gnu\n",
                 options_.payload);
      return kEnvironment;
    }
    try {
      return compare(plan, streams);
    } catch (const host::ProcessError& error) {
      fmt::print(streams.err, "xive-cosim: error: {}\n", error.what());
      return kEnvironment;
    }
  }

 private:
  void choose(const crosscheck::Plan& plan) {
    std::vector<std::string> known;
    for (const crosscheck::Suite& suite : plan.suites) {
      known.push_back(suite.name);
    }
    for (const std::string& name : names_) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string nearest = config::nearest_match(name, known);
        throw UsageError(
            fmt::format("crosscheck: --suites: expected a suite of --list, found '{}'{}", name,
                        nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
      }
    }
    options_.suites = names_;
  }

  int compare(const crosscheck::Plan& plan, const Streams& streams) {
    const crosscheck::QemuInfo info = crosscheck::find_qemu(qemu_);
    const auto qemu = crosscheck::make_qemu(info);
    const std::string config =
        platform_.empty() ? crosscheck::default_platform(plan.machine) : platform_;
    std::unique_ptr<crosscheck::Runner> platform;
    if (!qemu_only_ && !config.empty()) {
      platform = crosscheck::make_platform(std::filesystem::read_symlink("/proc/self/exe").string(),
                                           config);
    }
    const crosscheck::Result result =
        crosscheck::run_crosscheck(plan, options_, info, *qemu, platform.get());
    streams.out << crosscheck::to_text(plan, result);
    const int written = write_json(crosscheck::to_json(plan, result), streams);
    if (written != kGood) return written;
    return result.passed() ? kGood : kFailed;
  }

  static std::string machine_text(const crosscheck::Suite& suite) {
    const auto many = [](unsigned n, const char* what) {
      return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    return many(suite.chips, "chip") + " x " + many(suite.cores, "core") + " x " +
           many(suite.threads, "thread");
  }

  int write_json(nlohmann::json result, const Streams& streams) const {
    if (json_.empty()) return kGood;
    const BuildInfo& build = build_info();
    const nlohmann::json json = {{"commit", build.commit},
                                 {"dirty", build.dirty},
                                 {"payload", options_.payload},
                                 {"result", std::move(result)}};
    return host::write_output(json_, json.dump(2) + "\n", streams.err) ? kGood : kEnvironment;
  }

  static void print_plan(const crosscheck::Plan& plan, std::ostream& out) {
    for (const crosscheck::Suite& suite : plan.suites) {
      fmt::print(out, "{:<22} {}\n", suite.name, machine_text(suite));
    }
    for (const crosscheck::Exclusion& e : plan.excluded) {
      fmt::print(out, "not on QEMU{}: {}: {} ({})\n", e.qemu.empty() ? "" : " " + e.qemu, e.suite,
                 e.reason, e.spec);
    }
    for (const crosscheck::Difference& d : plan.differences) {
      fmt::print(out, "known{}: {}: QEMU {}, platform {}: {} ({})\n",
                 d.versions.empty() ? "" : " (QEMU " + d.versions + ")", d.text(), d.qemu,
                 d.platform, d.reason, d.spec);
    }
  }

  crosscheck::Options options_;
  std::vector<std::string> names_;
  std::string qemu_ = "qemu-system-ppc64";
  std::string machine_ = "powernv9";
  std::string payload_ = "be";
  std::string platform_, plan_, json_;
  bool qemu_only_ = false;
  bool list_ = false;
};

}  // namespace

std::unique_ptr<Command> make_crosscheck_command() {
  return std::make_unique<CrosscheckCommand>();
}

}  // namespace xive::cli
