// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/config_options.h"

#include <fmt/format.h>

#include "tb/cli/command.h"

namespace xive::cli {
namespace {

std::string help_of(const std::string& key) {
  const config::Document<config::Config> defaults{config::config_schema()};
  const config::Field& field = defaults.field(key);
  return fmt::format("{} ({})", field.doc, field.type->expected());
}

}  // namespace

void ConfigOptions::declare(CLI::App& app, bool positional) {
  file_option_ = app.add_option("--config", file_, "configuration file (YAML)")->type_name("FILE");
  if (positional) {
    alone_option_ = app.add_option("CONFIG", alone_, "the same, counts more than --config");
  }
  app.add_option("--set", settings_,
                 "any key of the configuration, e.g. validate.seed=7; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void ConfigOptions::bind(CLI::App& app, const std::string& option, const std::string& key) {
  Bound& bound = bound_.emplace_back(Bound{option, key, {}, false, nullptr, {}});
  bound.declared = app.add_option(option, bound.text, help_of(key))->type_name("VALUE");
}

void ConfigOptions::bind(CLI::App& app, const std::string& option, const std::string& help,
                         std::function<Settings(const std::string&)> translate) {
  Bound& bound = bound_.emplace_back();
  bound.option = option;
  bound.translate = std::move(translate);
  bound.declared = app.add_option(option, bound.text, help)->type_name("VALUE");
}

void ConfigOptions::bind_off(CLI::App& app, const std::string& option, const std::string& key) {
  Bound& bound = bound_.emplace_back(Bound{option, key, "false", true, nullptr, {}});
  const config::Document<config::Config> defaults{config::config_schema()};
  const std::string help = "switch off: " + defaults.field(key).doc;
  bound.declared = app.add_flag(option, help);
}

void ConfigOptions::read(config::Document<config::Config>& document) const {
  if (alone_option_ != nullptr && alone_option_->count() > 0) {
    document.load(alone_);
  } else if (file_option_->count() > 0) {
    document.load(file_);
  }
  for (const std::string& setting : settings_) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError(fmt::format("--set: expected KEY=VALUE, found '{}'", setting));
    }
    document.set(setting.substr(0, equals), setting.substr(equals + 1), "--set");
  }
  for (const Bound& bound : bound_) {
    if (bound.declared->count() > 0 && bound.translate) {
      for (const auto& [key, value] : bound.translate(bound.text)) {
        document.set(key, value, bound.option);
      }
    } else if (bound.declared->count() > 0) {
      document.set(bound.key, bound.off ? "false" : bound.text, bound.option);
    }
  }
  document.verify();
}

}  // namespace xive::cli
