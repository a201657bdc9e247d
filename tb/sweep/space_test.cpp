// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "tb/config/error.h"
#include "tb/ledger/testing.h"

namespace xive::sweep {
namespace {

class Space : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.file(name)) << text;
  }
  std::vector<Job> jobs(const std::string& text) {
    write("s.yaml", text);
    return make_jobs(load_sweep(folder_.file("s.yaml")));
  }
  /// The error without the folder.
  std::string error(const std::string& text) {
    try {
      jobs(text);
    } catch (const config::ConfigError& error) {
      std::string what = error.what();
      const std::string prefix = folder_.file("");
      for (std::size_t at = what.find(prefix); at != std::string::npos; at = what.find(prefix)) {
        what.erase(at, prefix.size());
      }
      return what;
    }
    return "no error";
  }
  static std::vector<std::string> values(const std::vector<Job>& jobs, const std::string& key) {
    std::vector<std::string> values;
    for (const Job& job : jobs) {
      const auto found = job.settings.find(key);
      values.push_back(found == job.settings.end() ? "-" : found->second);
    }
    return values;
  }
  ledger::testing::TemporaryFolder folder_;
};

using ::testing::ElementsAre;

TEST_F(Space, CartesianWithSeeds) {
  const auto list = jobs(
      "name: a\nsuite: load\nseeds: {first: 5, count: 2}\npoints:\n"
      "  - cartesian: {platform.cores: [1, 2], run.vps: [8, 16]}\n");
  EXPECT_THAT(values(list, "platform.cores"), ElementsAre("1", "1", "1", "1", "2", "2", "2", "2"));
  EXPECT_THAT(values(list, "run.vps"), ElementsAre("8", "8", "16", "16", "8", "8", "16", "16"));
  EXPECT_EQ(list[0].seed, 5U);
  EXPECT_EQ(list[1].seed, 6U);
  EXPECT_EQ(list[0].settings.count("run.seed"), 0U) << "the seed is no setting";
  EXPECT_THAT(list[1].config, ::testing::HasSubstr("seed: 6"));
}

TEST_F(Space, ZipWalksTogether) {
  const auto list = jobs(
      "name: a\npoints:\n  - zip: {platform.cores: [1, 2], run.vps: [8, 16]}\n"
      "    cartesian: {run.priorities: [1, 2]}\n");
  EXPECT_THAT(values(list, "platform.cores"), ElementsAre("1", "2", "1", "2"));
  EXPECT_THAT(values(list, "run.vps"), ElementsAre("8", "16", "8", "16"));
  EXPECT_THAT(values(list, "run.priorities"), ElementsAre("1", "1", "2", "2"));
}

TEST_F(Space, ListsAddUpAndEqualPointsCountOnce) {
  const auto list = jobs(
      "name: a\npoints:\n  - list: [{platform.cores: 1}, {run.vps: 8}]\n"
      "  - list: [{run.vps: 8}, {run.vps: 9, platform.cores: 2}]\n");
  EXPECT_THAT(values(list, "run.vps"), ElementsAre("-", "8", "9"));
}

TEST_F(Space, RandomPointsStayInTheirRangesAndRepeat) {
  const std::string text =
      "name: a\npoints:\n  - random: {count: 50, seed: 3, keys: {platform.cores: [1, 4], "
      "platform.hops.esb.latency_ns: [10.0, 20.0]}}\n";
  const auto list = jobs(text);
  ASSERT_EQ(list.size(), 50U);
  std::set<std::string> cores;
  for (const Job& job : list) {
    cores.insert(job.settings.at("platform.cores"));
    const double mmio = std::stod(job.settings.at("platform.hops.esb.latency_ns"));
    EXPECT_GE(mmio, 10);
    EXPECT_LE(mmio, 20);
  }
  EXPECT_THAT(cores, ElementsAre("1", "2", "3", "4"));
  EXPECT_EQ(values(list, "platform.hops.esb.latency_ns"),
            values(jobs(text), "platform.hops.esb.latency_ns"));
}

TEST_F(Space, LatinHypercubeUsesEachSliceOnce) {
  const auto list = jobs(
      "name: a\npoints:\n  - latin_hypercube: {count: 10, keys: {platform.hops.esb.latency_ns: "
      "[0.0, "
      "10.0], platform.hops.tima.latency_ns: [0.0, 100.0]}}\n");
  ASSERT_EQ(list.size(), 10U);
  std::set<int> mmio, tima;
  for (const Job& job : list) {
    mmio.insert(static_cast<int>(std::stod(job.settings.at("platform.hops.esb.latency_ns"))));
    tima.insert(static_cast<int>(std::stod(job.settings.at("platform.hops.tima.latency_ns")) / 10));
  }
  EXPECT_EQ(mmio.size(), 10U);
  EXPECT_EQ(tima.size(), 10U);
}

