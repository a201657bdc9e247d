// SPDX-License-Identifier: Apache-2.0
#include "tb/report/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sc_models/machine/trace/trip_tracer.h"
#include "tb/host/files.h"

namespace xive::report {
namespace {

namespace fs = std::filesystem;
using result::Json;

constexpr std::size_t kTrendLength = 60;

}  // namespace

Page read_folder(const fs::path& folder, const std::string& ledger_file) {
  Page page;
  const fs::path sweep = folder / "sweep.json";
  const Json head =
      fs::exists(sweep) ? Json::parse(host::read_file(sweep), nullptr, false) : Json();
  if (!head.is_object() || !head.contains("sweep")) {
    throw std::runtime_error(
        fmt::format("{}: expected the folder of a sweep, found no sweep.json", folder.string()));
  }
  page.title = fmt::format("Sweep {}", head.at("sweep").get<std::string>());
  page.planned = head.at("jobs").get<std::uint64_t>();
  std::vector<fs::path> jobs;
  for (const auto& entry : fs::directory_iterator(folder / "jobs")) jobs.push_back(entry.path());
  std::sort(jobs.begin(), jobs.end());
  for (const fs::path& job : jobs) {
    if (!fs::exists(job / "result.json")) continue;
    const Json host = fs::exists(job / "host.json")
                          ? Json::parse(host::read_file(job / "host.json"), nullptr, false)
                          : Json();
    page.jobs.push_back({job.filename().string(),
                         result::from_json(Json::parse(host::read_file(job / "result.json")),
                                           host.is_object() ? host : Json())});
  }
  for (unsigned s = 0; s < machine::kStations; ++s) {
    page.hops.emplace_back(to_string(static_cast<machine::Station>(s)));
  }
  if (!ledger_file.empty() && fs::exists(ledger_file)) {
    ledger::Ledger ledger(ledger_file, ledger::Database::Mode::Read);
    std::vector<ledger::Batch> batches = ledger.batches();
    const std::string name = head.at("sweep").get<std::string>();
    batches.erase(std::remove_if(batches.begin(), batches.end(),
                                 [&](const ledger::Batch& batch) { return batch.name != name; }),
                  batches.end());
    if (batches.size() > kTrendLength) {
      batches.erase(batches.begin(), batches.end() - static_cast<std::ptrdiff_t>(kTrendLength));
    }
    for (const ledger::Batch& batch : batches) {
      page.trend.push_back({batch, ledger.means(batch.id)});
      page.started = batch.started;
      page.host = batch.host;
    }
  }
  return page;
}

}  // namespace xive::report
