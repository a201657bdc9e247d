// SPDX-License-Identifier: Apache-2.0
// Wrong command lines, each with exit code 2 and the complete text on standard error.
#include "tb/cli/cli.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

namespace xive::cli {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

Outcome run_words(const std::vector<std::string>& words) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run(words, out, err);
  return {code, out.str(), err.str()};
}

struct Case {
  const char* name;
  std::vector<std::string> words;
  std::string error;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class WrongCommandLine : public testing::TestWithParam<Case> {
 protected:
  WrongCommandLine()
      : folder_(fs::path(testing::TempDir()) / (std::string("cli_") + GetParam().name)) {
    fs::create_directories(folder_ / "folder");
    fs::current_path(folder_);
    fs::create_symlink("loop", "loop");
    std::ofstream("good.yaml") << "validate: {seed: 3}\n";
    std::ofstream("bad.yaml") << "validate:\n  threds: 3\n";
  }
  ~WrongCommandLine() override {
    fs::current_path("/");
    fs::remove_all(folder_);
  }

 private:
  fs::path folder_;
};

TEST_P(WrongCommandLine, GivesOneLineAndExitCode2) {
  const Outcome outcome = run_words(GetParam().words);
  EXPECT_EQ(outcome.err, "xive-cosim: error: " + GetParam().error + "\n");
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.code, 2);
}

std::vector<Case> config_cases() {
  const std::string keys =
      "generation, threads, tima, random_knobs, knobs, mutant, seed, ops, minutes, shard_ops, "
      "jobs, stalls, skip_idle, shrink, shrink_seconds, mutant_ops";
  return {
      {"NoSubcommandOfConfig",
       {"config"},
       "config: expected a command: check, dump, schema; see 'xive-cosim config --help'"},
      {"UnknownSubcommand",
       {"config", "dunp"},
       "config: unknown command 'dunp'; did you mean 'dump'?; expected one of check, dump, schema; "
       "see 'xive-cosim config --help'"},
      {"UnknownOption",
       {"config", "dump", "--conifg", "good.yaml"},
       "config dump: unknown option '--conifg'; did you mean '--config'?; "
       "see 'xive-cosim config dump --help'"},
      {"UnknownOptionFar",
       {"version", "--verbose"},
       "version: unknown option '--verbose'; see 'xive-cosim version --help'"},
      {"UnexpectedArgument",
       {"version", "now"},
       "version: unexpected argument 'now'; see 'xive-cosim version --help'"},
      {"MissingValue", {"config", "dump", "--config"}, "--config: expected a value, found nothing"},
      {"NoFileToCheck",
       {"config", "check"},
       "config check: expected a configuration file, found nothing"},
      {"FileMissing",
       {"config", "check", "god.yaml"},
       "god.yaml: expected a configuration file, found no such file; did you mean 'good.yaml'?"},
      {"FileIsFolder",
       {"config", "check", "folder"},
       "folder: expected a configuration file, found a directory"},
      {"MisspeltKeyInFile",
       {"config", "dump", "--config", "bad.yaml"},
       "bad.yaml:2: validate: expected one of " + keys +
           ", found unknown key 'threds'; did you mean 'threads'?"},
      {"SettingWithoutValue",
       {"config", "dump", "--set", "validate.seed"},
       "--set: expected KEY=VALUE, found 'validate.seed'"},
      {"SettingWithTwoWords",
       {"config", "dump", "--set", "validate.seed=1", "validate.threads=2"},
       "config dump: unexpected argument 'validate.threads=2'; see 'xive-cosim config dump "
       "--help'"},
      {"SettingIsNoUtf8",
       {"config", "dump", "--set", "boot.image=a\xff"},
       "--set: boot.image: expected a string, found one that is no UTF-8"},
      {"SettingUnknownKey",
       {"config", "dump", "--set", "validate.sed=1"},
       "--set: validate: expected one of " + keys +
           ", found unknown key 'sed'; did you mean 'seed'?"},
      {"SettingOutOfRange",
       {"config", "dump", "--set", "validate.threads=9"},
       "--set: validate.threads: expected an integer from 1 to 8, found '9'"},
      {"SettingBreaksConstraint",
       {"config", "dump", "--set", "validate.ops=0"},
       "--set: validate.ops: expected at least 1 while minutes is 0, found 0"},
  };
}

