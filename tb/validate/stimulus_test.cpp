// SPDX-License-Identifier: Apache-2.0
/// The generator and the bench on the reference model: fast, and independent of the RTL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tb/host/files.h"
#include "tb/validate/operation_json.h"
#include "tb/validate/recording.h"
#include "tb/validate/shard.h"
#include "tb/validate/shrink.h"

namespace xive::validate {
namespace {

ShardConfig shard(std::uint64_t number, std::uint64_t ops = 20'000, std::uint64_t seed = 1) {
  ShardLimits limits;
  limits.run_seed = seed;
  limits.ops = ops;
  return draw_shard(limits, number);
}

SubjectOptions model(const ShardConfig& config) {
  return subject_options(config, TimaKind::Model, 0, true);
}

TEST(Generator, SameSeedSameRunOtherSeedOtherRun) {
  const ShardConfig config = shard(0);
  const ShardResult first = run_shard(config, model(config), make_subject);
  const ShardResult second = run_shard(config, model(config), make_subject);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.counters, second.counters);
  EXPECT_EQ(first.operations, 20'000U);
  const ShardConfig other = shard(0, 20'000, 2);
  EXPECT_NE(run_shard(other, model(other), make_subject).digest, first.digest);
}

TEST(Generator, EveryClassAndEveryInterestingThingComesUp) {
  Counters sum;
  for (std::uint64_t number = 0; number < 30; ++number) {
    const ShardConfig config = shard(number);
    const ShardResult result = run_shard(config, model(config), make_subject);
    EXPECT_FALSE(result.finding) << "shard " << number << ": " << result.finding->rule << " "
                                 << result.finding->detail;
    sum.add(result.counters);
  }
  for (std::size_t i = 0; i < kOpClasses; ++i) {
    EXPECT_GT(sum.operations[i], 0U) << name(static_cast<OpClass>(i));
  }
  for (std::size_t i = 0; i < kSeen; ++i) {
    EXPECT_GT(sum.seen[i], 0U) << name(static_cast<Seen>(i));
  }
}

TEST(Generator, AShortRunFindsThreadsWithFormat1) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const ShardConfig config = shard(0, 50'000, seed);
    const ShardResult result = run_shard(config, model(config), make_subject);
    EXPECT_GE(result.counters.seen[static_cast<std::size_t>(Seen::MatchUser)], 5U) << seed;
  }
}

TEST(Generator, ShardsCoverKnobsAndProfiles) {
  unsigned profiles = 0;
  unsigned pool_push = 0;
  unsigned user_ring = 0;
  for (std::uint64_t number = 0; number < 64; ++number) {
    const ShardConfig config = shard(number);
    profiles |= 1U << static_cast<unsigned>(config.profile);
    pool_push += config.params.knobs.g1_pool_push ? 1U : 0U;
    user_ring += config.params.knobs.user_ring ? 1U : 0U;
  }
  EXPECT_EQ(profiles, 15U);
  EXPECT_GT(pool_push, 4U);
  EXPECT_GT(user_ring, 4U);
}

TEST(Generator, FixedKnobsAreTaken) {
  ShardLimits limits;
  limits.random_knobs = false;
  limits.knobs.cppr_load = true;
  for (std::uint64_t number = 0; number < 8; ++number) {
    EXPECT_EQ(draw_shard(limits, number).params.knobs, limits.knobs);
  }
}

TEST(Recording, AListGivesTheSameRunAsItsGenerator) {
  for (std::uint64_t number = 0; number < 6; ++number) {
    const ShardConfig config = shard(number, 5'000);
    Recorder recorder;
    ShardRun run;
    run.tap = &recorder;
    const ShardResult generated = run_shard(config, model(config), make_subject, run);
    ASSERT_EQ(recorder.operations().size(), 5'000U);
    RecordedStimulus stimulus(recorder.operations());
    const ShardResult replayed = run_shard(config, model(config), make_subject, {}, &stimulus);
    EXPECT_EQ(replayed.digest, generated.digest) << "shard " << number;
  }
}

class Files : public testing::Test {
 protected:
  Files()
      : folder_(std::filesystem::temp_directory_path() /
                ("xive-validate-files-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Files() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(Files, OperationsSurviveTheWayThroughAFile) {
  const ShardConfig config = shard(5, 5'000);
  Recorder recorder;
  ShardRun run;
  run.tap = &recorder;
  run_shard(config, model(config), make_subject, run);
  write_operations(folder_ / "list.jsonl", recorder.operations());
  const std::vector<Operation> read = read_operations(folder_ / "list.jsonl");
  RecordedStimulus original(recorder.operations());
  RecordedStimulus copy(read);
  ASSERT_EQ(read.size(), recorder.operations().size());
  EXPECT_EQ(run_shard(config, model(config), make_subject, {}, &copy).digest,
            run_shard(config, model(config), make_subject, {}, &original).digest);
}

TEST_F(Files, ADamagedListIsRefusedWithItsLine) {
  Operation op;
  op.kind = OpKind::Reset;
  op.op_class = OpClass::Reset;
  const std::string good = to_json_line(op, 1) + "\n";
  const auto message = [&](const std::string& text) -> std::string {
    host::write_file(folder_ / "list.jsonl", text);
    try {
      read_operations(folder_ / "list.jsonl");
    } catch (const FormatError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message(good), testing::StrEq("accepted"));
  EXPECT_THAT(message(good + "{\"kind\":"), testing::HasSubstr("list.jsonl:2: not an operation"));
  EXPECT_THAT(message(good + good.substr(0, good.size() / 2)), testing::HasSubstr(":2:"));
  EXPECT_THAT(message(""), testing::HasSubstr("holds no operation"));
  EXPECT_THAT(
      message("{\"cycle\":1,\"kind\":\"enable\",\"class\":\"enable-change\",\"mask\":256}\n"),
      testing::HasSubstr("number too large: 256"));
  EXPECT_THAT(message("{\"cycle\":1,\"kind\":\"jump\",\"class\":\"reset\"}\n"),
              testing::HasSubstr("unknown name: jump"));
  std::filesystem::remove(folder_ / "list.jsonl");
  EXPECT_THROW(read_operations(folder_ / "list.jsonl"), FormatError);
}

std::vector<Operation> numbered(std::size_t count) {
  std::vector<Operation> list(count);
  for (std::size_t i = 0; i < count; ++i) {
    list[i].cycle = 100 + i;
    list[i].mmio.wdata = i;
  }
  return list;
}

TEST(Shrink, FindsTheFewThatMatter) {
  // Fails only while operations 3, 500 and 777 are there, in this order.
  const StillFails fails = [](const std::vector<Operation>& list) {
    const std::array<std::uint64_t, 3> needed{3, 500, 777};
    std::size_t found = 0;
    for (const Operation& op : list) {
      if (found < needed.size() && op.mmio.wdata == needed.at(found)) ++found;
    }
    return found == needed.size();
  };
  const ShrinkResult result = shrink(numbered(1000), fails, [] { return false; });
  ASSERT_EQ(result.operations.size(), 3U);
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.operations[1].mmio.wdata, 500U);
  EXPECT_EQ(result.operations[0].cycle, 1U) << "moved to the start";
  EXPECT_LT(result.attempts, 300U);
}

TEST(Shrink, StopsWhenTimeIsUpAndKeepsWhatItHas) {
  int calls = 0;
  const StillFails fails = [](const std::vector<Operation>& list) {
    return !list.empty() && list.back().mmio.wdata == 999;
  };
  const ShrinkResult result = shrink(numbered(1000), fails, [&] { return ++calls > 1; });
  EXPECT_FALSE(result.complete);
  EXPECT_TRUE(fails(result.operations));
}

}  // namespace
}  // namespace xive::validate
