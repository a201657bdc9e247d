// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "tb/host/files.h"
#include "tb/validate/capsule.h"
#include "tb/validate/complain.h"
#include "tb/validate/event_log.h"
#include "tb/validate/operation_json.h"
#include "tb/validate/progress.h"
#include "tb/validate/run.h"

namespace xive::validate {
namespace {

constexpr std::size_t kEventsBefore = 12;
constexpr std::size_t kEventsAfter = 6;

std::string outcome_text(const ShardResult& result, const Finding& expected) {
  if (same_violation(result.finding, expected)) {
    return fmt::format("REPRODUCED   {} in cycle {}, operation {}\n", expected.rule, expected.cycle,
                       result.finding->operation);
  }
  if (result.finding) {
    return fmt::format("DIFFERENT    found {} in cycle {}, the capsule has {} in cycle {}\n",
                       result.finding->rule, result.finding->cycle, expected.rule, expected.cycle);
  }
  return fmt::format("GONE         {} no longer happens\n", expected.rule);
}

}  // namespace

int run_replay_on(const ReplayOptions& options, SubjectFactory factory, std::ostream& out,
                  std::ostream& err) {
  try {
    const std::filesystem::path folder = options.capsule;
    if (!std::filesystem::is_directory(folder)) {
      return complain(err, kExitUsage, folder.string() + ": no such capsule folder");
    }
    const Capsule capsule = read_capsule(folder, options.shrunk);
    EventLog log(kEventsBefore, kEventsAfter);
    ShardRun run;
    run.tap = &log;
    run.observer = &log;
    run.aftermath = 20;
    const std::filesystem::path waves = folder / (options.shrunk ? "shrunk.fst" : "replay.fst");
    if (options.waves) run.waves.path = waves.string();
    const ShardResult result = run_list(capsule, factory, run);
    const bool same = same_violation(result.finding, capsule.finding);
    out << outcome_text(result, capsule.finding);
    if (result.finding) out << "             seen: " << result.finding->detail << '\n';
    out << fmt::format(
        "operations   {} ({}), {} clock cycles, {:.2f} s\n", grouped(capsule.operations.size()),
        options.shrunk ? "reduced list" : "full list", grouped(result.cycles), result.seconds);
    out << "digest       " << result.digest << '\n';
    if (options.waves && std::filesystem::exists(waves)) {
      out << "waves        " << waves.string() << '\n';
    }
    if (result.finding) out << '\n' << log.text();
    if (!options.json.empty()) {
      nlohmann::json value{{"command", "replay"},
                           {"capsule", folder.string()},
                           {"outcome", same             ? "reproduced"
                                       : result.finding ? "different"
                                                        : "gone"},
                           {"operations", capsule.operations.size()},
                           {"digest", result.digest}};
      if (result.finding) {
        value["rule"] = result.finding->rule;
        value["cycle"] = result.finding->cycle;
        value["detail"] = result.finding->detail;
      }
      host::write_file(options.json, value.dump(2) + "\n");
    }
    return result.finding ? kExitFailed : kExitGood;
  } catch (const FormatError& error) {
    return complain(err, kExitUsage, error.what());
  } catch (const std::invalid_argument& error) {
    return complain(err, kExitUsage, options.capsule + ": " + error.what());
  } catch (const std::exception& error) {
    return complain(err, kExitEnvironment, error.what());
  }
}

}  // namespace xive::validate
