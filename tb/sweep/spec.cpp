// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/spec.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "tb/sweep/spec_types.h"

namespace xive::sweep {
namespace {

using config::integer;
using config::object;

constexpr std::uint64_t kMaxJobs = 1'000'000;

config::Schema<Sample> sample_type(const char* name, const char* doc) {
  return object<Sample>(name, doc)
      .field("count", &Sample::count, integer(std::uint64_t{1}, kMaxJobs), "number of points")
      .field("seed", &Sample::seed, integer(std::uint64_t{0}), "of the draw")
      .field("keys", &Sample::keys, ranges_type(), "ranges, both bounds included");
}

}  // namespace

const std::vector<std::pair<std::string, Suite>>& suites() {
  static const std::vector<std::pair<std::string, Suite>> kSuites{{"validate", Suite::Validate},
                                                                  {"load", Suite::Load},
                                                                  {"opal", Suite::Opal},
                                                                  {"scenarios", Suite::Scenarios},
                                                                  {"skiboot", Suite::Skiboot}};
  return kSuites;
}

std::string_view name(Suite suite) {
  const auto found = std::find_if(suites().begin(), suites().end(),
                                  [&](const auto& one) { return one.second == suite; });
  return found->first;
}

std::string_view seed_key(Suite suite) {
  return suite == Suite::Validate ? "validate.seed" : "run.seed";
}

const config::Schema<SweepSpec>& sweep_schema() {
  static const config::Schema<Block> kBlock =
      object<Block>("block", "Points; the parts of a block multiply.")
          .field("cartesian", &Block::cartesian, axes_type(), "every combination")
          .field("zip", &Block::zip, axes_type(), "lists of one length, walked together")
          .field("list", &Block::list, config::list(settings_type(), 1, kMaxJobs),
                 "points written out")
          .field("random", &Block::random, sample_type("random", "Independent draws."),
                 "independent draws")
          .field("latin_hypercube", &Block::latin_hypercube,
                 sample_type("latin_hypercube", "Draws that cover each range evenly."),
                 "draws that cover each range evenly");
  static const config::Schema<SweepSpec> kSchema =
      object<SweepSpec>("sweep", "A sweep of xive-cosim over its configuration.")
          .field("name", &SweepSpec::name, config::string(false), "of the sweep, for the ledger")
          .field("sweeps", &SweepSpec::sweeps, config::list(config::string(false), 0, 1000),
                 "other sweep files, relative to this one, whose jobs are this sweep's")
          .field("suite", &SweepSpec::suite, config::choice<Suite>(suites()), "what each job runs")
          .field("config", &SweepSpec::config, config::string(),
                 "base configuration, relative to this file; empty: defaults")
          .field("set", &SweepSpec::set, settings_type(), "keys set for every job")
          .field("seeds", &SweepSpec::seeds,
                 object<Seeds>("seeds", "Seeds of each point.")
                     .field("first", &Seeds::first, integer(std::uint64_t{0}), "the first seed")
                     .field("count", &Seeds::count, integer(std::uint64_t{1}, kMaxJobs),
                            "how many, one by one"),
                 "seeds of each point")
          .field("points", &SweepSpec::points, config::list(kBlock, 0, 1000),
                 "blocks of points; blocks add up")
          .field("constraints", &SweepSpec::constraints,
                 config::list(config::string(false), 0, 100),
                 "expressions over configuration keys; points that do not meet one are left out")
          .field("expect", &SweepSpec::expect, config::list(config::string(false), 0, 100),
                 "expressions over metrics that every job must meet")
          .field("job", &SweepSpec::job,
                 object<JobLimits>("job", "Limits of each job.")
                     .field("deadline_s", &JobLimits::deadline_s, config::real(0.1, 1e6),
                            "wall clock in seconds, then the job is killed")
                     .field("memory_mib", &JobLimits::memory_mib,
                            integer(std::uint64_t{0}, std::uint64_t{1} << 24U),
                            "address space in MiB; 0: no limit"),
                 "limits of each job")
          .field("slurm", &SweepSpec::slurm,
                 object<SlurmSpec>("slurm", "What a Slurm cluster gives each job.")
                     .field("partition", &SlurmSpec::partition, config::string(),
                            "empty: the default of the cluster")
                     .field("cpus", &SlurmSpec::cpus, integer(1U, 1024U), "processors")
                     .field("patience_s", &SlurmSpec::patience_s, config::real(0, 1e6),
                            "seconds without any job that can start, or an answer of Slurm, after "
                            "which the sweep is given up")
                     .field("options", &SlurmSpec::options,
                            config::list(config::string(false), 0, 100), "further ones of sbatch"),
                 "what a Slurm cluster gives each job");
  return kSchema;
}

namespace {

/// A file that lists others says nothing about jobs of its own.
void check_list(const SweepFile& file) {
  for (const auto& [path, origin] : file.origins) {
    const std::string key = path.substr(0, path.find_first_of(".["));
    if (key == "name" || key == "sweeps" || key == "slurm" || key.empty()) continue;
    throw config::ConfigError({config::Problem::Kind::Constraint,
                               origin,
                               key,
                               "only name and slurm beside 'sweeps': the rest is in those files",
                               "it",
                               {}});
  }
}

/// One name for one file; the path itself if it cannot lead to a file.
std::string identity(const std::string& path) {
  std::error_code error;
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(path, error);
  return error ? path : canonical.string();
}

/// `above`: the files that lead to this one.
SweepFile load(const std::string& path, const std::set<std::string>& above) {
  config::Document<SweepSpec> document{sweep_schema()};
  document.load(path);
  document.verify();
  SweepFile file{path, document.value(), document.origins(), {}};
  if (file.spec.name.empty()) {
    throw config::ConfigError({config::Problem::Kind::Constraint,
                               {config::Origin::Kind::File, path, 0},
                               "name",
                               "a name",
                               "none",
                               {}});
  }
  if (!file.spec.sweeps.empty()) check_list(file);
  std::set<std::string> chain = above;
  chain.insert(identity(path));
  for (std::size_t i = 0; i < file.spec.sweeps.size(); ++i) {
    const std::string below = beside(file, file.spec.sweeps[i]);
    if (chain.count(identity(below)) > 0) {
      const std::string key = "sweeps[" + std::to_string(i) + "]";
      throw config::ConfigError({config::Problem::Kind::Constraint,
                                 file.origins.at(key),
                                 key,
                                 "a sweep that does not lead back to this one",
                                 "'" + file.spec.sweeps[i] + "'",
                                 {}});
    }
    file.sweeps.push_back(load(below, chain));
  }
  return file;
}

}  // namespace

SweepFile load_sweep(const std::string& path) {
  return load(path, {});
}

std::string beside(const SweepFile& file, const std::string& path) {
  return (std::filesystem::path(file.path).parent_path() / path).lexically_normal().string();
}

}  // namespace xive::sweep
