// SPDX-License-Identifier: Apache-2.0
/// How a command reads its configuration: defaults, then --config, then --set and the options that
/// stand for one key. Ranges, spellings and help texts come from the description of the key.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "tb/config/config.h"

namespace xive::cli {

class ConfigOptions {
 public:
  /// Declares --config and --set. `positional`: the file may stand alone, too, and then counts more
  /// than
  /// --config.
  void declare(CLI::App& app, bool positional = false);
  /// `option` (e.g. "--seed") takes a value for the key.
  void bind(CLI::App& app, const std::string& option, const std::string& key);
  /// `option` takes a value that `translate` turns into settings KEY, VALUE.
  using Settings = std::vector<std::pair<std::string, std::string>>;
  void bind(CLI::App& app, const std::string& option, const std::string& help,
            std::function<Settings(const std::string&)> translate);
  /// `option` takes no value and makes the boolean key false.
  void bind_off(CLI::App& app, const std::string& option, const std::string& key);

  /// Everything read and checked. Throws UsageError or ConfigError.
  void read(config::Document<config::Config>& document) const;

 private:
  struct Bound {
    std::string option;
    std::string key;
    std::string text;
    bool off = false;
    const CLI::Option* declared = nullptr;
    std::function<Settings(const std::string&)> translate{};
  };

  std::string file_;
  const CLI::Option* file_option_ = nullptr;
  std::string alone_;
  const CLI::Option* alone_option_ = nullptr;
  std::vector<std::string> settings_;
  std::list<Bound> bound_;  ///< a list: CLI11 keeps pointers to `text`
};

}  // namespace xive::cli
