// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "tb/host/files.h"
#include "tb/ledger/testing.h"

namespace xive::sweep {
namespace {

using result::Record;
using result::Verdict;
namespace fs = std::filesystem;

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() {
    for (std::uint64_t n = 0; n < 2; ++n) {
      Job job;
      job.number = n;
      job.seed = n;
      job.config = "run:\n  vps: 7\n";
      jobs_.push_back(job);
    }
  }
  std::string folder() const { return folder_.file("out"); }
  void write_result(const Store& store, const Job& job) {
    Record record;
    record.suite = name(job.suite);
    record.seed = job.seed;
    record.verdict = Verdict::Pass;
    record.digest = "1234";
    host::write_file(fs::path(store.job_folder(job)) / "result.json", to_text(record));
  }
  ledger::testing::TemporaryFolder folder_;
  std::vector<Job> jobs_;
};

TEST_F(StoreTest, AResultIsThereWhenTheJobHasWrittenIt) {
  const Store store(folder(), "a", jobs_, false);
  store.prepare(jobs_[0]);
  EXPECT_EQ(host::read_file(fs::path(store.job_folder(jobs_[0])) / "config.yaml"), jobs_[0].config);
  EXPECT_FALSE(store.load(jobs_[0]));
  write_result(store, jobs_[0]);
  ASSERT_TRUE(store.load(jobs_[0]));
  EXPECT_EQ(store.load(jobs_[0])->digest, "1234");
  EXPECT_FALSE(store.load(jobs_[1]));
}

TEST_F(StoreTest, EveryEndBecomesAResult) {
  const Store store(folder(), "a", jobs_, false);
  const auto conclude = [&](End::Kind kind, int code) {
    store.prepare(jobs_[0]);
    std::ofstream(fs::path(store.job_folder(jobs_[0])) / "log.txt") << "one\nthe reason\n";
    End end;
    end.kind = kind;
    end.code = code;
    return store.conclude(jobs_[0], end, {});
  };
  Record record = conclude(End::Kind::Exited, 2);
  EXPECT_EQ(record.verdict, Verdict::Error);
  EXPECT_EQ(record.failures[0], "ended with code 2 and without a result: the reason");
  EXPECT_TRUE(store.load(jobs_[0]));
  record = conclude(End::Kind::Signalled, SIGSEGV);
  EXPECT_EQ(record.verdict, Verdict::Crash);
  EXPECT_EQ(record.failures[0], "died of Segmentation fault");
  EXPECT_EQ(conclude(End::Kind::Deadline, 0).verdict, Verdict::Timeout);
  record = conclude(End::Kind::Killed, SIGKILL);
  EXPECT_EQ(record.verdict, Verdict::Crash);
  EXPECT_EQ(record.failures[0], "died of Killed");
}

TEST_F(StoreTest, LossAndEnvironmentAreNoResult) {
  const Store store(folder(), "a", jobs_, false);
  store.prepare(jobs_[0]);
  std::ofstream(fs::path(store.job_folder(jobs_[0])) / "log.txt") << "No space left on device\n";
  End end;
  EXPECT_EQ(store.why_no_result(jobs_[0], end), "");
  end.code = 3;
  EXPECT_EQ(store.why_no_result(jobs_[0], end), "ended with code 3: No space left on device");
  write_result(store, jobs_[0]);
  EXPECT_EQ(store.why_no_result(jobs_[0], end), "");
  end.kind = End::Kind::Lost;
  end.why = "node down";
  EXPECT_EQ(store.why_no_result(jobs_[0], end), "node down");
}

TEST_F(StoreTest, ResumeTakesOnlyTheSameJobs) {
  { const Store store(folder(), "a", jobs_, false); }
  EXPECT_THROW(Store(folder(), "a", jobs_, false), StoreError);
  EXPECT_NO_THROW(Store(folder(), "a", jobs_, true));
  jobs_[1].seed = 77;
  try {
    const Store store(folder(), "a", jobs_, true);
    FAIL();
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("found another sweep"));
  }
  fs::create_directories(folder_.file("mine"));
  std::ofstream(folder_.file("mine/thesis.txt")) << "text";
  EXPECT_THROW(Store(folder_.file("mine"), "a", jobs_, true), StoreError);
  EXPECT_TRUE(fs::exists(folder_.file("mine/thesis.txt")));
}

TEST_F(StoreTest, ResumeRefusesAFolderThatDoesNotSayWhoseItIs) {
  { const Store store(folder(), "a", jobs_, false); }
  std::ofstream(fs::path(folder()) / "sweep.json") << "{\"sweep\": ";
  try {
    const Store store(folder(), "a", jobs_, true);
    FAIL();
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("found another sweep (damaged)"));
  }
}

TEST_F(StoreTest, ADamagedResultRunsAgain) {
  const Store store(folder(), "a", jobs_, false);
  store.prepare(jobs_[0]);
  std::ofstream(fs::path(store.job_folder(jobs_[0])) / "result.json") << "{\"record\": 1, ";
  EXPECT_FALSE(store.load(jobs_[0]));
}

TEST_F(StoreTest, ResultsInTheOrderOfTheJobsWithoutTheHost) {
  const Store store(folder(), "a", jobs_, false);
  std::vector<std::optional<Record>> records(2);
  store.prepare(jobs_[1]);
  write_result(store, jobs_[1]);
  records[1] = store.load(jobs_[1]);
  records[1]->host = {{"wall_s", 1}};
  store.write_results(jobs_, records);
  const fs::path result = fs::path(store.job_folder(jobs_[1])) / "result.json";
  const std::string text = host::read_file(result);
  EXPECT_EQ(host::read_file(fs::path(folder()) / "results.jsonl"), text);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("wall_s")));
  EXPECT_THAT(host::read_file(fs::path(folder()) / "host.jsonl"), ::testing::HasSubstr("wall_s"));
  // As earlier versions wrote it.
  host::write_file(result, result::Json::parse(text).dump(2) + "\n");
  store.write_results(jobs_, records);
  EXPECT_EQ(host::read_file(fs::path(folder()) / "results.jsonl"), text);
}

}  // namespace
}  // namespace xive::sweep