INSTANTIATE_TEST_SUITE_P(Config, WrongCommandLine, testing::ValuesIn(config_cases()),
                         [](const auto& param) { return std::string(param.param.name); });

constexpr const char* kCommands =
    "run, validate, replay, crosscheck, sweep, rerun, job, report, rules, scenario, config, "
    "version";

std::vector<Case> validate_cases() {
  return {
      {"Nothing",
       {},
       std::string("expected a command: ") + kCommands + "; see 'xive-cosim --help'"},
      {"UnknownCommand",
       {"valdiate"},
       std::string("unknown command 'valdiate'; did you mean 'validate'?; expected one of ") +
           kCommands + "; see 'xive-cosim --help'"},
      {"UnknownCommandFar",
       {"frobnicate"},
       std::string("unknown command 'frobnicate'; expected one of ") + kCommands +
           "; see 'xive-cosim --help'"},
      {"SweepNothing",
       {"sweep"},
       "sweep: expected a sweep file, found nothing; see 'xive-cosim sweep --help'"},
      {"SweepJobs",
       {"sweep", "x.yaml", "--jobs", "many"},
       "--jobs: expected an integer from 0 to 4096, found 'many'"},
      {"RerunNothing", {"rerun"}, "rerun: expected the folder of a sweep, found nothing"},
      {"CompareNothing",
       {"report", "compare", "latest"},
       "report compare: expected two batches, BASE and HEAD"},
      {"LedgerMissing",
       {"report", "list", "--ledger", "gone.sqlite"},
       "--ledger: expected a ledger, found no file gone.sqlite"},
      {"LedgerIsALoop",
       {"report", "list", "--ledger", "loop"},
       "--ledger: expected a ledger, found no file loop"},
      {"JobMissing",
       {"job", "/nowhere", "--end", "end.json"},
       "/nowhere/job.json: expected a job, found: /nowhere/job.json: cannot be read: No such file "
       "or directory"},
      {"WordOfTwoLines",
       {"version", "a\nb"},
       "version: unexpected argument 'a b'; see 'xive-cosim version --help'"},
      {"TrendNothing",
       {"report", "trend", "smoke"},
       "report trend: expected a job or sweep, and a metric"},
      {"HtmlNoSweep",
       {"report", "html", "folder"},
       "report html: expected the folder of a sweep, found no folder/sweep.json"},
      {"TraceNothing",
       {"report", "trace", "folder"},
       "report trace: expected the folder of a sweep and a job"},
      {"TraceNoJob",
       {"report", "trace", "folder", "7"},
       "report trace: expected a job of a sweep, found no folder/jobs/000007/job.json"},
      {"JobNothing", {"job"}, "job: expected the folder of a job, found nothing"},
      {"OptionBeforeCommand",
       {"--seed", "1", "validate"},
       "unknown option '--seed'; see 'xive-cosim --help'"},
      {"MisspeltOption",
       {"validate", "--opps", "5"},
       "validate: unknown option '--opps'; did you mean '--ops'?; see 'xive-cosim validate "
       "--help'"},
      {"MisspeltOptionWithValue",
       {"validate", "--opps=5"},
       "validate: unknown option '--opps=5'; did you mean '--ops'?; "
       "see 'xive-cosim validate --help'"},
      {"StrayWord",
       {"validate", "20000"},
       "validate: unexpected argument '20000'; see 'xive-cosim validate --help'"},
      {"NoValue", {"validate", "--ops"}, "--ops: expected a value, found nothing"},
      {"OptionAsValue",
       {"validate", "--ops", "--seed", "1"},
       "--ops: expected a value, found nothing"},
      {"GroupWithTwoWords",
       {"scenario", "run", "--group", "S1", "S9.9"},
       "scenario run: unknown scenario 'S9.9'; did you mean 'S1.9'?; see 'xive-cosim scenario "
       "list'"},
      {"SuitesWithTwoWords",
       {"crosscheck", "--suites", "ipi", "tima"},
       "crosscheck: unexpected argument 'tima'; see 'xive-cosim crosscheck --help'"},
      {"GivenTwice",
       {"validate", "--json", "nowhere/a.json", "--json", "nowhere/b.json"},
       "--json: expected a file in a folder that exists, found 'nowhere/b.json'"},
      {"WavesInAFile",
       {"run", "--waves", "good.yaml"},
       "--waves: expected a folder, found the file 'good.yaml'"},
      {"SweepIntoAFile",
       {"sweep", "x.yaml", "--out", "good.yaml"},
       "--out: expected a folder, found the file 'good.yaml'"},
      {"LedgerBehindAFile",
       {"sweep", "x.yaml", "--ledger", "good.yaml/l.sqlite"},
       "--ledger: expected a folder, found the file 'good.yaml'"},
      {"OpsIsAWord",
       {"validate", "--ops", "many"},
       "--ops: expected an integer from 0 to 1000000000000, found 'many'"},
      {"OpsIsAFraction",
       {"validate", "--ops", "1e6"},
       "--ops: expected an integer from 0 to 1000000000000, found '1e6'"},
      {"NegativeSeed",
       {"validate", "--seed", "-1"},
       "--seed: expected an integer of at least 0, found '-1'"},
      {"TooManyThreads",
       {"validate", "--threads", "9"},
       "--threads: expected an integer from 1 to 8, found '9'"},
      {"NoSuchGeneration", {"validate", "--gen", "3"}, "--gen: expected 1, found '3'"},
      {"MisspeltTima",
       {"validate", "--tima", "rlt"},
       "--tima: expected one of model, rtl, lockstep, found 'rlt'; did you mean 'rtl'?"},
      {"NoEnd",
       {"validate", "--ops", "0"},
       "--ops: validate.ops: expected at least 1 while minutes is 0, found 0"},
      {"MinutesIsNoNumber",
       {"validate", "--minutes", "nan"},
       "--minutes: expected a number from 0 to 10080, found 'nan'"},
      {"UnknownProgress",
       {"validate", "--progress", "of"},
       "--progress: expected one of auto, live, plain, off, found 'of'; did you mean 'off'?"},
      {"ConfigMissing",
       {"validate", "--config", "nothing.yaml"},
       "nothing.yaml: expected a configuration file, found no such file"},
      {"JsonInNoFolder",
       {"validate", "--json", "nowhere/r.json"},
       "--json: expected a file in a folder that exists, found 'nowhere/r.json'"},
      {"JunitIsFolder",
       {"validate", "--junit", "folder"},
       "--junit: expected a file to write, found the folder 'folder'"},
      {"OutIsFile",
       {"validate", "--out", "good.yaml"},
       "--out: expected a folder, found the file 'good.yaml'"},
      {"NoCapsule", {"replay"}, "replay: expected the folder of a capsule, found nothing"},
      {"CapsuleMissing",
       {"replay", "nowhere"},
       "replay: expected a folder, found no such folder: 'nowhere'"},
      {"CapsuleIsFile",
       {"replay", "good.yaml"},
       "replay: expected a folder, found the file 'good.yaml'"},
      {"TwoCommands", {"version", "config"}, "expected one command, found 'version' and 'config'"},
  };
}

