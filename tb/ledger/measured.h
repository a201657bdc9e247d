// SPDX-License-Identifier: Apache-2.0
/// The numbers of the runs of a batch, as the tables batch_metric and measured keep them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tb/ledger/database.h"

namespace xive::ledger {

/// Values of each metric, one for each run; not-a-number where a run does not have it.
using Columns = std::map<std::string, std::vector<double>>;

/// Adds the numbers of one of `runs` runs.
void add_to(Columns& columns, const std::map<std::string, double>& metrics, std::size_t run,
            std::size_t runs);

/// Which of a run's numbers: of the simulation, or of the host that ran it.
enum class Origin : std::uint8_t { Simulated, Host };

/// Adds the numbers of `runs` (identifiers), which the columns are in the order of. To be called in
/// a transaction.
void add_measured(Database& database, std::int64_t batch, const std::vector<std::int64_t>& runs,
                  const Columns& simulated, const Columns& host);

/// Of some runs of one batch, in their order.
Columns read_measured(Database& database, std::int64_t batch, const std::vector<std::int64_t>& runs,
                      Origin origin);

/// One simulated metric of single runs.
class MeasuredReader {
 public:
  MeasuredReader(Database& database, const std::string& metric);
  /// Not-a-number if the run does not have it.
  double of(std::int64_t batch, std::int64_t run);

 private:
  std::string metric_;
  Statement place_, row_;
};

/// Text identifiers of a dictionary table (id, name), made when they are not there.
class Dictionary {
 public:
  Dictionary(Database& database, const std::string& table);
  std::int64_t operator[](const std::string& name);

 private:
  Database& database_;
  Statement find_, insert_;
};

}  // namespace xive::ledger
