// SPDX-License-Identifier: Apache-2.0
/// The page people look at: one HTML file that holds its data, its charts and its script.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tb/ledger/ledger.h"
#include "tb/result/record.h"

namespace xive::report {

/// A result with the name of its folder below jobs/.
struct JobResult {
  std::string folder;
  result::Record record;
};

struct Page {
  std::string title;
  std::string started, host;
  std::uint64_t planned = 0;  ///< jobs of the sweep
  std::string folder;  ///< of the sweep, as seen from the page; empty or with a '/' at the end
  std::vector<JobResult> jobs;
  std::vector<std::string> unreadable;  ///< results that are damaged, with the reason
  std::vector<std::string> hops;        ///< order of the hops of an interrupt
  struct Night {
    ledger::Batch batch;
    std::map<std::string, double> metrics;  ///< means over the jobs
  };
  std::vector<Night> trend;  ///< oldest first
  std::string trend_note;    ///< why there is none
};

/// What the page shows, as the script reads it. Columns of equal values are stored once; metrics
/// are left out, the least telling first, when there would be more than `max_values` numbers.
result::Json page_data(const Page& page, std::size_t max_values = 1'500'000);
std::string to_html(const Page& page);

}  // namespace xive::report
