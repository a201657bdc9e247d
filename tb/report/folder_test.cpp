// SPDX-License-Identifier: Apache-2.0
#include "tb/report/folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tb/host/files.h"
#include "tb/ledger/testing.h"

namespace xive::report {
namespace {

namespace fs = std::filesystem;
using ledger::testing::batch;
using ledger::testing::record;
using ::testing::HasSubstr;

/// A sweep of five jobs, two of which are done.
class Folder : public ::testing::Test {
 protected:
  Folder() {
    host::make_writable_directory(sweep_ / "jobs");
    host::write_file(sweep_ / "sweep.json", R"({"sweep": "night", "jobs": 5})");
    for (const std::uint64_t n : {0U, 1U, 2U}) host::make_writable_directory(job(n));
    for (const std::uint64_t n : {0U, 1U}) {
      host::write_file(job(n) / "host.json", host_text(record(n)));
      host::write_file(job(n) / "result.json", to_text(record(n)));
    }
  }
  fs::path job(std::uint64_t n) const { return sweep_ / "jobs" / ("00000" + std::to_string(n)); }

  ledger::testing::TemporaryFolder folder_;
  fs::path sweep_ = folder_.file("sweep");
};

TEST_F(Folder, IsReadWhileJobsRun) {
  const Page page = read_folder(sweep_, "");
  EXPECT_EQ(page.title, "Sweep night");
  EXPECT_EQ(page.planned, 5U);
  ASSERT_EQ(page.jobs.size(), 2U);
  EXPECT_EQ(page.jobs[1].folder, "000001");
  EXPECT_EQ(page.jobs[1].record.host.at("wall_s"), 0.5);
  EXPECT_TRUE(page.unreadable.empty());
  EXPECT_EQ(page_data(page).at("planned"), 5);
}

TEST_F(Folder, ADamagedResultIsToldAndTheRestIsShown) {
  host::write_file(job(0) / "result.json", R"({"record": 1, "sui)");
  const Page page = read_folder(sweep_, "");
  EXPECT_EQ(page.jobs.size(), 1U);
  ASSERT_EQ(page.unreadable.size(), 1U);
  EXPECT_THAT(page.unreadable[0], HasSubstr("000000: "));
}

TEST_F(Folder, LinksLeadFromThePageToTheJobs) {
  EXPECT_EQ(read_folder(sweep_, "", sweep_ / "report.html").folder, "");
  EXPECT_EQ(read_folder(sweep_, "", sweep_.parent_path() / "page.html").folder, "sweep/");
  EXPECT_EQ(read_folder(sweep_, "", sweep_ / "x" / "page.html").folder, "../");
}

TEST_F(Folder, TheTrendIsOfThisSweep) {
  const std::string file = folder_.file("ledger.sqlite");
  {
    ledger::Ledger ledger(file, ledger::Database::Mode::Write);
    ledger.add(batch("night", "aaaaaaaaaaaa"), {record(1)});
    ledger.add(batch("other", "bbbbbbbbbbbb"), {record(1)});
  }
  const Page page = read_folder(sweep_, file);
  ASSERT_EQ(page.trend.size(), 1U);
  EXPECT_EQ(page.trend[0].metrics.at("hop_ns"), 100);
  EXPECT_EQ(page.host, "host");
}

TEST_F(Folder, ADamagedLedgerCostsTheTrendOnly) {
  const std::string file = folder_.file("ledger.sqlite");
  host::write_file(file, "no database, but long enough to look at");
  const Page page = read_folder(sweep_, file);
  EXPECT_EQ(page.jobs.size(), 2U);
  EXPECT_THAT(page.trend_note, HasSubstr("file is not a database"));
}

TEST_F(Folder, WhatIsNoSweepIsRefused) {
  EXPECT_THROW(read_folder(folder_.file("gone"), ""), std::runtime_error);
  host::write_file(sweep_ / "sweep.json", "{}");
  EXPECT_THROW(read_folder(sweep_, ""), std::runtime_error);
}

}  // namespace
}  // namespace xive::report
