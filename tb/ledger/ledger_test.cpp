// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "tb/ledger/testing.h"

namespace xive::ledger {
namespace {

using result::Record;
using result::Verdict;
using testing::batch;
using ::testing::HasSubstr;
using testing::record;
using testing::TemporaryFolder;

TEST(Ledger, GivesBackWhatWasAdded) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  Record failed = record(2);
  failed.verdict = Verdict::Fail;
  failed.failures = {"CHK-EQ at 12 ns", "more"};
  failed.rules = {{"CHK-EQ", 5, 1}};
  failed.config_hash = "c0ff";
  failed.metrics["rare"] = 1.0 / 3;
  const std::int64_t id = ledger.add(batch("night", "0123456789ab"), {record(1), failed});

  const std::vector<Batch> batches = ledger.batches();
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0].id, id);
  EXPECT_EQ(batches[0].name, "night");
  EXPECT_EQ(batches[0].build.commit, "0123456789ab");
  EXPECT_EQ(batches[0].build.tools.at("verilator"), "5.006");
  EXPECT_EQ(batches[0].runs, 2U);
  EXPECT_EQ(batches[0].passed, 1U);

  const std::vector<ledger::Run> runs = ledger.runs(id);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].key, record(1).key());
  EXPECT_EQ(runs[1].verdict, Verdict::Fail);
  EXPECT_EQ(runs[1].failure, "CHK-EQ at 12 ns");
  EXPECT_EQ(runs[1].signature, "fail: CHK-EQ at # ns");
  EXPECT_EQ(runs[1].config_hash, "c0ff");
  const Columns metrics = ledger.metrics(runs, Origin::Simulated);
  ASSERT_EQ(metrics.size(), 2U);
  EXPECT_EQ(metrics.at("hop_ns"), (std::vector<double>{100, 100}));
  EXPECT_TRUE(std::isnan(metrics.at("rare")[0])) << "a run that does not have it";
  EXPECT_EQ(metrics.at("rare")[1], 1.0 / 3) << "to the last bit";
  EXPECT_EQ(ledger.metrics(runs, Origin::Host).at("wall_s"), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(ledger.means(id).at("rare"), 1.0 / 3) << "of the runs that have it";
  EXPECT_THAT(ledger.rules(id), ::testing::ElementsAre(result::RuleCount{"CHK-EQ", 15, 1}));
}

TEST(Ledger, FindsBatches) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1)});
  ledger.add(batch("other", "bbbbbbbbbbbb"), {record(1)});
  ledger.add(batch("night", "cccccccccccc"), {record(1)});
  EXPECT_EQ(ledger.find("latest").id, 3);
  EXPECT_EQ(ledger.find("previous").id, 1) << "of the same name";
  EXPECT_EQ(ledger.find("2").name, "other");
  EXPECT_EQ(ledger.find("aaaaaa").id, 1);
  try {
    ledger.find("zzz");
    FAIL();
  } catch (const UnknownBatch& error) {
    EXPECT_THAT(error.what(), HasSubstr("found 'zzz'"));
    EXPECT_THAT(error.what(), HasSubstr("3 (night of commit cccccccccccc)"));
  }
}

TEST(Ledger, Trend) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  for (const double value : {100.0, 110.0, 120.0}) {
    Record one = record(1);
    one.metrics["hop_ns"] = value;
    ledger.add(batch("night", "aaaaaaaaaaaa"), {one, record(2)});
  }
  const auto points = ledger.trend(record(1).key(), "hop_ns");
  ASSERT_EQ(points.size(), 3U);
  EXPECT_DOUBLE_EQ(points[2].value, 120);
  EXPECT_TRUE(ledger.trend(record(1).key(), "none").empty());
  EXPECT_TRUE(ledger.trend("none", "hop_ns").empty());
  const auto means = ledger.trend_of_means("night", "hop_ns");
  ASSERT_EQ(means.size(), 3U);
  EXPECT_DOUBLE_EQ(means[2].value, 110);
  EXPECT_TRUE(ledger.trend_of_means("other", "hop_ns").empty());
}

TEST(Ledger, NothingIsEverChanged) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1)});
  EXPECT_THROW(ledger.database().run("DELETE FROM run"), LedgerError);
  EXPECT_THROW(ledger.database().run("UPDATE run SET verdict = 'pass'"), LedgerError);
  EXPECT_THROW(ledger.database().run("UPDATE measured SET simulated = ''"), LedgerError);
  EXPECT_THROW(ledger.database().run("UPDATE batch_metric SET mean = 0"), LedgerError);
  EXPECT_THROW(ledger.database().run("DELETE FROM batch"), LedgerError);
}

