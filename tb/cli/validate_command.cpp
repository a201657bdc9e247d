// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tb/build_info/build_info.h"
#include "tb/cli/command.h"
#include "tb/cli/config_options.h"
#include "tb/cli/paths.h"
#include "tb/validate/validate.h"

namespace xive::cli {
namespace {

using validate::Progress;
using validate::ValidateOptions;

validate::BuildIdentity identity() {
  const BuildInfo& info = build_info();
  return {std::string(info.version), std::string(info.commit), info.dirty};
}

class ValidateCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand(
        "validate", "check a TIMA with constrained-random operations against the rules");
    config_.declare(*app);
    config_.bind(*app, "--gen", "validate.generation");
    config_.bind(*app, "--threads", "validate.threads");
    config_.bind(*app, "--tima", "validate.tima");
    config_.bind(*app, "--seed", "validate.seed");
    config_.bind(*app, "--ops", "validate.ops");
    config_.bind(*app, "--minutes", "validate.minutes");
    config_.bind(*app, "--shard-ops", "validate.shard_ops");
    config_.bind(*app, "--jobs", "validate.jobs");
    config_.bind(*app, "--mutant", "validate.mutant");
    config_.bind(*app, "--mutant-ops", "validate.mutant_ops");
    config_.bind(*app, "--shrink-seconds", "validate.shrink_seconds");
    config_.bind_off(*app, "--no-stalls", "validate.stalls");
    config_.bind_off(*app, "--no-skip-idle", "validate.skip_idle");
    config_.bind_off(*app, "--no-shrink", "validate.shrink");
    app->add_flag("--mutants", options_.mutants,
                  "run every deliberate RTL fault and show who caught it");
    app->add_option("--mutant-list", options_.mutant_list,
                    "catalogue of the faults, if not the built-in one")
        ->type_name("FILE");
    app->add_flag("--waves", options_.waves, "write waves (FST) of every shard; slow");
    app->add_option("--out", options_.out, "folder of shard results and capsules")
        ->type_name("DIR")
        ->capture_default_str();
    app->add_flag("--resume", options_.resume, "keep the finished shards of the same run");
    app->add_option("--json", options_.json, "write the result as JSON")->type_name("FILE");
    app->add_option("--junit", options_.junit, "write the result as JUnit XML")->type_name("FILE");
    app->add_option("--progress", progress_, "auto, live, plain or off")->type_name("KIND");
    app->footer(
        "The run ends with --ops or --minutes, whichever comes first; --minutes alone lifts the "
        "limit of operations.\n"
        "Example: xive-cosim validate --seed 7 --ops 20000 --jobs 1\n");
    return app;
  }

  int run(const Streams& streams) override {
    config::Document<config::Config> document{config::config_schema()};
    config_.read(document);
    ValidateOptions options = document.value().validate;
    if (given(document, "validate.minutes") && !given(document, "validate.ops") &&
        options.minutes > 0) {
      options.ops = 0;
    }
    options.progress = config::parse_option(config::choice<Progress>({{"auto", Progress::Auto},
                                                                      {"live", Progress::Live},
                                                                      {"plain", Progress::Plain},
                                                                      {"off", Progress::Off}}),
                                            progress_, "--progress");
    options.mutants = options_.mutants;
    options.mutant_list = options_.mutant_list;
    options.waves = options_.waves;
    options.out = options_.out;
    options.resume = options_.resume;
    options.json = options_.json;
    options.junit = options_.junit;
    check_output_file("--json", options.json);
    check_output_file("--junit", options.junit);
    check_output_folder("--out", options.out);
    options.build = identity();
    return validate::run_validate(options, streams.out, streams.err);
  }

 private:
  static bool given(const config::DocumentBase& document, const std::string& key) {
    const auto origin = document.origins().find(key);
    return origin != document.origins().end() &&
           origin->second.kind == config::Origin::Kind::CommandLine;
  }

  ConfigOptions config_;
  ValidateOptions options_;  ///< only what is no part of a configuration
  std::string progress_ = "auto";
};

class ReplayCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("replay", "reproduce the violation of a capsule");
    app->add_option("capsule", options_.capsule, "the capsule folder");
    app->add_flag("--waves", options_.waves, "write waves of the whole replay into the capsule");
    app->add_flag("--shrunk", options_.shrunk, "replay the reduced list of operations");
    app->add_option("--json", options_.json, "write the outcome as JSON")->type_name("FILE");
    app->footer(
        "Exit code 1: the violation is reproduced; 0: it no longer happens.\n"
        "Example: xive-cosim replay xive-validate-out/capsule-*\n");
    return app;
  }

  int run(const Streams& streams) override {
    if (options_.capsule.empty()) {
      throw UsageError("replay: expected the folder of a capsule, found nothing");
    }
    check_input_folder("replay", options_.capsule);
    check_output_file("--json", options_.json);
    options_.build = identity();
    return validate::run_replay(options_, streams.out, streams.err);
  }

 private:
  validate::ReplayOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_validate_command() {
  return std::make_unique<ValidateCommand>();
}
std::unique_ptr<Command> make_replay_command() {
  return std::make_unique<ReplayCommand>();
}

}  // namespace xive::cli