INSTANTIATE_TEST_SUITE_P(Validate, WrongCommandLine, testing::ValuesIn(validate_cases()),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(CommandLine, RulesListsTheRulesOfARun) {
  const Outcome outcome = run_words({"rules"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.out.find("LS-REGS "), std::string::npos);
  EXPECT_NE(outcome.out.find("TIMA-P01 "), std::string::npos);
}

TEST(CommandLine, DumpShowsTheOriginOfEachValue) {
  const fs::path folder = fs::path(testing::TempDir()) / "cli_dump";
  fs::create_directories(folder);
  fs::current_path(folder);
  std::ofstream("good.yaml") << "validate:\n  seed: 3\n";
  const Outcome outcome =
      run_words({"config", "dump", "--config", "good.yaml", "--set", "validate.threads=2"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_NE(outcome.out.find("  seed: 3                   # good.yaml:2\n"), std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("  threads: 2                # --set\n"), std::string::npos);
  EXPECT_NE(outcome.out.find("  tima: lockstep            # default\n"), std::string::npos);
  fs::current_path("/");
  fs::remove_all(folder);
}

TEST(CommandLine, RunTakesItsFileWithOrWithoutOption) {
  const fs::path folder = fs::path(testing::TempDir()) / "cli_run";
  fs::create_directories(folder);
  fs::current_path(folder);
  std::ofstream("small.yaml") << "run:\n  firmware: tables\n  triggers: 50\n"
                                 "platform:\n  tima: model\n";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"small.yaml"},
                                                {"--config", "small.yaml"},
                                                {"--set", "run.seed=2", "small.yaml"},
                                                {"--config", "gone.yaml", "small.yaml"}}) {
    std::vector<std::string> all = {"run", "--short"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = run_words(all);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("PASS"), std::string::npos);
  }
  fs::current_path("/");
  fs::remove_all(folder);
}

TEST(CommandLine, ADamagedLedgerIsAMatterOfTheEnvironment) {
  const fs::path folder = fs::path(testing::TempDir()) / "cli_ledger";
  fs::create_directories(folder);
  const std::string file = (folder / "bad.sqlite").string();
  std::ofstream(file) << "this is no database, but it is long enough to be looked at as if it were";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"report", "list"},
                                                {"report", "compare", "previous", "latest"},
                                                {"report", "trend", "smoke", "lost"},
                                                {"report", "export"}}) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--ledger", file});
    const Outcome outcome = run_words(all);
    EXPECT_EQ(outcome.code, 3);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "xive-cosim: error: ledger " + file +
                               ": cannot read or write: file is not a database; it was left as it "
                               "is: name another file with --ledger, `sweep --resume` adds the "
                               "results of a folder to it\n");
  }
  fs::remove_all(folder);
}

