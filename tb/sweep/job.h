// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tb/result/record.h"
#include "tb/sweep/spec.h"

namespace xive::sweep {

/// Everything that one job is, frozen: the same job gives the same result anywhere.
struct Job {
  std::uint64_t number = 0;  ///< in its sweep
  Suite suite = Suite::Load;
  std::uint64_t seed = 0;
  std::map<std::string, std::string> settings;  ///< keys that are no defaults, without the seed
  std::string config;                           ///< the whole configuration as YAML
  std::vector<std::string> expect;
  JobLimits limits;
  bool waves = false;
  std::string trace;  ///< file for a trace of the run, if the suite has one; not part of job.json

  /// Name of its folder.
  std::string folder() const;
  /// A result with what ran, and nothing that came out.
  result::Record blank_record() const;
  /// As in result::Record::key().
  std::string key() const { return result::key_of(std::string(name(suite)), settings, seed); }
};

result::Json to_json(const Job& job);
/// Throws result::RecordError.
Job job_from_json(const result::Json& json);

/// job.json and result.json (without the times of its host) of the folder of a job. Throw
/// result::RecordError that names the file.
Job read_job(const std::filesystem::path& folder);
result::Record read_result(const std::filesystem::path& folder);

}  // namespace xive::sweep
