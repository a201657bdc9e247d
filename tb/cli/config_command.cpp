// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include "tb/cli/command.h"
#include "tb/cli/config_options.h"

namespace xive::cli {
namespace {

class CheckCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("check", "check configuration files");
    app->add_option("files", files_, "configuration files (YAML)");
    app->footer("Example: xive-cosim config check configs/validate/default.yaml\n");
    return app;
  }

  int run(const Streams& streams) override {
    if (files_.empty()) {
      throw UsageError("config check: expected a configuration file, found nothing");
    }
    for (const std::string& file : files_) {
      config::Document<config::Config> document{config::config_schema()};
      document.load(file);
      document.verify();
      streams.out << file << ": good\n";
    }
    return kGood;
  }

 private:
  std::vector<std::string> files_;
};

class DumpCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app =
        parent.add_subcommand("dump", "show the effective values and where each came from");
    config_.declare(*app);
    app->footer("Example: xive-cosim config dump --set validate.seed=7\n");
    return app;
  }

  int run(const Streams& streams) override {
    config::Document<config::Config> document{config::config_schema()};
    config_.read(document);
    streams.out << document.dump();
    return kGood;
  }

 private:
  ConfigOptions config_;
};

class SchemaCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("schema", "print the JSON Schema of configuration files");
    app->footer("Example: xive-cosim config schema\n");
    return app;
  }

  int run(const Streams& streams) override {
    streams.out << config::json_schema(*config::config_schema().type(),
                                       std::string(config::kSchemaFile));
    return kGood;
  }
};

}  // namespace

std::unique_ptr<Command> make_config_check_command() {
  return std::make_unique<CheckCommand>();
}
std::unique_ptr<Command> make_config_dump_command() {
  return std::make_unique<DumpCommand>();
}
std::unique_ptr<Command> make_config_schema_command() {
  return std::make_unique<SchemaCommand>();
}

}  // namespace xive::cli