TEST_F(Space, ConstraintsLeavePointsOut) {
  const auto list = jobs(
      "name: a\npoints:\n  - cartesian: {platform.cores: [1, 2, 4], platform.threads: [1, 4]}\n"
      "constraints: [platform.cores * platform.threads <= 4]\n");
  EXPECT_THAT(values(list, "platform.cores"), ElementsAre("1", "1", "2", "4"));
}

TEST_F(Space, ABaseConfigurationLiesBesideTheSweep) {
  std::ofstream(folder_.file("base.yaml")) << "run:\n  vps: 7\n";
  const auto list = jobs("name: a\nconfig: base.yaml\nset: {run.priorities: 2}\n");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].settings.at("run.vps"), "7");
  EXPECT_EQ(list[0].settings.at("run.priorities"), "2");
  EXPECT_EQ(list[0].number, 0U);
}

TEST_F(Space, AJobSurvivesJson) {
  const auto list = jobs("name: a\nexpect: [lost == 0]\njob: {deadline_s: 5, memory_mib: 100}\n");
  const Job back = job_from_json(result::Json::parse(to_json(list[0]).dump()));
  EXPECT_EQ(to_json(back), to_json(list[0]));
}

TEST_F(Space, ASuiteIsTheJobsOfItsSweeps) {
  write("one.yaml", "name: one\npoints:\n  - cartesian: {run.vps: [8, 16]}\nexpect: [lost == 0]\n");
  write("two.yaml",
        "name: two\nsuite: validate\njob: {deadline_s: 7}\nset: {validate.threads: 2}\n");
  write("three.yaml", "name: three\nset: {run.vps: 16}\nexpect: [lost == 0, duplicated == 0]\n");
  const auto list = jobs("name: all\nsweeps: [one.yaml, two.yaml, three.yaml]\n");
  ASSERT_EQ(list.size(), 3U);
  EXPECT_THAT(values(list, "run.vps"), ElementsAre("8", "16", "-"));
  EXPECT_EQ(list[2].suite, Suite::Validate);
  EXPECT_EQ(list[2].limits.deadline_s, 7);
  for (std::size_t i = 0; i < list.size(); ++i) EXPECT_EQ(list[i].number, i);
  EXPECT_THAT(list[0].expect, ElementsAre("lost == 0"));
  EXPECT_THAT(list[1].expect, ElementsAre("lost == 0", "duplicated == 0"))
      << "the same job of two sweeps runs once and meets what both expect";
}

TEST_F(Space, APointWithoutAScenarioIsAllOfThem) {
  const auto all = jobs("name: a\nsuite: scenarios\n");
  EXPECT_GT(all.size(), 20U);
  std::set<std::string> ids;
  for (const Job& job : all) ids.insert(job.settings.at("scenario.id"));
  EXPECT_EQ(ids.size(), all.size());
  const auto some = jobs(
      "name: a\nsuite: scenarios\npoints:\n  - cartesian: {scenario.id: [S3.1, s3.2], "
      "platform.tima: [model, rtl]}\n");
  EXPECT_THAT(values(some, "scenario.id"), ElementsAre("S3.1", "S3.1", "s3.2", "s3.2"));
  EXPECT_EQ(jobs("name: a\nsuite: scenarios\nset: {scenario.id: S1.2}\n").size(), 1U);
}

TEST(SweepFiles, TheOnesInTheTreeAreGood) {
  for (const char* folder : {"sweeps", "suites"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(XIVE_SOURCE_DIR "/configs/") + folder)) {
      EXPECT_GT(make_jobs(load_sweep(entry.path().string())).size(), 1U) << entry.path();
    }
  }
}

struct Mistake {
  std::string text, error;
};

