// SPDX-License-Identifier: Apache-2.0
/// From a fault in the RTL to a capsule that shows it again. This program is its own replay
/// command.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "bridge/testing/fst_file.h"
#include "tb/host/files.h"
#include "tb/validate/mutants.h"
#include "tb/validate/test_support.h"

namespace xive::validate {
namespace {

using bridge::testing::FstFile;
using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::Folder;
using testing_support::Output;
using testing_support::replay;
using testing_support::validate;

ValidateOptions mutant(const Folder& folder, unsigned number) {
  ValidateOptions options;
  options.ops = 60'000;
  options.shard_ops = 20'000;
  options.seed = 5;
  options.mutant = number;
  options.out = (folder / "out").string();
  options.json = (folder / "result.json").string();
  options.progress = Progress::Off;
  options.shrink_seconds = 8;
  options.build = {"1.2.3", "abc", false};
  return options;
}

class CapsuleOfMutant : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder("capsule");
    const ValidateOptions options = mutant(*folder_, 13);
    output_ = new Output(validate(options));
    result_ = new json(json::parse(host::read_file(options.json)));
  }
  static void TearDownTestSuite() {
    delete folder_;
    delete output_;
    delete result_;
  }
  void SetUp() override { ASSERT_EQ(output_->code, 1) << output_->out << output_->err; }

  static std::filesystem::path capsule() { return result_->at("capsule").get<std::string>(); }
  static json head() { return json::parse(host::read_file(capsule() / "capsule.json")); }
  /// A copy that a test may damage.
  static std::filesystem::path copy(const std::string& name) {
    const std::filesystem::path to = *folder_ / name;
    std::filesystem::copy(capsule(), to, std::filesystem::copy_options::recursive);
    return to;
  }
  static Output replay_of(const std::filesystem::path& path, bool shrunk = false) {
    ReplayOptions options;
    options.capsule = path.string();
    options.shrunk = shrunk;
    return replay(options);
  }

  static Folder* folder_;
  static Output* output_;
  static json* result_;
};
Folder* CapsuleOfMutant::folder_ = nullptr;
Output* CapsuleOfMutant::output_ = nullptr;
json* CapsuleOfMutant::result_ = nullptr;

TEST_F(CapsuleOfMutant, SummaryNamesRuleAndCapsule) {
  EXPECT_THAT(output_->out, HasSubstr("FAIL         "));
  EXPECT_THAT(output_->out, HasSubstr(capsule().string()));
  EXPECT_THAT(output_->out, HasSubstr("shrunk from "));
  EXPECT_EQ(result_->at("verdict"), "FAIL");
  EXPECT_FALSE(result_->at("finding").at("rule").get<std::string>().empty());
}

TEST_F(CapsuleOfMutant, IsComplete) {
  const json value = head();
  EXPECT_EQ(value.at("commit"), "abc");
  EXPECT_EQ(value.at("configuration").at("mutant"), 13);
  EXPECT_EQ(value.at("run").at("seed"), 5);
  EXPECT_EQ(value.at("violation").at("rule"), result_->at("finding").at("rule"));
  EXPECT_EQ(value.at("violation").at("cycle"), result_->at("finding").at("cycle"));
  EXPECT_EQ(value.at("list_reproduces"), true);
  EXPECT_EQ(value.at("reproduction").at("reproduced"), true) << value.at("reproduction").dump();
  EXPECT_EQ(value.at("reproduction").at("exit_code"), 1);
  const std::string log = host::read_file(capsule() / "events.log");
  EXPECT_THAT(log, HasSubstr("VIOLATION"));
  EXPECT_THAT(log, HasSubstr(value.at("violation").at("rule").get<std::string>()));
  std::size_t records = 0;
  std::istringstream lines(host::read_file(capsule() / "events.jsonl"));
  for (std::string line; std::getline(lines, line); ++records) {
    ASSERT_NO_THROW(json::parse(line)) << line;
  }
  EXPECT_GT(records, 50U);
  const std::string states = host::read_file(capsule() / "states.txt");
  for (const char* part : {"before, device", "before, reference", "after, device",
                           "after, reference", "reference -> device: "}) {
    EXPECT_THAT(states, HasSubstr(part));
  }
}

TEST_F(CapsuleOfMutant, WavesHoldTheSignalsOfTheBlockAroundTheViolation) {
  const FstFile waves(capsule() / "waves.fst");
  for (const char* signal :
       {"mm_req_valid_i", "pm_rsp_match_o", "os_ext_o", "hv_ext_o", "rq_valid_o", "ctx_q[0]"}) {
    EXPECT_TRUE(waves.has(signal)) << signal;
  }
  // From the cycle that the capsule names; and the clock ticks in the cycle of the violation.
  const auto from = head().at("waves_from_cycle").get<std::uint64_t>();
  const auto violation = head().at("violation").at("cycle").get<std::uint64_t>();
  std::set<std::uint64_t> ticks;
  for (const FstFile::Change& change : waves.changes("clk_i")) ticks.insert(change.time / 10);
  EXPECT_LE(from, violation);
  EXPECT_LE(*ticks.begin(), from + 1);
  EXPECT_TRUE(ticks.contains(violation));
}

TEST_F(CapsuleOfMutant, ReplayFindsTheSameRuleInTheSameCycle) {
  const Output output = replay_of(capsule());
  EXPECT_EQ(output.code, 1);
  const json violation = head().at("violation");
  EXPECT_THAT(output.out, HasSubstr(fmt::format("REPRODUCED   {} in cycle {}",
                                                violation.at("rule").get<std::string>(),
                                                violation.at("cycle").get<std::uint64_t>())));
}

