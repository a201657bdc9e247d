// SPDX-License-Identifier: Apache-2.0
// A hop that became slower between two nights is named by the comparison of their results.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "sc_models/machine/hops.h"
#include "tb/host/files.h"
#include "tb/ledger/compare.h"
#include "tb/ledger/testing.h"
#include "tb/sweep/job.h"
#include "tb/sweep/run_job.h"

namespace xive::sweep {
namespace {

using result::Record;

/// A job of always the same key; `hops` is what the machine of that night does.
Record run(const std::filesystem::path& folder, const std::string& hops) {
  Job job;
  job.seed = 1;
  job.config =
      "platform: {tima: model, hops: {" + hops + "}}\nrun: {firmware: tables, triggers: 400}\n";
  std::filesystem::create_directories(folder);
  host::write_file(folder / "job.json", to_json(job).dump());
  host::write_file(folder / "config.yaml", job.config);
  std::ostringstream out, err;
  EXPECT_EQ(run_job(folder.string(), out, err), 0) << out.str() << err.str();
  return result::from_text(host::read_file(folder / "result.json"));
}

TEST(SlowHop, ReportCompareNamesIt) {
  const ledger::testing::TemporaryFolder folder;
  const std::filesystem::path at = folder.file("jobs");
  ledger::Ledger ledger(folder.file("a.sqlite"), ledger::Database::Mode::Write);
  const std::int64_t base =
      ledger.add(ledger::testing::batch("night", "aaaaaaaaaaaa"), {run(at / "base", "")});
  using machine::HopId;
  for (const HopId id : {HopId::Tima, HopId::Esb, HopId::Message, HopId::Eas, HopId::EqWrite,
                         HopId::Presenter, HopId::Line}) {
    // A nanosecond is enough to be found.
    const machine::HopInfo& kind = machine::info(id);
    const std::string hop(kind.name);
    const std::string slow = fmt::format("{}: {{latency_ns: {}}}", hop, kind.latency / 1000 + 1);
    const std::int64_t head =
        ledger.add(ledger::testing::batch("night", "bbbbbbbbbbbb"), {run(at / hop, slow)});
    const ledger::Comparison comparison = ledger::compare(ledger, ledger.find(std::to_string(base)),
                                                          ledger.find(std::to_string(head)));
    ASSERT_EQ(comparison.hops.size(), 1U) << hop;
    EXPECT_EQ(comparison.hops[0].name, hop);
    EXPECT_EQ(comparison.hops[0].head_ns - comparison.hops[0].base_ns, 1);
  }
}

}  // namespace
}  // namespace xive::sweep
