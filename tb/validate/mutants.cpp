// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <ostream>

#include "bridge/verilated_tima.h"
#include "tb/host/files.h"
#include "tb/host/interrupt.h"
#include "tb/validate/complain.h"
#include "tb/validate/progress.h"
#include "tb/validate/run.h"
#include "tb/validate/worker_pool.h"

namespace xive::validate {
namespace {

namespace fs = std::filesystem;

/// Short shards: a mutant sees many configurations before its operations are used up.
constexpr std::uint64_t kShardOps = 20'000;
constexpr unsigned kAttempts = 3;
/// Smaller numbers are those of spec/tima.md section 8.
constexpr unsigned kFirstOwn = 64;

ShardConfig mutant_shard(const ValidateOptions& options, std::uint64_t number) {
  ShardLimits limits;
  limits.run_seed = options.seed;
  limits.ops = std::min(kShardOps, options.mutant_ops - number * kShardOps);
  limits.generation = options.generation;
  limits.threads = bridge::kMutantThreads;
  limits.random_knobs = options.random_knobs;
  limits.knobs = options.knobs;
  limits.stalls = options.stalls;
  return draw_shard(limits, number);
}

/// Shard after shard, until a rule fires.
MutantResult run_mutant(const ValidateOptions& options, const Mutant& mutant,
                        SubjectFactory factory, std::atomic<std::uint64_t>& progress) {
  MutantResult result;
  result.mutant = mutant;
  for (std::uint64_t n = 0; n * kShardOps < options.mutant_ops; ++n) {
    const ShardConfig config = mutant_shard(options, n);
    const ShardResult shard = run_shard(
        config, subject_options(config, options.tima, mutant.number, options.skip_idle), factory);
    result.seconds += shard.seconds;
    if (shard.finding) {
      result.finding = shard.finding;
      result.operations += shard.finding->operation;
      break;
    }
    result.operations += shard.operations;
    progress.store(result.operations, std::memory_order_relaxed);
  }
  return result;
}

nlohmann::json one_json(const MutantResult& result) {
  nlohmann::json value{{"number", result.mutant.number},   {"id", result.mutant.id},
                       {"summary", result.mutant.summary}, {"caught", result.finding.has_value()},
                       {"operations", result.operations},  {"seconds", result.seconds}};
  if (result.finding) {
    value["rule"] = result.finding->rule;
    value["also"] = result.finding->also;
    value["detail"] = result.finding->detail;
    value["cycle"] = result.finding->cycle;
  }
  return value;
}

MutantResult one_from_json(const nlohmann::json& value, const Mutant& mutant) {
  MutantResult result;
  result.mutant = mutant;
  value.at("operations").get_to(result.operations);
  value.at("seconds").get_to(result.seconds);
  if (value.at("caught").get<bool>()) {
    Finding finding;
    value.at("rule").get_to(finding.rule);
    value.at("also").get_to(finding.also);
    value.at("detail").get_to(finding.detail);
    value.at("cycle").get_to(finding.cycle);
    result.finding = std::move(finding);
  }
  return result;
}

/// All mutants, several at a time; ordered by their place in the catalogue.
class MutantRun {
 public:
  MutantRun(const ValidateOptions& options, SubjectFactory factory, std::vector<Mutant> mutants,
            std::ostream& out)
      : options_(options),
        factory_(factory),
        mutants_(std::move(mutants)),
        folder_(fs::path(options.out) / "mutants"),
        pool_(options.jobs),
        progress_(options.progress, out) {
    host::make_writable_directory(folder_);
  }

  std::vector<MutantResult> execute() {
    std::size_t next = 0;
    while ((next < mutants_.size() || pool_.running() != 0) && !host::InterruptGuard::requested()) {
      while (next < mutants_.size() && pool_.has_free_slot()) start(next++);
      for (const WorkerPool::Exit& exit : pool_.wait(std::chrono::milliseconds(100))) take(exit);
      progress_.update(ops_ + pool_.progress(), 0, 0,
                       fmt::format("{} of {} mutants", results_.size(), mutants_.size()));
    }
    pool_.kill_all();
    progress_.clear();
    std::vector<MutantResult> list;
    for (auto& [index, result] : results_) list.push_back(std::move(result));
    return list;
  }

 private:
  fs::path file(std::size_t index) const { return folder_ / (mutants_[index].id + ".json"); }

  void start(std::size_t index) {
    std::error_code error;
    fs::remove(file(index), error);
    pool_.start(index, [this, index](std::atomic<std::uint64_t>& progress) {
      host::write_file(
          file(index),
          one_json(run_mutant(options_, mutants_[index], factory_, progress)).dump(2) + "\n");
    });
  }

  void take(const WorkerPool::Exit& exit) {
    const auto index = static_cast<std::size_t>(exit.job);
    if (exit.signal == 0 && exit.code == 0) {
      MutantResult result =
          one_from_json(nlohmann::json::parse(host::read_file(file(index))), mutants_[index]);
      ops_ += result.operations;
      results_.emplace(index, std::move(result));
      return;
    }
    if (exit.code == kExitEnvironment) throw host::FileError(exit.message);
    if (++attempts_[index] < kAttempts) {
      start(index);
      return;
    }
    throw host::FileError(fmt::format("mutant {}: its process ended {} times (signal {}) {}",
                                      mutants_[index].id, kAttempts, exit.signal, exit.message));
  }

