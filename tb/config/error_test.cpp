// SPDX-License-Identifier: Apache-2.0
// Wrong configuration files, each with the complete text of its error.
#include "tb/config/error.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>

#include "tb/config/config.h"
#include "tb/config/source.h"

namespace xive::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeys =
    "generation, threads, tima, random_knobs, knobs, mutant, seed, ops, minutes, shard_ops, jobs, "
    "stalls, skip_idle, shrink, shrink_seconds, mutant_ops";

/// The error of loading `path`, empty when it is good.
std::string error_of_file(const std::string& path) {
  Document<Config> document{config_schema()};
  try {
    document.load(path);
    document.verify();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

struct Case {
  const char* name;
  std::string text;
  std::string error;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class WrongFile : public testing::TestWithParam<Case> {
 protected:
  WrongFile()
      : folder_(fs::path(testing::TempDir()) / (std::string("config_error_") + GetParam().name)) {
    fs::create_directories(folder_);
    fs::current_path(folder_);
  }
  ~WrongFile() override {
    fs::current_path("/");
    fs::remove_all(folder_);
  }

 private:
  fs::path folder_;
};

TEST_P(WrongFile, GivesOneCompleteError) {
  std::ofstream("c.yaml", std::ios::binary) << GetParam().text;
  EXPECT_EQ(error_of_file("c.yaml"), GetParam().error);
}

std::vector<Case> cases() {
  const std::string keys = kKeys;
  return {
      {"UnknownSection", "validat:\n  seed: 1\n",
       "c.yaml:1: expected one of validate, platform, run, boot, scenario, found unknown key "
       "'validat'; did you mean 'validate'?"},
      {"UnknownKeyNear", "validate:\n  seed: 1\n  opps: 10\n",
       "c.yaml:3: validate: expected one of " + keys +
           ", found unknown key 'opps'; did you mean 'ops'?"},
      {"UnknownKeyFar", "validate:\n  bananas: 10\n",
       "c.yaml:2: validate: expected one of " + keys + ", found unknown key 'bananas'"},
      {"UnknownKnob", "validate:\n  knobs:\n    user-rings: true\n",
       "c.yaml:3: validate.knobs: expected one of ack_recompute, pull64_lo, g1_pool_push, "
       "save_clr_ipb, pool_cppr, lsmfb_min, low400_alias, user_ring, cppr_load, found unknown key "
       "'user-rings'; did you mean 'user_ring'?"},
      {"DuplicateKey", "validate:\n  seed: 1\n  ops: 5\n  seed: 2\n",
       "c.yaml:4: validate.seed: expected each key once, found it a second time"},
      {"DuplicateSection", "validate: {seed: 1}\nvalidate: {seed: 2}\n",
       "c.yaml:2: validate: expected each key once, found it a second time"},
      {"WordForInteger", "validate:\n  threads: four\n",
       "c.yaml:2: validate.threads: expected an integer from 1 to 8, found 'four'"},
      {"StringForInteger", "validate:\n  threads: \"4\"\n",
       "c.yaml:2: validate.threads: expected an integer from 1 to 8, found the string '4'"},
      {"FractionForInteger", "validate:\n  jobs: 1.5\n",
       "c.yaml:2: validate.jobs: expected an integer from 0 to 1024, found '1.5'"},
      {"TooSmall", "validate:\n  threads: 0\n",
       "c.yaml:2: validate.threads: expected an integer from 1 to 8, found '0'"},
      {"TooLarge", "validate:\n  threads: 9\n",
       "c.yaml:2: validate.threads: expected an integer from 1 to 8, found '9'"},
      {"Negative", "validate:\n  seed: -1\n",
       "c.yaml:2: validate.seed: expected an integer of at least 0, found '-1'"},
      {"Above64Bits", "validate:\n  seed: 18446744073709551616\n",
       "c.yaml:2: validate.seed: expected an integer of at least 0, found '18446744073709551616'"},
      {"RealOutOfRange", "validate:\n  minutes: 1e9\n",
       "c.yaml:2: validate.minutes: expected a number from 0 to 10080, found '1e9'"},
      {"NotANumber", "validate:\n  minutes: .nan\n",
       "c.yaml:2: validate.minutes: expected a number from 0 to 10080, found '.nan'"},
      {"YesForBoolean", "validate:\n  stalls: yes\n",
       "c.yaml:2: validate.stalls: expected true or false, found 'yes'; did you mean 'true'?"},
      {"MisspeltBoolean", "validate:\n  stalls: flase\n",
       "c.yaml:2: validate.stalls: expected true or false, found 'flase'; did you mean 'false'?"},
      {"MisspeltChoice", "validate:\n  tima: lock-step\n",
       "c.yaml:2: validate.tima: expected one of model, rtl, lockstep, found 'lock-step'; "
       "did you mean 'lockstep'?"},
      {"ListForScalar", "validate:\n  seed: [1, 2]\n",
       "c.yaml:2: validate.seed: expected an integer of at least 0, found a list"},
      {"MappingForScalar", "validate:\n  ops:\n    count: 1\n",
       "c.yaml:3: validate.ops: expected an integer from 0 to 1000000000000, found a mapping of "
       "keys"},
      {"ScalarForSection", "validate: 7\n",
       "c.yaml:1: validate: expected a mapping of keys, found '7'"},
      {"EmptyValue", "validate:\n  seed:\n  ops: 1\n",
       "c.yaml:2: validate.seed: expected an integer of at least 0, found nothing"},
      {"EmptySection", "validate:\n",
       "c.yaml:1: validate: expected a mapping of keys, found nothing"},
      {"Constraint", "validate:\n  seed: 3\n  ops: 0\n",
       "c.yaml:3: validate.ops: expected at least 1 while minutes is 0, found 0"},
      {"LongValueIsCut", "validate:\n  tima: " + std::string(500, 'x') + "\n",
       "c.yaml:2: validate.tima: expected one of model, rtl, lockstep, found '" +
           std::string(40, 'x') + "...'"},
      {"ListAtTop", "- 1\n", "c.yaml:1: expected a mapping of keys, found a list"},
      {"WordAtTop", "\nhello\n", "c.yaml:2: expected a mapping of keys, found 'hello'"},
      {"ListAsKey", "? [a, b]\n: 1\n", "c.yaml:1: expected a key, found a list"},
      {"Empty", "", "c.yaml: expected a mapping of keys, found an empty file"},
      {"OnlyComments", "# nothing\n\n", "c.yaml: expected a mapping of keys, found an empty file"},
      {"TwoDocuments", "validate: {}\n---\nvalidate: {}\n",
       "c.yaml: expected one YAML document, found 2 documents"},
      {"NotYaml", "validate:\n  seed: [1, 2\n",
       "c.yaml:3: expected YAML, found end of sequence flow not found"},
      {"UnknownAlias", "validate:\n  seed: *nobody\n",
       "c.yaml:2: expected YAML, found the referenced anchor is not defined"},
      {"TabIndentation", "validate:\n\tseed: 1\n",
       "c.yaml:2: expected spaces as indentation, found a tab"},
      {"BadUtf8", "validate:\n  seed: 1 # \xff\n",
       "c.yaml:2: expected UTF-8 text, found byte 0xff"},
      {"OverlongUtf8", "# \xc0\xaf\n", "c.yaml:1: expected UTF-8 text, found byte 0xc0"},
      {"Binary",
       std::string("\x7f"
                   "ELF\0\1",
                   6),
       "c.yaml:1: expected text, found control character 0x7f"},
      {"Huge", std::string(kMaxFileBytes + 1, '#'),
       "c.yaml: expected a configuration file of at most 1048576 bytes, found a larger one"},
  };
}

INSTANTIATE_TEST_SUITE_P(Config, WrongFile, testing::ValuesIn(cases()),
                         [](const auto& param) { return std::string(param.param.name); });

class WrongPath : public testing::Test {
 protected:
  WrongPath() : folder_(fs::path(testing::TempDir()) / "config_wrong_path") {
    fs::create_directories(folder_ / "folder");
    fs::current_path(folder_);
    std::ofstream("nightly.yaml") << "validate: {}\n";
  }
  ~WrongPath() override {
    fs::current_path("/");
    fs::remove_all(folder_);
  }

 private:
  fs::path folder_;
};

TEST_F(WrongPath, Missing) {
  EXPECT_EQ(error_of_file("nothing.yaml"),
            "nothing.yaml: expected a configuration file, found no such file");
}

TEST_F(WrongPath, MissingWithASimilarOneBesideIt) {
  EXPECT_EQ(error_of_file("./nihgtly.yaml"),
            "./nihgtly.yaml: expected a configuration file, found no such file; "
            "did you mean './nightly.yaml'?");
}

TEST_F(WrongPath, NoName) {
  EXPECT_EQ(error_of_file(""), "(empty name): expected a configuration file, found no file name");
}

TEST_F(WrongPath, Directory) {
  EXPECT_EQ(error_of_file("folder"), "folder: expected a configuration file, found a directory");
}

TEST_F(WrongPath, Device) {
  EXPECT_EQ(error_of_file("/dev/zero"),
            "/dev/zero: expected a configuration file, found no regular file");
}

TEST_F(WrongPath, FileAsFolder) {
  EXPECT_EQ(error_of_file("nightly.yaml/x.yaml"),
            "nightly.yaml/x.yaml: expected a configuration file, found no such file");
}

TEST_F(WrongPath, LoopOfLinks) {
  fs::create_symlink("loop.yaml", "loop.yaml");
  EXPECT_EQ(error_of_file("loop.yaml"),
            "loop.yaml: expected a configuration file, found Too many levels of symbolic links");
}

TEST_F(WrongPath, ReadError) {
  // A regular file whose first page cannot be read, for every user.
  EXPECT_EQ(error_of_file("/proc/self/mem"),
            "/proc/self/mem: expected a readable file, found Input/output error");
}

TEST_F(WrongPath, NoPermission) {
  fs::permissions("nightly.yaml", fs::perms::none);
  if (std::ifstream("nightly.yaml").good()) {
    GTEST_SKIP() << "the superuser may read everything; ReadError covers an unreadable file";
  }
  EXPECT_EQ(error_of_file("nightly.yaml"),
            "nightly.yaml: expected a readable file, found Permission denied");
}

TEST(ConfigErrorParts, AreThereForPrograms) {
  Document<Config> document{config_schema()};
  try {
    document.set("validate.threads", "9", "--threads");
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.problem().kind, Problem::Kind::Range);
    EXPECT_EQ(error.problem().origin.kind, Origin::Kind::CommandLine);
    EXPECT_EQ(error.problem().origin.name, "--threads");
    EXPECT_EQ(error.problem().expected, "an integer from 1 to 8");
    EXPECT_STREQ(error.what(), "--threads: expected an integer from 1 to 8, found '9'");
  }
}

}  // namespace
}  // namespace xive::config