TEST(Ledger, ABatchIsWholeOrNotThere) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  // The same job twice cannot be.
  EXPECT_THROW(ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1), record(1)}), LedgerError);
  EXPECT_TRUE(ledger.batches().empty());
  ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1)});
  EXPECT_EQ(ledger.means(ledger.find("latest").id).size(), 1U);
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const LedgerError& error) {
    return error.what();
  }
  return "no error";
}

std::string opening(const std::string& path, Database::Mode mode) {
  return error_of([&] { Ledger ledger(path, mode, std::chrono::milliseconds{20}); });
}

TEST(Ledger, WhatIsNoLedgerIsRefused) {
  const TemporaryFolder folder;
  EXPECT_THAT(opening(folder.file("none.sqlite"), Database::Mode::Read), HasSubstr("cannot open"));
  EXPECT_THAT(opening(folder.file("no/folder.sqlite"), Database::Mode::Write),
              HasSubstr("cannot open"));
  std::ofstream(folder.file("text.sqlite")) << std::string(4096, 'x');
  EXPECT_THAT(opening(folder.file("text.sqlite"), Database::Mode::Write),
              HasSubstr("file is not a database; it was left as it is: name another file with "
                        "--ledger"));
  {
    Database other(folder.file("other.sqlite"), Database::Mode::Write);
    other.run("CREATE TABLE t (x)");
  }
  EXPECT_THAT(opening(folder.file("other.sqlite"), Database::Mode::Write),
              HasSubstr("found another database"));
  std::ofstream(folder.file("empty.sqlite")).flush();
  EXPECT_THAT(opening(folder.file("empty.sqlite"), Database::Mode::Read),
              HasSubstr("found an empty file"));
  {
    Ledger ledger(folder.file("new.sqlite"), Database::Mode::Write);
    ledger.database().run("PRAGMA user_version = 99");
  }
  EXPECT_THAT(opening(folder.file("new.sqlite"), Database::Mode::Read),
              HasSubstr("expected schema version 2, found 99; use a newer xive-cosim"));
}

TEST(Ledger, AnotherWriterIsWaitedForAndThenTold) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.sqlite");
  Ledger first(path, Database::Mode::Write);
  first.add(batch("night", "aaaaaaaaaaaa"), {record(1)});
  first.database().run("BEGIN EXCLUSIVE");
  EXPECT_THAT(opening(path, Database::Mode::Write),
              HasSubstr("database is locked; another process is writing to it"));
  first.database().run("COMMIT");
  EXPECT_EQ(opening(path, Database::Mode::Read), "no error");
  Ledger second(path, Database::Mode::Write, std::chrono::milliseconds{20});
  first.database().run("BEGIN IMMEDIATE");
  EXPECT_THAT(error_of([&] { second.add(batch("night", "bbbbbbbbbbbb"), {record(1)}); }),
              HasSubstr("database is locked"));
  first.database().run("COMMIT");
  second.add(batch("night", "bbbbbbbbbbbb"), {record(1)});
  EXPECT_EQ(first.batches().size(), 2U);
}

/// A ledger with two results, damaged by `damage`: the error of adding and of comparing, and that
/// neither has changed the file.
void expect_told_and_left_alone(const std::function<void(const std::string&)>& damage) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.sqlite");
  {
    Ledger ledger(path, Database::Mode::Write);
    ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1), record(2)});
  }
  damage(path);
  const std::string before = contents(path);
  for (const Database::Mode mode : {Database::Mode::Write, Database::Mode::Read}) {
    EXPECT_THAT(error_of([&] {
                  Ledger ledger(path, mode);
                  if (mode == Database::Mode::Write) {
                    ledger.add(batch("night", "bbbbbbbbbbbb"), {record(1)});
                  } else {
                    ledger.metrics(ledger.runs(1), Origin::Simulated);
                  }
                }),
                ::testing::AllOf(HasSubstr("ledger " + path + ": "),
                                 HasSubstr("malformed; it was left as it is")));
  }
  EXPECT_TRUE(contents(path) == before);
}

TEST(Ledger, ADamagedFileIsToldAndLeftAlone) {
  expect_told_and_left_alone([](const std::string& path) {
    // All pages behind the first, which holds the schema version.
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    constexpr std::size_t kPage = 16384;
    file.seekp(kPage);
    const std::string junk(std::filesystem::file_size(path) - kPage, '\xee');
    file.write(junk.data(), static_cast<std::streamsize>(junk.size()));
  });
}

TEST(Ledger, ATruncatedFileIsToldAndLeftAlone) {
  expect_told_and_left_alone([](const std::string& path) {
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  });
}

}  // namespace
}  // namespace xive::ledger