TEST(CommandLine, FirmwareIsAKindOrAFile) {
  const Outcome kind = run_words({"run", "--firmware", "skibot"});
  EXPECT_EQ(kind.code, 2);
  EXPECT_NE(kind.err.find("did you mean 'skiboot'?"), std::string::npos) << kind.err;
  const Outcome file = run_words({"run", "--firmware", "./gone.lid"});
  EXPECT_EQ(file.code, 2);
  EXPECT_EQ(file.err, "xive-cosim: error: ./gone.lid: no such file\n");
}

TEST(CommandLine, AnOptionThatMeansNothingIsRefused) {
  const auto message = [](std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    const Outcome outcome = run_words(words);
    EXPECT_EQ(outcome.code, 2);
    return outcome.err;
  };
  EXPECT_EQ(message({"--firmware", "opal", "--bootargs", "x"}),
            "xive-cosim: error: --bootargs: boot.bootargs means nothing with run.firmware opal, "
            "expected run.firmware skiboot or an image\n");
  EXPECT_EQ(message({"--firmware", "skiboot", "--triggers", "5"}),
            "xive-cosim: error: --triggers: run.triggers means nothing with run.firmware skiboot, "
            "expected run.firmware tables or opal\n");
  EXPECT_EQ(message({"--firmware", "tables", "--gdb", "1234"}),
            "xive-cosim: error: --gdb: there is no instruction with run.firmware tables, expected "
            "run.firmware skiboot or an image\n");
  EXPECT_EQ(message({"--firmware", "skiboot", "--timing", "lt"}),
            "xive-cosim: error: platform.timing: a firmware image runs with direct timing only\n");
}

TEST(CommandLine, VersionNamesTheCommitAndTheTools) {
  const Outcome outcome = run_words({"version"});
  EXPECT_EQ(outcome.code, 0);
  for (const char* word : {"xive-cosim 0.", "commit ", "compiler ", "SystemC ", "Verilator "}) {
    EXPECT_NE(outcome.out.find(word), std::string::npos) << word;
  }
}

class Help : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(Help, EndsWithAnExample) {
  std::vector<std::string> words = GetParam();
  words.emplace_back("--help");
  const Outcome outcome = run_words(words);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_NE(outcome.out.find("Example: xive-cosim "), std::string::npos) << outcome.out;
}

INSTANTIATE_TEST_SUITE_P(
    Commands, Help,
    testing::Values(std::vector<std::string>{}, std::vector<std::string>{"validate"},
                    std::vector<std::string>{"replay"}, std::vector<std::string>{"rules"},
                    std::vector<std::string>{"config"}, std::vector<std::string>{"config", "check"},
                    std::vector<std::string>{"config", "dump"},
                    std::vector<std::string>{"config", "schema"},
                    std::vector<std::string>{"version"}));

}  // namespace
}  // namespace xive::cli
