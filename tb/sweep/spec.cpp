// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/spec.h"

#include <array>
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

std::string_view name(Suite suite) {
  static constexpr std::array<std::string_view, 3> kNames{"validate", "load", "opal"};
  return kNames.at(static_cast<std::size_t>(suite));
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
          .field("suite", &SweepSpec::suite,
                 config::choice<Suite>(
                     {{"validate", Suite::Validate}, {"load", Suite::Load}, {"opal", Suite::Opal}}),
                 "what each job runs")
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
                 "limits of each job");
  return kSchema;
}

SweepFile load_sweep(const std::string& path) {
  config::Document<SweepSpec> document{sweep_schema()};
  document.load(path);
  document.verify();
  if (document.value().name.empty()) {
    throw config::ConfigError({config::Problem::Kind::Constraint,
                               {config::Origin::Kind::File, path, 0},
                               "name",
                               "a name",
                               "none",
                               {}});
  }
  return {path, document.value(), document.origins()};
}

}  // namespace xive::sweep
