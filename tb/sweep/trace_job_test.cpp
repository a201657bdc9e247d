// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/trace_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tb/host/files.h"
#include "tb/ledger/testing.h"
#include "tb/sweep/job.h"
#include "tb/sweep/run_job.h"

namespace xive::sweep {
namespace {

using ::testing::HasSubstr;

class TraceJob : public ::testing::Test {
 protected:
  TraceJob() {
    job_.config = "platform: {tima: model, cores: 1}\nrun: {firmware: tables, triggers: 60}\n";
    write();
  }
  void write() {
    host::write_file(folder_.file("job.json"), to_json(job_).dump());
    host::write_file(folder_.file("config.yaml"), job_.config);
  }
  std::filesystem::path folder() const {
    return std::filesystem::path(folder_.file("x")).parent_path();
  }
  int trace() { return trace_job(folder(), file_, out_, out_); }

  ledger::testing::TemporaryFolder folder_;
  std::string file_ = folder_.file("trace.json");
  Job job_;
  std::ostringstream out_;
};

TEST_F(TraceJob, TheTraceIsOfTheRunInTheSweep) {
  ASSERT_EQ(run_job(folder().string(), out_, out_), 0) << out_.str();
  const std::string result = host::read_file(folder_.file("result.json"));
  EXPECT_EQ(trace(), 0) << out_.str();
  EXPECT_THAT(out_.str(), HasSubstr("as in the sweep"));
  EXPECT_EQ(host::read_file(folder_.file("result.json")), result);
  const auto trace = nlohmann::json::parse(host::read_file(file_));
  std::size_t hops = 0;
  for (const auto& event : trace.at("traceEvents")) hops += event.at("ph") == "b" ? 1U : 0U;
  EXPECT_GT(hops, 60U);
}

TEST_F(TraceJob, TheConfigurationHashIsOfValues) {
  Job other = job_;
  other.config += "# where it is from\n";
  EXPECT_EQ(other.blank_record().config_hash, job_.blank_record().config_hash);
  other.config = "platform: {tima: model, cores: 2}\nrun: {firmware: tables, triggers: 60}\n";
  EXPECT_NE(other.blank_record().config_hash, job_.blank_record().config_hash);

  // Otherwise `report compare` would call another verdict of the same commit nondeterminism.
  Job stricter = job_;
  stricter.expect.emplace_back("lost == 0");
  EXPECT_NE(stricter.blank_record().config_hash, job_.blank_record().config_hash);
}

TEST_F(TraceJob, AnotherDigestIsTold) {
  EXPECT_EQ(trace(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("the sweep has no digest of it"));
  result::Record other = job_.blank_record();
  other.digest = "another";
  host::write_file(folder_.file("result.json"), to_text(other));
  EXPECT_EQ(trace(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("not another as in the sweep"));
}

TEST_F(TraceJob, NotEverySuiteHasTraces) {
  job_.suite = Suite::Validate;
  write();
  EXPECT_THROW(trace(), NotTraceable);
  std::filesystem::remove(folder_.file("job.json"));
  EXPECT_THROW(trace(), NotTraceable);
}

}  // namespace
}  // namespace xive::sweep
