// SPDX-License-Identifier: Apache-2.0
#include "tb/report/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "sc_models/machine/trace/trip_tracer.h"
#include "tb/host/files.h"

namespace xive::report {
namespace {

namespace fs = std::filesystem;
using result::Json;

constexpr std::size_t kTrendLength = 60;

std::string name_of(const Json& head) {
  return head.at("sweep").get<std::string>();
}

Json head_of(const fs::path& folder) {
  const fs::path sweep = folder / "sweep.json";
  Json head = Json::parse(host::read_file(sweep), nullptr, false);
  if (!head.is_object() || !head.contains("sweep") || !head["sweep"].is_string() ||
      !head.contains("jobs") || !head["jobs"].is_number_unsigned()) {
    throw result::RecordError(
        fmt::format("{}: expected the head of a sweep, found something else", sweep.string()));
  }
  return head;
}

/// The way from the page to the folder, for links.
std::string way(const fs::path& file, const fs::path& folder) {
  const std::string path =
      fs::proximate(fs::absolute(folder), fs::absolute(file).parent_path()).generic_string();
  return path == "." ? std::string() : path + "/";
}

void read_jobs(const fs::path& folder, Page& page) {
  std::vector<fs::path> jobs;
  std::error_code none_yet;
  for (const auto& entry : fs::directory_iterator(folder / "jobs", none_yet)) {
    jobs.push_back(entry.path());
  }
  std::sort(jobs.begin(), jobs.end());
  for (const fs::path& job : jobs) {
    if (!fs::exists(job / "result.json")) continue;
    try {
      const fs::path host = job / "host.json";
      page.jobs.push_back({job.filename().string(),
                           result::from_text(host::read_file(job / "result.json"),
                                             fs::exists(host) ? host::read_file(host) : "")});
    } catch (const std::exception& error) {
      page.unreadable.push_back(fmt::format("{}: {}", job.filename().string(), error.what()));
    }
  }
}

void read_trend(const std::string& file, const std::string& name, Page& page) {
  if (file.empty() || !fs::exists(file)) return;
  try {
    ledger::Ledger ledger(file, ledger::Database::Mode::Read);
    std::vector<ledger::Batch> batches = ledger.batches();
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
  } catch (const ledger::LedgerError& error) {
    page.trend.clear();
    page.trend_note = error.what();
  }
}

Page page_without_jobs(const fs::path& folder, const std::string& ledger) {
  const Json head = head_of(folder);
  Page page;
  page.title = fmt::format("Sweep {}", name_of(head));
  page.planned = head.at("jobs").get<std::uint64_t>();
  for (unsigned s = 0; s < machine::kStations; ++s) {
    page.hops.emplace_back(to_string(static_cast<machine::Station>(s)));
  }
  read_trend(ledger, name_of(head), page);
  return page;
}

}  // namespace

Page read_folder(const fs::path& folder, const std::string& ledger, const fs::path& file) {
  Page page = page_without_jobs(folder, ledger);
  if (!file.empty()) page.folder = way(file, folder);
  read_jobs(folder, page);
  return page;
}

Page page_of(const fs::path& folder, std::vector<JobResult> jobs, const std::string& ledger) {
  Page page = page_without_jobs(folder, ledger);
  page.jobs = std::move(jobs);
  return page;
}

}  // namespace xive::report
