// SPDX-License-Identifier: Apache-2.0
#include "tb/result/record.h"

#include <gtest/gtest.h>

namespace xive::result {
namespace {

Record sample() {
  Record record;
  record.suite = "load";
  record.settings = {{"platform.cores", "2"}, {"run.vps", "64"}};
  record.seed = 3;
  record.config_hash = "c0ff";
  record.build = {"0.1.0", "0123456789ab", true, {{"verilator", "5.006"}}};
  record.verdict = Verdict::Fail;
  record.digest = "00ff";
  record.rules = {{"CHK-EQ", 10, 1}};
  record.metrics = {{"trip.ipi.to_eoi.p99_ns", 1234.5}};
  record.failures = {"CHK-EQ at 123 ns: entry 0x80 of END 7 overwritten"};
  record.reproduce = "xive-cosim run --config config.yaml";
  record.host = {{"wall_s", 0.5}};
  return record;
}

TEST(Record, SurvivesJson) {
  const Record record = sample();
  const Record back =
      from_json(Json::parse(to_json(record).dump()), Json::parse(host_json(record).dump()));
  EXPECT_EQ(to_json(back), to_json(record));
  EXPECT_EQ(back.host, record.host);
  EXPECT_EQ(back.rules, record.rules);
}

TEST(Record, ResultsOfEarlierVersionsHaveNoConfigurationHash) {
  Json json = to_json(sample());
  json.erase("config_hash");
  EXPECT_EQ(from_json(json, nullptr).config_hash, "");
}

TEST(Record, TheHostIsNotPartOfTheResult) {
  Record other = sample();
  other.host["wall_s"] = 77;
  EXPECT_EQ(to_json(other).dump(), to_json(sample()).dump());
}

TEST(Record, KeyIsSuiteSettingsAndSeedOnly) {
  Record other = sample();
  other.build.commit = "ffffffffffff";
  other.digest = "1";
  EXPECT_EQ(other.key(), sample().key());
  EXPECT_EQ(sample().key(), "load|platform.cores=2|run.vps=64|seed=3");
  other.seed = 4;
  EXPECT_NE(other.key(), sample().key());
}

TEST(Record, SignatureForgetsNumbersAndPathsButNotRules) {
  EXPECT_EQ(sample().signature(), "fail: CHK-EQ at # ns: entry # of END # overwritten");
  EXPECT_EQ(normalised("cannot read /a/b-1/c.elf (3)"), "cannot read # (#)");
  EXPECT_EQ(normalised("expected latency.ipi.source_to_eoi.p99_ns < 200.5, found 1e3"),
            "expected latency.ipi.source_to_eoi.p99_ns < #, found #");
  EXPECT_EQ(normalised("wave12.fst of p9"), "#.fst of p9");
  EXPECT_EQ(normalised("TIMA-P55 thread 3 of core0"), "TIMA-P55 thread # of #");
  Record passed = sample();
  passed.verdict = Verdict::Pass;
  EXPECT_EQ(passed.signature(), "");
  Record silent = sample();
  silent.failures.clear();
  silent.verdict = Verdict::Timeout;
  EXPECT_EQ(silent.signature(), "timeout");
}

TEST(Record, DamagedTextIsRefused) {
  Json json = to_json(sample());
  json["verdict"] = "maybe";
  EXPECT_THROW(from_json(json, nullptr), RecordError);
  json = to_json(sample());
  json["record"] = 99;
  EXPECT_THROW(from_json(json, nullptr), RecordError);
  json = to_json(sample());
  json.erase("digest");
  EXPECT_THROW(from_json(json, nullptr), RecordError);
  EXPECT_THROW(from_json(Json::parse("[]"), nullptr), RecordError);
}

}  // namespace
}  // namespace xive::result
