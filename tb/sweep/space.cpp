// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/space.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "firmware_tests/scenarios/catalogue.h"
#include "sc_models/rules/random.h"
#include "tb/config/config.h"
#include "tb/config/nearest.h"
#include "tb/host/parallel.h"
#include "tb/sweep/expression.h"

namespace xive::sweep {
namespace {

using config::ConfigError;
using config::Origin;
using config::Problem;

/// Uniform in [0, 1): 53 bits, so that every compiler draws the same.
double unit(Random& random) {
  return static_cast<double>(random.next() >> 11U) * 0x1p-53;
}

Setting at(const Range& range, double fraction) {
  const double span = range.max - range.min;
  if (range.integer) {
    const double value = std::min(range.max, range.min + std::floor(fraction * (span + 1)));
    return {range.key, {fmt::format("{}", static_cast<std::int64_t>(value)), true}, range.origin};
  }
  return {range.key, {fmt::format("{}", range.min + fraction * span), true}, range.origin};
}

std::vector<Point> random_points(const Sample& sample) {
  std::vector<Point> points;
  Random random(sample.seed);
  for (std::uint64_t i = 0; i < sample.count; ++i) {
    Point point;
    for (const Range& range : sample.keys) point.push_back(at(range, unit(random)));
    points.push_back(std::move(point));
  }
  return points;
}

std::vector<Point> latin_points(const Sample& sample) {
  std::vector<Point> points(sample.count);
  Random random(sample.seed);
  for (const Range& range : sample.keys) {
    std::vector<std::uint64_t> slice(sample.count);
    std::iota(slice.begin(), slice.end(), 0);
    for (std::size_t i = slice.size(); i > 1; --i) {
      std::swap(slice[i - 1], slice[random.below(i)]);
    }
    for (std::size_t i = 0; i < slice.size(); ++i) {
      const double fraction =
          (static_cast<double>(slice[i]) + unit(random)) / static_cast<double>(sample.count);
      points[i].push_back(at(range, fraction));
    }
  }
  return points;
}

std::vector<Point> product(const std::vector<Point>& left, const std::vector<Point>& right) {
  std::vector<Point> points;
  points.reserve(left.size() * right.size());
  for (const Point& a : left) {
    for (const Point& b : right) {
      points.push_back(a);
      points.back().insert(points.back().end(), b.begin(), b.end());
    }
  }
  return points;
}

std::vector<Point> block_points(const Block& block) {
  std::vector<Point> points{Point{}};
  for (const Axis& axis : block.cartesian) {
    std::vector<Point> values;
    for (const Setting& value : axis.values) values.push_back({value});
    points = product(points, values);
  }
  if (!block.zip.empty()) {
    const std::size_t length = block.zip.front().values.size();
    std::vector<Point> rows(length);
    for (const Axis& axis : block.zip) {
      if (axis.values.size() != length) {
        throw ConfigError({Problem::Kind::Constraint,
                           axis.values.front().origin,
                           axis.key,
                           fmt::format("{} values like '{}', to walk them together", length,
                                       block.zip.front().key),
                           fmt::format("{}", axis.values.size()),
                           {}});
      }
      for (std::size_t i = 0; i < length; ++i) rows[i].push_back(axis.values[i]);
    }
    points = product(points, rows);
  }
  if (!block.list.empty()) points = product(points, block.list);
  if (block.random.count > 0) points = product(points, random_points(block.random));
  if (block.latin_hypercube.count > 0)
    points = product(points, latin_points(block.latin_hypercube));
  for (const Point& point : points) {
    std::set<std::string> keys;
    for (const Setting& setting : point) {
      if (!keys.insert(setting.key).second) {
        throw ConfigError({Problem::Kind::DuplicateKey,
                           setting.origin,
                           setting.key,
                           "each key in one part of a block",
                           "it a second time",
                           {}});
      }
    }
  }
  return points;
}

/// Numbers of a configuration by path.
std::optional<double> number_at(const config::Json& config, const std::string& path) {
  std::string pointer = "/" + path;
  for (char& c : pointer) c = c == '.' ? '/' : c;
  const config::Json::json_pointer where(pointer);
  if (!config.contains(where)) return std::nullopt;
  const config::Json& value = config.at(where);
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  return value.is_number() ? std::optional<double>(value.get<double>()) : std::nullopt;
}

std::string found(const std::string& expression, const ExpressionError& error) {
  return fmt::format("{} ({})", config::describe(config::Scalar{expression, true}), error.what());
}

class Constraints {
 public:
  explicit Constraints(const SweepFile& file) : file_(file) {
    for (std::size_t i = 0; i < file.spec.constraints.size(); ++i) {
      try {
        expressions_.emplace_back(file.spec.constraints[i]);
      } catch (const ExpressionError& error) {
        fail(i, "an expression like 'platform.cores * platform.threads <= 16'",
             found(file.spec.constraints[i], error));
      }
    }
  }
  bool hold(const config::DocumentBase& document) const {
    if (expressions_.empty()) return true;
    const config::Json config = document.json();
    for (std::size_t i = 0; i < expressions_.size(); ++i) {
      try {
        const auto value = [&](const std::string& name) { return number_at(config, name); };
        if (expressions_[i].evaluate(value) == 0) return false;
      } catch (const ExpressionError& error) {
        fail(i, "keys of numbers in the configuration", found(expressions_[i].text(), error));
      }
    }
    return true;
  }