  const ValidateOptions& options_;
  SubjectFactory factory_;
  std::vector<Mutant> mutants_;
  fs::path folder_;
  WorkerPool pool_;
  ProgressLine progress_;
  std::map<std::size_t, MutantResult> results_;
  std::map<std::size_t, unsigned> attempts_;
  std::uint64_t ops_ = 0;
};

}  // namespace

std::vector<Mutant> read_mutants(std::string_view text, unsigned generation) {
  std::vector<Mutant> mutants;
  try {
    const nlohmann::json value = nlohmann::json::parse(text);
    for (const nlohmann::json& entry : value.at("mutants")) {
      // An entry without this list is there in every generation that the RTL has.
      if (const auto only = entry.find("generations"); only != entry.end()) {
        const auto list = only->get<std::vector<unsigned>>();
        if (generation != 0 && std::find(list.begin(), list.end(), generation) == list.end())
          continue;
      }
      const auto number = entry.at("number").get<unsigned>();
      mutants.push_back({number, fmt::format("{}{}", number < kFirstOwn ? 'H' : 'M', number),
                         entry.at("name").get<std::string>()});
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(fmt::format("not a catalogue of mutants: {}", error.what()));
  }
  if (mutants.empty()) {
    throw std::invalid_argument(
        fmt::format("the catalogue has no mutant of generation {}", generation));
  }
  return mutants;
}

std::string mutants_text(const std::vector<MutantResult>& results) {
  std::string text = fmt::format("{:<7} {:<16} {:>10} {:>8}  {}\n", "mutant", "rule", "operations",
                                 "seconds", "what is wrong in it");
  const auto out = std::back_inserter(text);
  std::size_t caught = 0;
  for (const MutantResult& result : results) {
    caught += result.finding ? 1U : 0U;
    std::string rule = result.finding ? result.finding->rule : "SURVIVED";
    fmt::format_to(out, "{:<7} {:<16} {:>10} {:>8.2f}  {}", result.mutant.id, rule,
                   grouped(result.operations), result.seconds, result.mutant.summary);
    if (result.finding && !result.finding->also.empty()) {
      fmt::format_to(out, " (also {})", fmt::join(result.finding->also, " "));
    }
    text += '\n';
  }
  fmt::format_to(out, "\n{}  {} of {} mutants were caught\n",
                 caught == results.size() ? "PASS" : "FAIL", caught, results.size());
  return text;
}

nlohmann::json mutants_json(const std::vector<MutantResult>& results) {
  nlohmann::json list = nlohmann::json::array();
  for (const MutantResult& result : results) list.push_back(one_json(result));
  return list;
}

namespace {

/// Throws std::invalid_argument that names the file.
std::vector<Mutant> listed_mutants(const ValidateOptions& options) {
  if (options.mutant_list.empty()) return read_mutants(built_in_mutants(), options.generation);
  std::string text;
  try {
    text = host::read_file(options.mutant_list);
  } catch (const host::FileError& error) {
    throw std::invalid_argument(fmt::format("--mutant-list: {}", error.what()));
  }
  try {
    return read_mutants(text, options.generation);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", options.mutant_list, error.what()));
  }
}

}  // namespace

int run_mutants_on(const ValidateOptions& options, SubjectFactory factory, std::ostream& out,
                   std::ostream& err) {
  const host::InterruptGuard guard;
  try {
    if (options.tima == TimaKind::Model) {
      return complain(err, kExitUsage, "--mutants: mutants are of the RTL; --tima model has none");
    }
    if (options.mutant_ops == 0) {
      return complain(err, kExitUsage, "--mutant-ops: expected 1 or more, found 0");
    }
    std::vector<Mutant> mutants = listed_mutants(options);
    const std::size_t count = mutants.size();
    host::make_writable_directory(options.out);
    const host::DirectoryLock lock(options.out);
    const std::vector<MutantResult> results =
        MutantRun(options, factory, std::move(mutants), out).execute();
    out << mutants_text(results) << std::flush;
    if (!options.json.empty()) {
      host::write_file(options.json, nlohmann::json{{"command", "validate --mutants"},
                                                    {"seed", options.seed},
                                                    {"mutant_ops", options.mutant_ops},
                                                    {"mutants", mutants_json(results)}}
                                             .dump(2) +
                                         "\n");
    }
    if (results.size() != count) {
      return complain(err, kExitEnvironment,
                      fmt::format("interrupted: {} of {} mutants were run", results.size(), count));
    }
    const bool all = std::all_of(results.begin(), results.end(),
                                 [](const MutantResult& r) { return r.finding.has_value(); });
    return all ? kExitGood : kExitFailed;
  } catch (const std::invalid_argument& error) {
    return complain(err, kExitUsage, error.what());
  } catch (const std::exception& error) {
    return complain(err, kExitEnvironment, error.what());
  }
}

}  // namespace xive::validate
