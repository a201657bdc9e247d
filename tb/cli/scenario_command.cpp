// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/report.h"
#include "tb/build_info/build_info.h"
#include "tb/cli/command.h"
#include "tb/cli/paths.h"
#include "tb/config/document.h"
#include "tb/config/nearest.h"
#include "tb/config/tima_choice.h"
#include "tb/host/files.h"

namespace xive::cli {
namespace {

using scenarios::Scenario;

class ScenarioListCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("list", "list the scenarios with their faulty variants");
    app->add_flag("--json", json_, "as JSON");
    app->footer("Example: xive-cosim scenario list\n");
    return app;
  }
  int run(const Streams& streams) override {
    const auto& all = scenarios::catalogue();
    streams.out << (json_ ? scenarios::list_json(all).dump(2) + "\n" : scenarios::list_text(all));
    return kGood;
  }

 private:
  bool json_ = false;
};

/// A counter on the terminal while cases run; nothing elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(std::ostream& err) : err_(err), live_(&err == &std::cerr && isatty(2)) {}
  ~ProgressLine() { clear(); }
  void show(const std::string& id, std::size_t n, std::size_t of) {
    if (!live_) return;
    fmt::print(err_, "\r\x1b[K{} case {} of {}", id, n + 1, of);
    err_.flush();
    shown_ = true;
  }
  void clear() {
    if (shown_) err_ << "\r\x1b[K";
    err_.flush();
    shown_ = false;
  }

 private:
  std::ostream& err_;
  bool live_;
  bool shown_ = false;
};

class ScenarioRunCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand(
        "run", "run scenarios: the right variant must be silent, each faulty one must be caught");
    app->add_option("scenarios", ids_, "identifiers, e.g. S1.1 S3.2")->type_name("ID");
    app->add_flag("--all", all_, "every scenario");
    app->add_option("--group", groups_, "every scenario of a group, e.g. S3")
        ->type_name("GROUP")
        ->allow_extra_args(false);
    app->add_flag("--right", right_, "only the right variants");
    faulty_ =
        app->add_option("--faulty", variant_, "only the faulty variants, or the one with this name")
            ->type_name("[NAME]")
            ->expected(0, 1);
    app->add_option("--tima", tima_, "model, rtl or lockstep (default model)")->type_name("KIND");
    app->add_flag("--sweep", sweep_,
                  "right variants at every parameter point; with --faulty the faulty ones");
    app->add_option("--point", point_, "only this point of the sweep")->type_name("N");
    app->add_option("--seed", seed_, "of random stimuli (default 1)")->type_name("N");
    app->add_option("--json", json_file_, "write the result as JSON")->type_name("FILE");
    app->add_option("--junit", junit_file_, "write the result as JUnit XML")->type_name("FILE");
    app->add_option("--waves", waves_, "write waves (FST) of the RTL into this folder")
        ->type_name("DIR");
    app->footer("Example: xive-cosim scenario run S1.1 --tima lockstep\n");
    return app;
  }

  int run(const Streams& streams) override {
    scenarios::Report report;
    report.plan = plan();
    const std::vector<const Scenario*> chosen = choose();
    check_output_file("--json", json_file_);
    check_output_file("--junit", junit_file_);
    if (!waves_.empty()) check_output_folder("--waves", waves_);
    const BuildInfo& info = build_info();
    report.version = std::string(info.version);
    report.commit = std::string(info.commit);
    report.dirty = info.dirty;
    ProgressLine progress(streams.err);
    for (const Scenario* one : chosen) {
      if (!one->runs()) {
        report.not_run.push_back(one);
        continue;
      }
      report.results.push_back(scenarios::run_scenario(
          *one, report.plan,
          [&](std::size_t n, std::size_t of) { progress.show(one->id, n, of); }));
      progress.clear();
      streams.out << scenarios::to_text(report.results.back()) << std::flush;
    }
    streams.out << scenarios::summary(report);
    const bool json =
        host::write_output(json_file_, scenarios::to_json(report).dump(2) + "\n", streams.err);
    const bool junit = host::write_output(junit_file_, scenarios::to_junit(report), streams.err);
    if (!report.passed()) return kFailed;
    return json && junit ? kGood : kEnvironment;
  }

 private:
  scenarios::RunPlan plan() {
    scenarios::RunPlan plan;
    plan.options.tima = config::parse_option(config::tima_choice(), tima_, "--tima");
    plan.options.seed =
        config::parse_option(config::integer(std::uint64_t{0}, ~std::uint64_t{0}), seed_, "--seed");
    plan.options.waves = waves_;
    plan.sweep = sweep_;
    if (!point_.empty()) {
      plan.point = static_cast<std::int64_t>(config::parse_option(
          config::integer(std::uint32_t{0}, ~std::uint32_t{0}), point_, "--point"));
    }
    const bool only_faulty = faulty_->count() > 0;
    if (only_faulty && right_) throw UsageError("--right and --faulty exclude each other");
    // "--faulty S1.1": the word is a scenario.
    if (!variant_.empty() && scenarios::find(variant_) != nullptr) {
      ids_.push_back(variant_);
      variant_.clear();
    }
    plan.sweep_faulty = sweep_ && only_faulty;
    plan.right = !only_faulty;
    plan.faulty = !right_;
    plan.variant = variant_;
    return plan;
  }

  std::vector<const Scenario*> choose() const {
    const auto& all = scenarios::catalogue();
    std::vector<std::string> names, groups;
    for (const Scenario& one : all) {
      names.push_back(one.id);
      if (groups.empty() || groups.back() != one.group()) groups.push_back(one.group());
    }
    for (const std::string& id : ids_) {
      if (scenarios::find(id) == nullptr) unknown("scenario", id, names);
    }
    for (const std::string& group : groups_) {
      if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
        unknown("group", group, groups);
      }
    }
    std::vector<const Scenario*> chosen;
    for (const Scenario& one : all) {
      const bool wanted =
          all_ || std::find(groups_.begin(), groups_.end(), one.group()) != groups_.end() ||
          std::any_of(ids_.begin(), ids_.end(),
                      [&](const std::string& id) { return scenarios::find(id) == &one; });
      if (!wanted) continue;
      check_selection(one);
      chosen.push_back(&one);
    }
    if (chosen.empty()) {
      throw UsageError(
          "scenario run: expected scenarios, --group or --all; see 'xive-cosim scenario list'");
    }
    return chosen;
  }

  void check_selection(const Scenario& one) const {
    if (!one.runs()) return;
    if (!point_.empty() && std::stoull(point_) >= one.sweep().size()) {
      throw UsageError(
          fmt::format("--point: {} has {} points, found {}", one.id, one.sweep().size(), point_));
    }
    if (variant_.empty()) return;
    std::vector<std::string> names;
    for (const auto& variant : one.faulty) names.push_back(variant.name);
    if (std::find(names.begin(), names.end(), variant_) == names.end()) {
      unknown(fmt::format("faulty variant of {}", one.id), variant_, names);
    }
  }

  [[noreturn]] static void unknown(const std::string& what, const std::string& word,
                                   const std::vector<std::string>& known) {
    const std::string nearest = config::nearest_match(word, known);
    std::string text = fmt::format("scenario run: unknown {} '{}'", what, word);
    if (!nearest.empty()) text += fmt::format("; did you mean '{}'?", nearest);
    throw UsageError(text + "; see 'xive-cosim scenario list'");
  }

  std::vector<std::string> ids_, groups_;
  bool all_ = false, right_ = false, sweep_ = false;
  CLI::Option* faulty_ = nullptr;
  std::string variant_, tima_ = "model", seed_ = "1", point_;
  std::string json_file_, junit_file_, waves_;
};

}  // namespace

std::unique_ptr<Command> make_scenario_list_command() {
  return std::make_unique<ScenarioListCommand>();
}

std::unique_ptr<Command> make_scenario_run_command() {
  return std::make_unique<ScenarioRunCommand>();
}

}  // namespace xive::cli
