// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sc_models/platform/file_error.h"
#include "tb/build_info/build_info.h"
#include "tb/cli/command.h"
#include "tb/cli/config_options.h"
#include "tb/cli/paths.h"
#include "tb/run/run.h"

namespace xive::cli {
namespace {

/// A kind by its name, anything else is a file.
ConfigOptions::Settings firmware_settings(const std::string& value) {
  for (const char* kind : {"tables", "opal", "skiboot"}) {
    if (value == kind) return {{"run.firmware", value}};
  }
  // A misspelt kind is told by the check of the key.
  if (value.find_first_of("./") == std::string::npos) return {{"run.firmware", value}};
  return {{"run.firmware", "skiboot"}, {"boot.image", value}};
}

/// An option that this firmware does not look at is a mistake of who gave it, unlike a key in a
/// file that serves several runs.
void check_options_apply(const run::RunOptions& options, const config::Origins& origins) {
  const bool image = options.work.firmware == run::FirmwareKind::Skiboot;
  const std::string kind = options.work.firmware == run::FirmwareKind::Opal     ? "opal"
                           : options.work.firmware == run::FirmwareKind::Tables ? "tables"
                                                                                : "skiboot";
  for (const auto& [key, origin] : origins) {
    if (origin.kind != config::Origin::Kind::CommandLine) continue;
    const bool of_image = key.rfind("boot.", 0) == 0;
    const bool of_load = key.rfind("run.", 0) == 0 && key != "run.firmware" && key != "run.seed" &&
                         key != "run.limit_s" && key != "run.checks";
    if (image ? of_load : of_image) {
      throw UsageError(fmt::format(
          "{}: {} means nothing with run.firmware {}, expected {}", origin.text(), key, kind,
          image ? "run.firmware tables or opal" : "run.firmware skiboot or an image"));
    }
  }
  if (!image && (options.profile || !options.gdb.empty())) {
    throw UsageError(
        fmt::format("{}: there is no instruction with run.firmware {}, expected run.firmware "
                    "skiboot or an image",
                    options.profile ? "--profile" : "--gdb", kind));
  }
}

class RunCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand(
        "run", "build a machine, boot firmware on it and run what it is given");
    config_.declare(*app, true);
    config_.bind(*app, "--chips", "platform.chips");
    config_.bind(*app, "--cores", "platform.cores");
    config_.bind(*app, "--threads", "platform.threads");
    config_.bind(*app, "--tima", "platform.tima");
    config_.bind(
        *app, "--firmware",
        "tables, opal or skiboot (run.firmware), or a file: the image to boot (boot.image)",
        firmware_settings);
    config_.bind(*app, "--payload", "boot.payload");
    config_.bind(*app, "--initrd", "boot.initrd");
    config_.bind(*app, "--dtb", "boot.tree");
    config_.bind(*app, "--bootargs", "boot.bootargs");
    config_.bind(*app, "--uart", "boot.uart");
    config_.bind(*app, "--console", "boot.console");
    config_.bind(*app, "--input", "boot.input");
    config_.bind(*app, "--symbols", "boot.symbols");
    config_.bind(*app, "--limit", "run.limit_s");
    config_.bind(*app, "--seed", "run.seed");
    config_.bind(*app, "--triggers", "run.triggers");
    config_.bind(*app, "--vps", "run.vps");
    config_.bind(*app, "--timing", "platform.timing");
    config_.bind_off(*app, "--no-checks", "run.checks");
    config_.bind_off(*app, "--no-filter", "platform.vp_filter");
    config_.bind_off(*app, "--no-skip-idle", "platform.skip_idle");
    app->add_option("--waves", options_.waves, "write waves of each core's RTL (FST), slower")
        ->type_name("DIR");
    app->add_option(
           "--trace", options_.trace,
           "write a Chrome/Perfetto trace: interrupts hop by hop, with --profile OPAL calls")
        ->type_name("FILE");
    app->add_flag("--profile", options_.profile,
                  "firmware image: instructions by function, accesses by register, OPAL calls");
    app->add_option("--gdb", options_.gdb,
                    "wait for a debugger at a port of this host (1234) or a socket (./gdb.sock)")
        ->type_name("ADDRESS");
    app->add_flag("--short", short_, "leave the latency table out");
    app->add_option("--json", options_.json, "write the result as JSON")->type_name("FILE");
    app->add_option("--junit", options_.junit, "write the result as JUnit XML")->type_name("FILE");
    app->footer(
        "Example: xive-cosim run configs/platforms/p9-skiboot.yaml\n"
        "          xive-cosim run configs/platforms/p9.yaml --triggers 2000\n");
    return app;
  }

  int run(const Streams& streams) override {
    config::Document<config::Config> document{config::config_schema()};
    config_.read(document);
    options_.platform = document.value().platform;
    options_.work = document.value().run;
    options_.boot = document.value().boot;
    options_.table = !short_;
    check_options_apply(options_, document.origins());
    check_output_file("--json", options_.json);
    check_output_file("--junit", options_.junit);
    check_output_file("--trace", options_.trace);
    check_output_file("--console", options_.boot.console);
    if (!options_.waves.empty()) check_output_folder("--waves", options_.waves);
    const BuildInfo& info = build_info();
    options_.build = {std::string(info.version), std::string(info.commit), info.dirty};
    try {
      return run::run_machine(options_, streams.out, streams.err);
    } catch (const std::invalid_argument& error) {
      throw UsageError(error.what());
    } catch (const platform::FileError& error) {
      throw UsageError(error.what());
    }
  }

 private:
  ConfigOptions config_;
  run::RunOptions options_;
  bool short_ = false;
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>();
}

}  // namespace xive::cli