TEST_F(Space, EveryMistakeIsToldWhereItStands) {
  const std::vector<Mistake> mistakes{
      {"suite: load\n", "s.yaml: name: expected a name, found none"},
      {"name: a\nsuit: load\n",
       "s.yaml:2: expected one of name, sweeps, suite, config, set, seeds, points, constraints, "
       "expect, job, slurm, found unknown key 'suit'; did you mean 'suite'?"},
      {"name: a\nsuite: loud\n",
       "s.yaml:2: suite: expected one of validate, load, opal, scenarios, skiboot, found 'loud'; "
       "did "
       "you mean 'load'?"},
      {"name: a\nname: b\n", "s.yaml:2: name: expected each key once, found it a second time"},
      {"name: a\nseeds: 3\n", "s.yaml:2: seeds: expected a mapping of keys, found '3'"},
      {"name: a\nseeds: {count: 0}\n",
       "s.yaml:2: seeds.count: expected an integer from 1 to 1000000, found '0'"},
      {"name: a\nset: {scenario.idd: S1.1}\n",
       "s.yaml:2: scenario: expected one of id, sweep, faulty, found unknown key 'idd'; did you "
       "mean "
       "'id'?"},
      {"name: a\nset: {platform.cores: 99}\n",
       "s.yaml:2: platform.cores: expected an integer from 1 to 24, found '99'"},
      {"name: a\nset: {platform.cores: [1]}\n",
       "s.yaml:2: set.platform.cores: expected one value, found a list"},
      {"name: a\nset: {run.seed: 1}\n",
       "s.yaml:2: run.seed: expected 'seeds' to choose the seeds, found the key of the seed"},
      {"name: a\npoints: {cartesian: {run.vps: [1]}}\n",
       "s.yaml:2: points: expected a list of 0 to 1000 elements, found a mapping of keys"},
      {"name: a\npoints:\n  - cartesian: {run.vps: 1}\n",
       "s.yaml:3: points[0].cartesian.run.vps: expected a list of at least one value, found '1'"},
      {"name: a\npoints:\n  - cartesian: {run.vps: []}\n",
       "s.yaml:3: points[0].cartesian.run.vps: expected a list of at least one value, found an "
       "empty list"},
      {"name: a\npoints:\n  - zip: {run.vps: [1, 2], platform.cores: [1]}\n",
       "s.yaml:3: platform.cores: expected 2 values like 'run.vps', to walk them together, found "
       "1"},
      {"name: a\npoints:\n  - cartesian: {run.vps: [1]}\n    list: [{run.vps: 2}]\n",
       "s.yaml:4: run.vps: expected each key in one part of a block, found it a second time"},
      {"name: a\npoints:\n  - random: {count: 2, keys: {run.vps: [9, 1]}}\n",
       "s.yaml:3: points[0].random.keys.run.vps: expected min not above max, found [9, 1]"},
      {"name: a\npoints:\n  - random: {count: 2, keys: {run.vps: [1, many]}}\n",
       "s.yaml:3: points[0].random.keys.run.vps[1]: expected a number, found 'many'"},
      {"name: a\nconstraints: [platform.cores <]\n",
       "s.yaml:2: constraints[0]: expected an expression like 'platform.cores * platform.threads "
       "<= 16', found 'platform.cores <' ("},
      {"name: a\nconstraints: [platform.coers < 2]\n",
       "s.yaml:2: constraints[0]: expected keys of numbers in the configuration, found "
       "'platform.coers < 2' (nothing is called 'platform.coers')"},
      {"name: a\nconstraints: [platform.cores > 99]\n",
       "s.yaml: constraints: expected at least one point that meets them, found none"},
      {"name: a\nexpect: ['lost =']\n",
       "s.yaml:2: expect[0]: expected an expression like 'hop.line.p99_ns < 5', found 'lost =' ("},
      {"name: a\nconfig: nowhere.yaml\n",
       "nowhere.yaml: expected a configuration file, found no such file"},
      {"name: a\njob: {deadline_s: never}\n",
       "s.yaml:2: job.deadline_s: expected a number from 0.1 to 1000000, found 'never'"},
      {"", "s.yaml: expected a mapping of keys, found an empty file"},
      {"name: a\nsweeps: [a.yaml]\nset: {run.vps: 1}\n",
       "s.yaml:3: set: expected only name and slurm beside 'sweeps': the rest is in those files, "
       "found it"},
      {"name: a\nsweeps: [s.yaml]\n",
       "s.yaml:2: sweeps[0]: expected a sweep that does not lead back to this one, found 's.yaml'"},
      {"name: a\nsweeps: [" + std::string(300, 'x') + "]\n",
       std::string(300, 'x') + ": expected a configuration file, found File name too long"},
      {"name: a\nexpect: ['lost " + std::string(300, '{') + "']\n",
       "s.yaml:2: expect[0]: expected an expression like 'hop.line.p99_ns < 5', found 'lost " +
           std::string(35, '{') + "...' (wrong from position 5 on)"},
      {"name: a\nsweeps: [nowhere.yaml]\n",
       "nowhere.yaml: expected a configuration file, found no such file"},
      {"name: a\nslurm: {cpus: 0}\n",
       "s.yaml:2: slurm.cpus: expected an integer from 1 to 1024, found '0'"},
      {"name: a\nsuite: scenarios\nset: {scenario.id: S33.1}\n",
       "s.yaml:3: scenario.id: expected a scenario that runs, as `xive-cosim scenario list` shows "
       "them, found 'S33.1'; did you mean 'S3.1'?"},
  };
  for (const Mistake& mistake : mistakes) {
    const std::string text = error(mistake.text);
    // What follows an opening parenthesis is the word of the parser of expressions.
    const bool open = mistake.error.back() == '(';
    EXPECT_EQ(open ? text.substr(0, mistake.error.size()) : text, mistake.error) << mistake.text;
  }
}

}  // namespace
}  // namespace xive::sweep
