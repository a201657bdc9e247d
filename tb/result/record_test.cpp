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

TEST(Record, SurvivesTheFile) {
  const Record record = sample();
  const Record back = from_text(to_text(record), host_text(record));
  EXPECT_EQ(to_text(back), to_text(record));
  EXPECT_EQ(back.host, record.host);
  EXPECT_EQ(back.rules, record.rules);
}

TEST(Record, ResultsOfEarlierVersionsHaveNoConfigurationHash) {
  Json json = Json::parse(to_text(sample()));
  json.erase("config_hash");
  EXPECT_EQ(from_text(json.dump()).config_hash, "");
}

TEST(Record, TheHostIsNotPartOfTheResult) {
  Record other = sample();
  other.host["wall_s"] = 77;
  EXPECT_EQ(to_text(other), to_text(sample()));
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
  const Json good = Json::parse(to_text(sample()));
  const auto with = [&good](const char* key, const Json& value) {
    Json json = good;
    json[key] = value;
    return json.dump();
  };
  EXPECT_THROW(from_text(with("verdict", "maybe")), RecordError);
  EXPECT_THROW(from_text(with("record", 99)), RecordError);
  EXPECT_THROW(from_text(with("digest", nullptr)), RecordError);
  Json without = good;
  without.erase("digest");
  EXPECT_THROW(from_text(without.dump()), RecordError);
  EXPECT_THROW(from_text("[]"), RecordError);
  EXPECT_THROW(from_text(good.dump().substr(0, 100)), RecordError);
  EXPECT_THROW(from_text(good.dump(), "{}"), RecordError);
}

}  // namespace
}  // namespace xive::result
