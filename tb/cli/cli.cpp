// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>

#include "tb/cli/command.h"
#include "tb/config/error.h"
#include "tb/config/nearest.h"
#include "tb/result/record.h"

namespace xive::cli {
namespace {

/// The program with its subcommands. CLI11 finds the words; what is wrong with them is told here,
/// in the same words with every version of CLI11.
class Program {
 public:
  Program() {
    root_.set_help_flag("-h,--help", "show this help");
    root_.footer(
        "Exit codes: 0 good, 1 the thing under test failed, 2 usage or input, 3 environment.\n"
        "Example: xive-cosim validate --ops 20000\n");
    add(root_, make_run_command());
    add(root_, make_validate_command());
    add(root_, make_replay_command());
    add(root_, make_crosscheck_command());
    add(root_, make_sweep_command());
    add(root_, make_rerun_command());
    add(root_, make_job_command());
    CLI::App* report = root_.add_subcommand("report", "what the results of sweeps say");
    report->footer("Example: xive-cosim report list --help\n");
    for (auto& command : make_report_commands()) add(*report, std::move(command));
    add(root_, make_rules_command());
    CLI::App* scenario = root_.add_subcommand(
        "scenario", "executable scenarios: right variants and faulty ones that must be caught");
    scenario->footer("Example: xive-cosim scenario run S1.1\n");
    add(*scenario, make_scenario_list_command());
    add(*scenario, make_scenario_run_command());
    CLI::App* config = root_.add_subcommand("config", "look at configurations");
    config->footer("Example: xive-cosim config dump\n");
    add(*config, make_config_check_command());
    add(*config, make_config_dump_command());
    add(*config, make_config_schema_command());
    add(root_, make_version_command());
    set_manners(root_);
  }

  int run(std::vector<std::string> arguments, const Streams& streams) {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    try {
      root_.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
      streams.out << help();
      return kGood;
    } catch (const CLI::ArgumentMismatch& error) {
      throw missing_value(error.what());
    }
    const CLI::App* chosen = &root_;
    while (true) {
      check_values(*chosen);
      check_extras(*chosen);
      const auto below = chosen->get_subcommands();
      if (below.empty()) {
        break;
      }
      if (below.size() > 1) {
        throw UsageError(fmt::format("expected one command, found '{}' and '{}'",
                                     below[0]->get_name(), below[1]->get_name()));
      }
      chosen = below[0];
    }
    const auto command = commands_.find(chosen);
    if (command == commands_.end()) {
      throw UsageError(fmt::format("{}expected a command: {}; see '{} --help'", prefix(*chosen),
                                   fmt::join(names_below(*chosen), ", "), full_name(*chosen)));
    }
    return command->second->run(streams);
  }

 private:
  void add(CLI::App& parent, std::unique_ptr<Command> command) {
    const CLI::App* app = command->declare(parent);
    commands_.emplace(app, std::move(command));
  }

  /// Words too many are told by check_extras(). An option of one value that is given again counts
  /// as given last.
  static void set_manners(CLI::App& app) {
    app.allow_extras();
    for (CLI::Option* option : app.get_options()) {
      if (option->get_items_expected_max() == 1) option->take_last();
    }
    for (CLI::App* below : app.get_subcommands({})) {
      set_manners(*below);
    }
  }

  /// Help of the deepest command named.
  std::string help() const {
    const CLI::App* app = &root_;
    while (!app->get_subcommands().empty()) {
      app = app->get_subcommands().back();
    }
    return app->help(app->get_parent() == nullptr ? "" : full_name(*app->get_parent()));
  }

  static std::string full_name(const CLI::App& app) {
    const CLI::App* parent = app.get_parent();
    return parent == nullptr ? app.get_name() : full_name(*parent) + " " + app.get_name();
  }

  /// "config dump: " below the program's name, "" for the program itself.
  static std::string prefix(const CLI::App& app) {
    const std::string name = full_name(app);
    const std::size_t space = name.find(' ');
    return space == std::string::npos ? "" : name.substr(space + 1) + ": ";
  }

  static std::vector<std::string> names_below(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(below->get_name());
    }
    return names;
  }

  static std::vector<std::string> options(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
    return names;
  }

  /// Some versions of CLI11 take the next option as a value: "--ops --seed 1".
  static void check_values(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& value : option->results()) {
        if (value.rfind("--", 0) == 0) {
          throw missing_value(option->get_name());
        }
      }
    }
  }

  static void check_extras(const CLI::App& app) {
    const std::vector<std::string> extras = app.remaining();
    if (extras.empty()) {
      return;
    }
    const std::string& word = extras.front();
    const bool is_option = word.size() > 1 && word[0] == '-';
    const std::vector<std::string> commands = names_below(app);
    std::string nearest;
    std::string what = "unexpected argument";
    if (is_option) {
      what = "unknown option";
      nearest = config::nearest_match(word.substr(0, word.find('=')), options(app));
    } else if (!commands.empty()) {
      what = "unknown command";
      nearest = config::nearest_match(word, commands);
    }
    std::string text = fmt::format("{}{} '{}'", prefix(app), what, word);
    if (!nearest.empty()) {
      text += fmt::format("; did you mean '{}'?", nearest);
    }
    if (!is_option && !commands.empty()) {
      text += fmt::format("; expected one of {}", fmt::join(commands, ", "));
    }
    throw UsageError(text + fmt::format("; see '{} --help'", full_name(app)));
  }

  /// CLI11's text begins with the option; the rest differs between versions.
  static UsageError missing_value(const std::string& text) {
    return UsageError(
        fmt::format("{}: expected a value, found nothing", text.substr(0, text.find(':'))));
  }

  CLI::App root_{"Co-simulation of the POWER XIVE interrupt controller.", "xive-cosim"};
  std::map<const CLI::App*, std::unique_ptr<Command>> commands_;
};

}  // namespace

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  const auto fail = [&err](int code, std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');  // a word of the command line may have it
    err << "xive-cosim: error: " << text << "\n";
    return code;
  };
  try {
    return Program().run(arguments, {out, err});
  } catch (const UsageError& error) {
    return fail(kUsage, error.what());
  } catch (const config::ConfigError& error) {
    return fail(kUsage, error.what());
  } catch (const result::RecordError& error) {
    return fail(kUsage, error.what());
  } catch (const CLI::ParseError& error) {
    return fail(kUsage, error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(kEnvironment,
                fmt::format("{}: {}", error.path1().string(), error.code().message()));
  } catch (const std::exception& error) {
    return fail(kEnvironment, error.what());
  }
}

}  // namespace xive::cli