 private:
  [[noreturn]] void fail(std::size_t i, std::string expected, std::string found) const {
    const std::string path = fmt::format("constraints[{}]", i);
    const auto origin = file_.origins.find(path);
    throw ConfigError({Problem::Kind::Constraint,
                       origin == file_.origins.end() ? Origin{} : origin->second,
                       path,
                       std::move(expected),
                       std::move(found),
                       {}});
  }
  const SweepFile& file_;
  std::vector<Expression> expressions_;
};

void check_expectations(const SweepFile& file) {
  for (std::size_t i = 0; i < file.spec.expect.size(); ++i) {
    try {
      const Expression expression(file.spec.expect[i]);
    } catch (const ExpressionError& error) {
      const std::string path = fmt::format("expect[{}]", i);
      throw ConfigError({Problem::Kind::Constraint,
                         file.origins.at(path),
                         path,
                         "an expression like 'hop.line.p99_ns < 5'",
                         found(file.spec.expect[i], error),
                         {}});
    }
  }
}

constexpr const char* kScenarioKey = "scenario.id";

bool names_scenario(const std::vector<Setting>& settings) {
  return std::any_of(settings.begin(), settings.end(),
                     [](const Setting& setting) { return setting.key == kScenarioKey; });
}

/// A point that names no scenario stands for all of them.
std::vector<Point> with_scenarios(const SweepFile& file, const std::vector<Point>& points) {
  if (file.spec.suite != Suite::Scenarios || names_scenario(file.spec.set)) return points;
  std::vector<Point> all;
  for (const Point& point : points) {
    if (names_scenario(point)) {
      all.push_back(point);
      continue;
    }
    for (const scenarios::Scenario& one : scenarios::catalogue()) {
      if (!one.runs()) continue;
      all.push_back(point);
      all.back().push_back({kScenarioKey, {one.id, true}, {Origin::Kind::File, file.path, 0}});
    }
  }
  return all;
}

void check_scenario(const std::string& id, const config::Origins& origins) {
  const scenarios::Scenario* found = scenarios::find(id);
  if (found != nullptr && found->runs()) return;
  std::vector<std::string> ids;
  for (const scenarios::Scenario& one : scenarios::catalogue()) {
    if (one.runs()) ids.push_back(one.id);
  }
  throw ConfigError({Problem::Kind::Constraint, origins.at(kScenarioKey), kScenarioKey,
                     "a scenario that runs, as `xive-cosim scenario list` shows them",
                     fmt::format("'{}'", id), config::nearest_match(id, ids)});
}

/// The job of a point with a seed, without its number; none where a constraint does not hold.
std::optional<Job> job_of(const SweepFile& file, const Constraints& constraints, const Point& point,
                          std::uint64_t seed) {
  const SweepSpec& spec = file.spec;
  const std::string seed_path(seed_key(spec.suite));
  config::Document<config::Config> document{config::config_schema()};
  if (!spec.config.empty()) document.load(beside(file, spec.config));
  const auto set = [&](const Setting& setting) {
    if (setting.key == seed_path) {
      throw ConfigError({Problem::Kind::Constraint,
                         setting.origin,
                         setting.key,
                         "'seeds' to choose the seeds",
                         "the key of the seed",
                         {}});
    }
    document.set(setting.key, setting.value, setting.origin);
  };
  for (const Setting& setting : spec.set) set(setting);
  for (const Setting& setting : point) set(setting);
  document.set(seed_path, {fmt::format("{}", seed), true}, {Origin::Kind::File, file.path, 0});
  document.verify();
  if (spec.suite == Suite::Scenarios) {
    check_scenario(document.value().scenario.id, document.origins());
  }
  if (!constraints.hold(document)) return std::nullopt;
  Job job;
  job.suite = spec.suite;
  job.seed = seed;
  job.settings = document.settings();
  job.settings.erase(seed_path);
  job.config = document.dump();
  job.expect = spec.expect;
  job.limits = spec.job;
  return job;
}

/// The jobs of all files that `file` lists. The same job of two files runs once and meets what both
/// expect.
std::vector<Job> listed_jobs(const SweepFile& file) {
  std::vector<Job> all;
  std::map<std::string, std::size_t> numbers;
  for (const SweepFile& sweep : file.sweeps) {
    for (Job& job : make_jobs(sweep)) {
      const auto [known, fresh] = numbers.emplace(job.key(), all.size());
      if (fresh) {
        job.number = all.size();
        all.push_back(std::move(job));
        continue;
      }
      std::vector<std::string>& expect = all[known->second].expect;
      for (std::string& text : job.expect) {
        if (std::find(expect.begin(), expect.end(), text) == expect.end()) {
          expect.push_back(std::move(text));
        }
      }
    }
  }
  return all;
}

}  // namespace

std::vector<Point> expand(const SweepFile& file) {
  std::vector<Point> points;
  std::set<std::vector<std::pair<std::string, std::string>>> seen;
  std::vector<Point> all;
  for (const Block& block : file.spec.points) {
    for (Point& point : block_points(block)) all.push_back(std::move(point));
  }
  if (file.spec.points.empty()) all.emplace_back();
  for (Point& point : all) {
    std::vector<std::pair<std::string, std::string>> identity;
    for (const Setting& setting : point) identity.emplace_back(setting.key, setting.value.text);
    std::sort(identity.begin(), identity.end());
    if (seen.insert(std::move(identity)).second) points.push_back(std::move(point));
  }
  return with_scenarios(file, points);
}

std::vector<Job> make_jobs(const SweepFile& file) {
  if (!file.sweeps.empty()) return listed_jobs(file);
  const Constraints constraints(file);
  check_expectations(file);
  const std::vector<Point> points = expand(file);
  const std::uint64_t seeds = file.spec.seeds.count;
  // Writing out whole configurations is most of what stands in front of the first job.
  std::vector<std::optional<Job>> made(points.size() * seeds);
  host::for_each_piece(made.size(), [&](std::size_t i) {
    made[i] = job_of(file, constraints, points[i / seeds], file.spec.seeds.first + i % seeds);
  });
  std::vector<Job> jobs;
  for (std::optional<Job>& job : made) {
    if (!job) continue;
    job->number = jobs.size();
    jobs.push_back(*std::move(job));
  }
  if (jobs.empty()) {
    throw ConfigError({Problem::Kind::Constraint,
                       {Origin::Kind::File, file.path, 0},
                       "constraints",
                       "at least one point that meets them",
                       "none",
                       {}});
  }
  return jobs;
}

}  // namespace xive::sweep