TEST_F(CapsuleOfMutant, ShrunkListIsShorterAndFiresTheSameRule) {
  const json value = head();
  ASSERT_TRUE(value.contains("shrunk"));
  EXPECT_LT(value.at("shrunk").at("operations").get<int>(), 30);
  EXPECT_EQ(value.at("shrunk").at("violation").at("rule"), value.at("violation").at("rule"));
  const Output output = replay_of(capsule(), true);
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.out, HasSubstr("REPRODUCED"));
}

TEST_F(CapsuleOfMutant, ReproduceScriptWorks) {
  const std::string command = (capsule() / "reproduce.sh").string() + " > /dev/null 2>&1";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST_F(CapsuleOfMutant, ReplayOnAMendedDeviceIsGood) {
  const std::filesystem::path mended = copy("mended");
  json value = json::parse(host::read_file(mended / "capsule.json"));
  value["configuration"]["mutant"] = 0;
  host::write_file(mended / "capsule.json", value.dump());
  const Output output = replay_of(mended);
  EXPECT_EQ(output.code, 0);
  EXPECT_THAT(output.out, HasSubstr("GONE"));
}

TEST_F(CapsuleOfMutant, ReplayWithWavesWritesThem) {
  const std::filesystem::path folder = copy("with-waves");
  ReplayOptions options;
  options.capsule = folder.string();
  options.waves = true;
  options.json = (folder / "replay.json").string();
  EXPECT_EQ(replay(options).code, 1);
  const FstFile waves(folder / "replay.fst");
  EXPECT_GT(waves.changes("ctx_q[0]").size(), 2U);
  EXPECT_EQ(json::parse(host::read_file(options.json)).at("outcome"), "reproduced");
}

TEST_F(CapsuleOfMutant, DamagedCapsulesAreRefused) {
  const auto message = [&](const std::string& name, auto damage) {
    const std::filesystem::path folder = copy(name);
    damage(folder);
    const Output output = replay_of(folder);
    EXPECT_EQ(output.code, 2) << name;
    EXPECT_THAT(output.err, StartsWith("xive-cosim: error: ")) << name;
    return output.err;
  };
  EXPECT_THAT(
      message("cut", [](const auto& f) { std::filesystem::resize_file(f / "capsule.json", 100); }),
      HasSubstr("capsule.json: damaged capsule: "));
  EXPECT_THAT(
      message("cut-list",
              [](const auto& f) { std::filesystem::resize_file(f / "stimulus.jsonl", 1000); }),
      HasSubstr("stimulus.jsonl was changed or cut"));
  EXPECT_THAT(
      message("no-list", [](const auto& f) { std::filesystem::remove(f / "stimulus.jsonl"); }),
      HasSubstr("stimulus.jsonl: cannot be read: No such file or directory"));
  EXPECT_THAT(message("other", [](const auto& f) { host::write_file(f / "capsule.json", "{}"); }),
              HasSubstr("not a capsule of validate"));
  EXPECT_THAT(message("future",
                      [](const auto& f) {
                        json value = json::parse(host::read_file(f / "capsule.json"));
                        value["format"] = 99;
                        host::write_file(f / "capsule.json", value.dump());
                      }),
              HasSubstr("format 99, this program reads format 1"));
  EXPECT_THAT(message("empty", [](const auto& f) { host::write_file(f / "capsule.json", ""); }),
              HasSubstr("damaged capsule"));
  EXPECT_THAT(message("gone", [](const auto& f) { std::filesystem::remove_all(f); }),
              HasSubstr("no such capsule folder"));
}

TEST(Mutants, ATableOfTheCaughtAndTheSurvivors) {
  const Folder folder("mutants");
  host::write_file(folder / "list.json",
                   R"({"mutants": [{"number": 1, "name": "line stays up"},
                             {"number": 36, "name": "CPPR as it is"},
                             {"number": 7, "name": "other", "generations": [2]}]})");
  ValidateOptions options;
  options.mutants = true;
  options.mutant_list = (folder / "list.json").string();
  options.out = (folder / "out").string();
  options.json = (folder / "result.json").string();
  options.progress = Progress::Off;
  options.jobs = 2;
  Output output = validate(options);
  EXPECT_EQ(output.code, 0) << output.out << output.err;
  EXPECT_THAT(output.out, HasSubstr("PASS  2 of 2 mutants were caught"));
  const json value = json::parse(host::read_file(options.json));
  EXPECT_EQ(value.at("mutants").size(), 2U);
  EXPECT_EQ(value.at("mutants").at(1).at("id"), "H36");

  // Too few operations to find anything: it survives, and the run fails.
  options.mutant_ops = 1;
  output = validate(options);
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.out, HasSubstr("SURVIVED"));
  EXPECT_THAT(output.out, HasSubstr("FAIL  0 of 2 mutants were caught"));

  host::write_file(folder / "list.json", "[]");
  output = validate(options);
  EXPECT_EQ(output.code, 2);
  EXPECT_THAT(output.err, HasSubstr("not a catalogue of mutants"));
}

}  // namespace
}  // namespace xive::validate

int main(int argc, char** argv) {
  if (argc > 2 && std::string(argv[1]) == "replay") {
    xive::validate::ReplayOptions options;
    options.capsule = argv[2];
    if (argc > 4 && std::string(argv[3]) == "--json") options.json = argv[4];
    return xive::validate::run_replay_on(options, xive::validate::make_subject, std::cout,
                                         std::cerr);
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
