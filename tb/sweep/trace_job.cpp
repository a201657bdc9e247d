// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/trace_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "tb/config/config.h"
#include "tb/host/files.h"
#include "tb/sweep/run_suite.h"

namespace xive::sweep {
namespace {

using result::Json;

/// Suites that run a machine.
constexpr Suite kTraced[] = {Suite::Load, Suite::Opal, Suite::Skiboot};

Job traceable_job(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "job.json")) {
    throw NotTraceable(
        fmt::format("expected a job of a sweep, found no {}", (folder / "job.json").string()));
  }
  Job job = read_job(folder);
  if (std::find(std::begin(kTraced), std::end(kTraced), job.suite) == std::end(kTraced)) {
    throw NotTraceable(fmt::format("expected a job of the suite load, opal or skiboot, found {}",
                                   name(job.suite)));
  }
  return job;
}

/// Empty if there is none.
std::string digest_of(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "result.json") ? read_result(folder).digest
                                                         : std::string();
}

}  // namespace

int trace_job(const std::filesystem::path& folder, const std::string& file, std::ostream& out,
              std::ostream& err) {
  Job job = traceable_job(folder);
  job.trace = file;
  job.waves = false;
  config::Document<config::Config> document{config::config_schema()};
  document.load((folder / "config.yaml").string());
  document.verify();
  result::Record record = job.blank_record();
  run_suite(job, folder, document.value(), out, err, record);
  const std::string then = digest_of(folder);
  const bool same = !then.empty() && record.digest == then;
  out << fmt::format("{}: {}, digest {}, {}\n", file, name(record.verdict), record.digest,
                     same           ? "as in the sweep"
                     : then.empty() ? "the sweep has no digest of it"
                                    : fmt::format("not {} as in the sweep", then));
  return same ? 0 : 1;
}

}  // namespace xive::sweep
