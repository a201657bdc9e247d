// SPDX-License-Identifier: Apache-2.0
/// Runs as a whole: shards, workers, resuming, interruption, results.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <thread>

#include "tb/host/files.h"
#include "tb/validate/mutants.h"
#include "tb/validate/report.h"
#include "tb/validate/shard.h"
#include "tb/validate/shard_store.h"
#include "tb/validate/test_support.h"

namespace xive::validate {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::Folder;
using testing_support::Output;
using testing_support::validate;

ValidateOptions small(const Folder& folder, const std::string& name) {
  ValidateOptions options;
  options.ops = 30'000;
  options.shard_ops = 5'000;
  options.seed = 11;
  options.out = (folder / name).string();
  options.json = (folder / (name + ".json")).string();
  options.progress = Progress::Off;
  // A capsule tries its reproduce command with this program; the default, this very test program,
  // would run all its tests again inside each capsule.
  options.program = "/bin/false";
  return options;
}

json result(const ValidateOptions& options) {
  return json::parse(host::read_file(options.json));
}

std::string digest(const ValidateOptions& options) {
  const Output output = validate(options);
  EXPECT_EQ(output.code, 0) << output.out << output.err;
  return result(options).at("digest").get<std::string>();
}

TEST(Run, DigestIsTheSameHoweverItIsRun) {
  const Folder folder("digest");
  ValidateOptions options = small(folder, "first");
  const std::string expected = digest(options);

  options = small(folder, "again");
  EXPECT_EQ(digest(options), expected) << "second run";
  options = small(folder, "jobs");
  options.jobs = 2;
  EXPECT_EQ(digest(options), expected) << "two jobs";
  options = small(folder, "waves");
  options.waves = true;
  EXPECT_EQ(digest(options), expected) << "with waves";
  EXPECT_GT(std::filesystem::file_size(folder / "waves/shards/000000.fst"), 1000U);
  options = small(folder, "stepped");
  options.skip_idle = false;
  EXPECT_EQ(digest(options), expected) << "idle time stepped";
  options = small(folder, "rtl");
  options.tima = TimaKind::Rtl;
  EXPECT_EQ(digest(options), expected) << "RTL without the reference beside it";
  options = small(folder, "other");
  options.seed = 12;
  EXPECT_NE(digest(options), expected) << "another seed";
}

/// Counts of rules as one text, so that a difference names the rule.
std::string counts(const ShardResult& result) {
  std::string text;
  for (const RuleCount& rule : result.rules) {
    text += rule.id + ' ' + std::to_string(rule.hits) + ' ' + std::to_string(rule.fired) + '\n';
  }
  return text;
}

TEST(Run, EventsJudgedInBatchesGiveTheSameResult) {
  std::vector<unsigned> devices{0};
  for (const Mutant& mutant : read_mutants(built_in_mutants(), 1)) devices.push_back(mutant.number);
  std::size_t findings = 0;
  for (const unsigned device : devices) {
    for (std::uint64_t number = 0; number < 3; ++number) {
      SCOPED_TRACE("mutant " + std::to_string(device) + ", shard " + std::to_string(number));
      ShardLimits limits;
      limits.run_seed = 21;
      limits.ops = 2'000;
      const ShardConfig config = draw_shard(limits, number);
      const SubjectOptions options = subject_options(config, TimaKind::Lockstep, device, true);
      const ShardResult at_once = run_shard(config, options, make_subject);
      const ShardResult batched = run_shard_in_batches(config, options, make_subject);
      EXPECT_EQ(batched.finding, at_once.finding);
      EXPECT_EQ(batched.digest, at_once.digest);
      EXPECT_EQ(batched.operations, at_once.operations);
      EXPECT_EQ(batched.cycles, at_once.cycles);
      EXPECT_EQ(batched.counters, at_once.counters);
      EXPECT_EQ(counts(batched), counts(at_once));
      findings += at_once.finding ? 1U : 0U;
      EXPECT_FALSE(device == 0 && at_once.finding);
    }
  }
  EXPECT_GT(findings, devices.size());
}

TEST(Run, SummaryAndResultsSayWhatWasDone) {
  const Folder folder("summary");
  ValidateOptions options = small(folder, "run");
  options.ops = 12'000;
  options.junit = (folder / "run.xml").string();
  options.build = {"1.2.3", "abc", true};
  const Output output = validate(options);
  EXPECT_EQ(output.code, 0);
  EXPECT_THAT(output.out,
              HasSubstr("RTL against reference model, generation 1, 4 threads, seed 11"));
  EXPECT_THAT(output.out, HasSubstr("PASS         no rule was violated"));
  EXPECT_THAT(output.out, HasSubstr("operations   12,000 in 3 shards"));
  const json value = result(options);
  EXPECT_EQ(value.at("verdict"), "PASS");
  EXPECT_EQ(value.at("commit"), "abc");
  EXPECT_EQ(value.at("operations"), 12'000);
  EXPECT_EQ(value.at("configuration").at("seed"), 11);
  EXPECT_GT(value.at("classes").at("push-os").get<int>(), 0);
  std::uint64_t sum = 0;
  for (const auto& [name, count] : value.at("classes").items()) sum += count.get<std::uint64_t>();
  EXPECT_EQ(sum, 12'000U);
  bool lockstep_rule = false;
  bool tima_rule = false;
  bool bus_rule = false;
  for (const json& rule : value.at("rules")) {
    const auto id = rule.at("id").get<std::string>();
    if (rule.at("hits").get<std::uint64_t>() == 0) continue;
    lockstep_rule |= id.starts_with("LS-");
    tima_rule |= id.starts_with("TIMA-P");
    bus_rule |= id.starts_with("BUS-");
  }
  EXPECT_TRUE(lockstep_rule && tima_rule && bus_rule);
  const std::string junit = host::read_file(options.junit);
  EXPECT_THAT(junit, HasSubstr("<testsuite name=\"validate\""));
  EXPECT_THAT(junit, HasSubstr("failures=\"0\""));
  EXPECT_THAT(junit, HasSubstr("name=\"LS-REGS\"/>"));
}

TEST(Run, TheFirstViolationDoesNotDependOnTheJobs) {
  const Folder folder("first");
  ValidateOptions options = small(folder, "one");
  options.mutant = 12;
  options.shard_ops = 300;
  options.shrink = false;
  EXPECT_EQ(validate(options).code, 1);
  const json one = result(options);
  options = small(folder, "three");
  options.mutant = 12;
  options.shard_ops = 300;
  options.shrink = false;
  options.jobs = 3;
  EXPECT_EQ(validate(options).code, 1);
  const json three = result(options);
  EXPECT_EQ(three.at("finding"), one.at("finding"));
  EXPECT_EQ(three.at("digest"), one.at("digest"));
}

TEST(Run, MinutesEndARunAndTellItsShards) {
  const Folder folder("minutes");
  ValidateOptions options = small(folder, "run");
  options.tima = TimaKind::Model;
  options.ops = 0;
  options.minutes = 0.01;
  EXPECT_EQ(validate(options).code, 0);
  const json timed = result(options);
  const auto shards = timed.at("shards").get<std::uint64_t>();
  ASSERT_GT(shards, 0U);
  // The same number of shards asked for by operations is the same run.
  ValidateOptions counted = small(folder, "counted");
  counted.tima = TimaKind::Model;
  counted.ops = shards * counted.shard_ops;
  EXPECT_EQ(digest(counted), timed.at("digest").get<std::string>());
}

TEST(Run, ResumeKeepsFinishedShards) {
  const Folder folder("resume");
  ValidateOptions options = small(folder, "run");
  const std::string expected = digest(options);
  std::filesystem::remove(folder / "run/shards/000002.json");
  std::ofstream(folder / "run/shards/000004.json") << "{\"shard\": 4, \"trunc";
  options.resume = true;
  EXPECT_EQ(digest(options), expected);
  EXPECT_EQ(result(options).at("resumed_shards"), 4);

  // More operations of the same run go on where it stopped.
  options.ops = 40'000;
  EXPECT_EQ(validate(options).code, 0);
  EXPECT_EQ(result(options).at("resumed_shards"), 6);

  // Without --resume everything is run.
  options.resume = false;
  EXPECT_EQ(validate(options).code, 0);
  EXPECT_EQ(result(options).at("resumed_shards"), 0);
}

TEST(Run, ResumeOfAnotherRunIsRefused) {
  const Folder folder("refuse");
  ValidateOptions options = small(folder, "run");
  options.ops = 5'000;
  EXPECT_EQ(validate(options).code, 0);
  options.resume = true;
  options.seed = 99;
  const Output output = validate(options);
  EXPECT_EQ(output.code, 2);
  EXPECT_EQ(output.err, "xive-cosim: error: " + options.out +
                            ": cannot be resumed, its shards are of another run (other: seed); run "
                            "without --resume to start anew\n");
  std::ofstream(options.out + "/run.json") << "{\"seed\": ";
  EXPECT_EQ(validate(options).code, 2);
}

TEST(Run, WavesOfAFewShardsOfALongRunChangeNothing) {
  const Folder folder("long-waves");
  ValidateOptions options = small(folder, "run");
  options.ops = 600'000;
  options.shard_ops = 20'000;
  options.jobs = 2;
  const std::string expected = digest(options);
  // These are run again, now with waves; the others are taken over.
  options.resume = true;
  options.waves = true;
  for (const char* number : {"000003", "000012", "000018", "000029"}) {
    ASSERT_TRUE(std::filesystem::remove(folder / "run/shards" / (std::string(number) + ".json")));
  }
  EXPECT_EQ(digest(options), expected);
  EXPECT_EQ(result(options).at("resumed_shards"), 26);
  for (const char* number : {"000003", "000012", "000018", "000029"}) {
    const auto waves = folder / "run/shards" / (std::string(number) + ".fst");
    EXPECT_GT(std::filesystem::file_size(waves), 1'000'000U) << number;
  }
}

/// Where the killing subjects leave a mark, so that it happens once.
std::filesystem::path g_mark;

/// The first process that comes here kills itself.
std::unique_ptr<Subject> kills_once(const SubjectOptions& options) {
  static const pid_t main_process = ::getpid();
  if (::getpid() == main_process) return make_subject(options);
  // Two workers may come here at the same time: one of them makes the file.
  const int mark = ::open(g_mark.c_str(), O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (mark >= 0) ::kill(::getpid(), SIGKILL);
  return make_subject(options);
}

TEST(Run, AKilledWorkerIsRunAgain) {
  const Folder folder("killed");
  ValidateOptions options = small(folder, "good");
  const std::string expected = digest(options);
  g_mark = folder / "mark";
  options = small(folder, "killed");
  options.jobs = 2;
  const Output output = validate(options, kills_once);
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(result(options).at("digest"), expected);
  EXPECT_EQ(result(options).at("restarts"), 1);
  EXPECT_THAT(output.out, HasSubstr("restarts     1 workers were killed"));
}

std::unique_ptr<Subject> always_crashes(const SubjectOptions& options) {
  static const pid_t main_process = ::getpid();
  if (::getpid() != main_process) {
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(SIGSEGV);
  }
  return make_subject(options);
}

TEST(Run, AWorkerThatAlwaysCrashesIsAFailure) {
  const Folder folder("crash");
  const ValidateOptions options = small(folder, "run");
  const Output output = validate(options, always_crashes);
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.out, HasSubstr("FAIL         VAL-CRASH in shard 0"));
  EXPECT_THAT(output.out, HasSubstr("Segmentation fault"));
}

/// Every file with a final name is whole. A process that was killed at once cannot remove its
/// temporary file, every other can.
void expect_no_half_written_file(const std::filesystem::path& folder, bool killed = false) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(killed || !name.starts_with(".") || name == ".lock") << name;
    if (entry.path().extension() == ".json") {
      EXPECT_TRUE(json::accept(host::read_file(entry.path()))) << entry.path();
    }
  }
}

TEST(Run, AnInterruptedRunIsWholeAndCanBeResumed) {
  const Folder folder("interrupt");
  ValidateOptions options = small(folder, "whole");
  options.ops = 200'000;
  options.jobs = 2;
  const std::string expected = digest(options);
  for (const int signal : {SIGINT, SIGTERM}) {
    options = small(folder, "run" + std::to_string(signal));
    options.ops = 200'000;
    options.jobs = 2;
    std::cout.flush();
    const pid_t pid = ::fork();
    if (pid == 0) {
      const Output output = validate(options);
      ::_exit(output.code == 3 && output.out.find("INTERRUPTED") != std::string::npos ? 42 : 43);
    }
    while (!std::filesystem::exists(folder / ("run" + std::to_string(signal)) /
                                    "shards/000002.json")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ::kill(pid, signal);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 42) << "exit code 3 and a partial summary";
    expect_no_half_written_file(options.out);
    EXPECT_EQ(result(options).at("verdict"), "INTERRUPTED");
    options.resume = true;
    EXPECT_EQ(digest(options), expected);
    EXPECT_GE(result(options).at("resumed_shards").get<int>(), 1);
  }
}

TEST(Run, KillingTheWholeRunLeavesNothingHalfWritten) {
  const Folder folder("kill9");
  ValidateOptions options = small(folder, "run");
  options.ops = 300'000;
  const pid_t pid = ::fork();
  if (pid == 0) {
    validate(options);
    ::_exit(0);
  }
  while (!std::filesystem::exists(folder / "run/shards/000001.json")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // its worker dies with it
  expect_no_half_written_file(options.out, true);
  options.resume = true;
  options.ops = 20'000;
  EXPECT_EQ(validate(options).code, 0);
  expect_no_half_written_file(options.out);
  EXPECT_GE(result(options).at("resumed_shards").get<int>(), 2);
}

TEST(Run, ADirectoryThatCannotBeUsedIsTroubleOfTheEnvironment) {
  const Folder folder("unusable");
  std::ofstream(folder / "file") << "no directory";
  ValidateOptions options = small(folder, "run");
  options.out = (folder / "file/out").string();
  const Output output = validate(options);
  EXPECT_EQ(output.code, 3);
  EXPECT_EQ(output.err,
            "xive-cosim: error: " + options.out + ": cannot be created: Not a directory\n");
  options.out = "/proc/xive-validate-out";
  EXPECT_EQ(validate(options).code, 3);
}

TEST(Run, AFullDirectoryIsTroubleOfTheEnvironment) {
  const Folder folder("full");
  ValidateOptions options = small(folder, "run");
  options.ops = 5'000;
  const pid_t pid = ::fork();
  if (pid == 0) {
    // Nothing longer than this can be written, as if the disk were full.
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const Output output = validate(options);
    const bool clear = output.err.find("cannot be written: File too large") != std::string::npos;
    ::_exit(output.code == 3 && clear ? 42 : output.code);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42);
  expect_no_half_written_file(options.out);
}

TEST(Run, WrongOptionsAreUsageErrors) {
  const Folder folder("usage");
  const auto message = [&](auto change) {
    ValidateOptions options = small(folder, "run");
    change(options);
    const Output output = validate(options);
    EXPECT_EQ(output.code, 2);
    const std::string prefix = "xive-cosim: error: ";
    EXPECT_EQ(output.err.substr(0, prefix.size()), prefix);
    return output.err.substr(std::min(prefix.size(), output.err.size()));
  };
  EXPECT_EQ(message([](auto& o) { o.generation = 3; }), "--gen: expected 1 or 2, found 3\n");
  EXPECT_EQ(message([](auto& o) { o.threads = 9; }), "--threads: expected 1 to 8, found 9\n");
  EXPECT_EQ(message([](auto& o) { o.shard_ops = 0; }),
            "--shard-ops: expected 1 to 10000000, found 0\n");
  EXPECT_EQ(message([](auto& o) { o.ops = 0; }),
            "--ops: 0 means no limit, then --minutes must be given\n");
  EXPECT_EQ(message([](auto& o) { o.minutes = -1; }), "--minutes: expected 0 or more, found -1\n");
  EXPECT_EQ(message([](auto& o) {
              o.mutant = 1;
              o.tima = TimaKind::Model;
            }),
            "--mutant: mutants are of the RTL; --tima model has none\n");
  EXPECT_EQ(message([](auto& o) { o.mutant = 250; }), "--mutant: there is no mutant 250\n");
  EXPECT_EQ(message([](auto& o) {
              o.mutants = true;
              o.tima = TimaKind::Model;
            }),
            "--mutants: mutants are of the RTL; --tima model has none\n");
  EXPECT_EQ(message([](auto& o) {
              o.mutants = true;
              o.mutant_ops = 0;
            }),
            "--mutant-ops: expected 1 or more, found 0\n");
}

}  // namespace
}  // namespace xive::validate
