// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/store.h"

#include <fmt/format.h>

#include <cstring>

#include "sc_models/rules/digest.h"
#include "tb/host/files.h"

namespace xive::sweep {
namespace {

namespace fs = std::filesystem;
using result::Json;
using result::Record;
using result::Verdict;

/// Exit code of a program whose environment failed it.
constexpr int kEnvironment = 3;

std::string identity(const std::vector<Job>& jobs) {
  Digest digest;
  for (const Job& job : jobs) digest.add(to_json(job).dump());
  return digest.text();
}

/// The last line with text of a log, to say why a job ended.
std::string last_line(const fs::path& log) {
  std::string text;
  try {
    text = host::read_file(log);
  } catch (const host::FileError&) {
    return {};
  }
  const std::size_t end = text.find_last_not_of(" \n\r");
  if (end == std::string::npos) return {};
  const std::size_t start = text.find_last_of("\n\r", end);
  return text.substr(start == std::string::npos ? 0 : start + 1,
                     end - (start == std::string::npos ? 0 : start + 1) + 1);
}

}  // namespace

Store::Store(const fs::path& folder, const std::string& name, const std::vector<Job>& jobs,
             bool resume)
    : folder_(fs::absolute(folder)) {
  const Json mine{{"sweep", name}, {"jobs", jobs.size()}, {"identity", identity(jobs)}};
  const fs::path file = folder_ / "sweep.json";
  if (fs::exists(file)) {
    const Json theirs = Json::parse(host::read_file(file), nullptr, false);
    if (!(theirs == mine)) {  // of a damaged file both == and != are false
      throw StoreError(
          fmt::format("{}: expected results of these jobs, found another sweep{}; "
                      "choose another folder with --out",
                      folder_.string(), theirs.is_discarded() ? " (damaged)" : ""));
    }
    if (!resume) {
      throw StoreError(
          fmt::format("{}: holds results of this sweep already; --resume goes on with "
                      "them, --out chooses another folder",
                      folder_.string()));
    }
  } else {
    if (fs::exists(folder_) && !fs::is_empty(folder_)) {
      throw StoreError(
          fmt::format("{}: expected an empty folder or results of this sweep, found "
                      "other files",
                      folder_.string()));
    }
    host::make_writable_directory(folder_);
    host::write_file(file, mine.dump(2) + "\n");
  }
  host::make_writable_directory(folder_ / "jobs");
}

std::string Store::job_folder(const Job& job) const {
  return (folder_ / "jobs" / job.folder()).string();
}

void Store::prepare(const Job& job) const {
  const fs::path folder = job_folder(job);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  std::error_code error;
  if (!fs::create_directories(folder, error) && error) {
    throw host::FileError(fmt::format("cannot make {}: {}", folder.string(), error.message()));
  }
  host::write_file(folder / "job.json", to_json(job).dump(2) + "\n");
  host::write_file(folder / "config.yaml", job.config);
}

std::optional<Record> Store::load(const Job& job) const {
  const fs::path folder = job_folder(job);
  if (!fs::exists(folder / "result.json")) return std::nullopt;
  try {
    const fs::path host = folder / "host.json";
    Record record = result::from_text(host::read_file(folder / "result.json"),
                                      fs::exists(host) ? host::read_file(host) : "");
    if (record.key() != job.key()) return std::nullopt;
    return record;
  } catch (const std::exception&) {
    return std::nullopt;  // damaged: the job runs again
  }
}

std::string Store::why_no_result(const Job& job, const End& end) const {
  if (end.kind == End::Kind::Lost) return end.why;
  if (end.kind != End::Kind::Exited || end.code != kEnvironment) return {};
  const fs::path folder = job_folder(job);
  if (fs::exists(folder / "result.json")) return {};
  return fmt::format("ended with code {}: {}", end.code, last_line(folder / "log.txt"));
}

Record Store::conclude(const Job& job, const End& end, const result::Build& build) const {
  const fs::path folder = job_folder(job);
  if (end.kind == End::Kind::Exited) {
    if (std::optional<Record> written = load(job)) return *std::move(written);
  }
  Record record = job.blank_record();
  record.build = build;
  record.reproduce = "xive-cosim job .";
  switch (end.kind) {
    case End::Kind::Exited:
      record.verdict = Verdict::Error;
      record.failures = {fmt::format("ended with code {} and without a result: {}", end.code,
                                     last_line(folder / "log.txt"))};
      break;
    case End::Kind::Signalled:
    case End::Kind::Killed:
      record.verdict = Verdict::Crash;
      record.failures = {fmt::format("died of {}", strsignal(end.code))};
      break;
    case End::Kind::Deadline:
      record.verdict = Verdict::Timeout;
      record.failures = {fmt::format("killed at its deadline of {} s", job.limits.deadline_s)};
      break;
    case End::Kind::Lost:
      throw std::logic_error("a lost job has no result");
  }
  record.host["wall_s"] = end.wall_s;
  record.host["cpu_s"] = end.cpu_s;
  host::write_file(folder / "host.json", host_text(record));
  host::write_file(folder / "result.json", to_text(record));
  return record;
}

void Store::write_results(const std::vector<Job>& jobs,
                          const std::vector<std::optional<Record>>& records) const {
  std::string results;
  std::string hosts;
  for (const Job& job : jobs) {
    const std::optional<Record>& record = records[job.number];
    if (!record) continue;
    const std::string written = host::read_file(fs::path(job_folder(job)) / "result.json");
    // Results of earlier versions have many lines.
    results += written.find('\n') + 1 == written.size() ? written : to_text(*record);
    hosts += host_text(*record);
  }
  host::write_file(folder_ / "results.jsonl", results);
  host::write_file(folder_ / "host.jsonl", hosts);
}

}  // namespace xive::sweep
