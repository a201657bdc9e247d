// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tb/ledger/testing.h"

namespace xive::ledger {
namespace {

using result::Record;
using result::Verdict;
using testing::batch;
using testing::record;
using testing::TemporaryFolder;

TEST(Ledger, GivesBackWhatWasAdded) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  Record failed = record(2);
  failed.verdict = Verdict::Fail;
  failed.failures = {"CHK-EQ at 12 ns", "more"};
  failed.rules = {{"CHK-EQ", 5, 1}};
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
  EXPECT_DOUBLE_EQ(ledger.metrics(id, false).at("hop_ns").at(runs[0].id), 100);
  EXPECT_DOUBLE_EQ(ledger.metrics(id, true).at("wall_s").at(runs[0].id), 0.5);
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
  } catch (const LedgerError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("found 'zzz'"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("3 (night of commit cccccccccccc)"));
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
}

TEST(Ledger, NothingIsEverChanged) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1)});
  EXPECT_THROW(ledger.database().run("DELETE FROM run"), LedgerError);
  EXPECT_THROW(ledger.database().run("UPDATE run SET verdict = 'pass'"), LedgerError);
  EXPECT_THROW(ledger.database().run("UPDATE metric SET value = 0"), LedgerError);
  EXPECT_THROW(ledger.database().run("DELETE FROM batch"), LedgerError);
}

TEST(Ledger, ABatchIsWholeOrNotThere) {
  const TemporaryFolder folder;
  Ledger ledger(folder.file("a.sqlite"), Database::Mode::Write);
  // The same job twice cannot be.
  EXPECT_THROW(ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1), record(1)}), LedgerError);
  EXPECT_TRUE(ledger.batches().empty());
  ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1)});
  EXPECT_EQ(ledger.metrics(ledger.find("latest").id, false).size(), 1U);
}

TEST(Ledger, WhatIsNoLedgerIsRefused) {
  const TemporaryFolder folder;
  const auto text_of = [](const std::string& path, Database::Mode mode) -> std::string {
    try {
      Ledger ledger(path, mode);
    } catch (const LedgerError& error) {
      return error.what();
    }
    return "no error";
  };
  using ::testing::HasSubstr;
  EXPECT_THAT(text_of(folder.file("none.sqlite"), Database::Mode::Read), HasSubstr("cannot open"));
  std::ofstream(folder.file("text.sqlite")) << std::string(4096, 'x');
  EXPECT_THAT(text_of(folder.file("text.sqlite"), Database::Mode::Write),
              HasSubstr("file is not a database"));
  {
    Database other(folder.file("other.sqlite"), Database::Mode::Write);
    other.run("CREATE TABLE t (x)");
  }
  EXPECT_THAT(text_of(folder.file("other.sqlite"), Database::Mode::Write),
              HasSubstr("found another database"));
  {
    Ledger ledger(folder.file("new.sqlite"), Database::Mode::Write);
    ledger.database().run("PRAGMA user_version = 99");
  }
  EXPECT_THAT(text_of(folder.file("new.sqlite"), Database::Mode::Read),
              HasSubstr("expected schema version 1, found 99"));
}

TEST(Ledger, ADamagedFileIsToldAndLeftAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.sqlite");
  {
    Ledger ledger(path, Database::Mode::Write);
    ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1), record(2)});
  }
  {
    // All pages behind the first, which holds the schema version.
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    const std::string junk(std::filesystem::file_size(path) - 4096, '\xee');
    file.write(junk.data(), static_cast<std::streamsize>(junk.size()));
  }
  const auto size = std::filesystem::file_size(path);
  EXPECT_THROW(
      {
        Ledger ledger(path, Database::Mode::Write);
        ledger.add(batch("night", "bbbbbbbbbbbb"), {record(1)});
      },
      LedgerError);
  EXPECT_EQ(std::filesystem::file_size(path), size);
}

}  // namespace
}  // namespace xive::ledger
