// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/crosscheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "tb/crosscheck/folder.h"
#include "tb/host/parallel.h"

namespace xive::crosscheck {
namespace {

std::string why_excluded(const Plan& plan, const Suite& suite, const std::string& version) {
  for (const Exclusion& e : plan.excluded) {
    const bool meant = e.suite == suite.name || (e.suite == "*" && suite.threads > 1);
    if (meant && version_in(version, e.qemu)) {
      return fmt::format("{} ({})", e.reason, e.spec);
    }
  }
  return "";
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of("\r\n");
  if (end == std::string::npos) {
    return "nothing was printed";
  }
  const std::size_t begin = text.find_last_of("\r\n", end);
  return "last line: " + text.substr(begin == std::string::npos ? 0 : begin + 1,
                                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

void run_side(const Runner& runner, Job job, const Folder& folder, const std::string& who,
              Side& side) {
  job.folder = folder.make(fmt::format("{}-{}x{}x{}-{}", job.suite.name, job.suite.chips,
                                       job.suite.cores, job.suite.threads, who));
  const host::ProcessOutcome outcome = runner.run(job);
  side.ran = true;
  side.seconds = outcome.seconds;
  side.transcript = read_transcript(outcome.output);
  std::ofstream(job.folder + "/console.txt", std::ios::binary) << outcome.output;
  if (outcome.late) {
    side.problem = fmt::format("no verdict within {:g} s; {}", job.deadline_seconds,
                               last_line(outcome.output));
  } else if (!side.transcript.finished) {
    side.problem = fmt::format("ended without a verdict; {}", last_line(outcome.output));
  } else if (side.transcript.passed) {
    side.complaint = runner.complaint(job, outcome);
  }
}

std::vector<Suite> chosen(const Plan& plan, const Options& options) {
  std::vector<Suite> suites;
  for (const Suite& suite : plan.suites) {
    if (options.suites.empty() || std::find(options.suites.begin(), options.suites.end(),
                                            suite.name) != options.suites.end()) {
      suites.push_back(suite);
    }
  }
  return suites;
}

/// Differences of suites that ran in a way in which they had to show.
std::vector<std::size_t> unused_differences(const Plan& plan, const Result& result,
                                            const std::vector<bool>& used) {
  std::vector<std::size_t> unused;
  for (std::size_t n = 0; n < plan.differences.size(); ++n) {
    const Difference& d = plan.differences[n];
    if (used[n] || !version_in(result.qemu.version, d.versions)) {
      continue;
    }
    for (const SuiteResult& r : result.suites) {
      if (r.suite.name != d.suite || !r.qemu.transcript.finished) {
        continue;
      }
      // Alone, QEMU shows only the differences that are failed checks.
      const bool shows =
          result.with_platform
              ? r.platform.transcript.finished
              : std::any_of(r.qemu.transcript.lines.begin(), r.qemu.transcript.lines.end(),
                            [&](const Line& line) {
                              return line.kind == Line::Kind::Check && line.name == d.line;
                            });
      if (shows) {
        unused.push_back(n);
        break;
      }
    }
  }
  return unused;
}

}  // namespace

bool Result::passed() const {
  return unused.empty() &&
         std::all_of(suites.begin(), suites.end(), [](const SuiteResult& r) { return r.passed; });
}

Result run_crosscheck(const Plan& plan, const Options& options, const QemuInfo& qemu,
                      const Runner& qemu_runner, const Runner* platform) {
  const Folder folder(options.keep);
  Result result;
  result.qemu = qemu;
  result.with_platform = platform != nullptr;
  for (const Suite& suite : chosen(plan, options)) {
    result.suites.emplace_back().suite = suite;
  }
  const auto run_suite = [&](std::size_t n) {
    SuiteResult& r = result.suites[n];
    Job job;
    job.suite = r.suite;
    job.machine = plan.machine;
    job.payload = options.payload;
    job.firmware = options.firmware;
    job.deadline_seconds = options.deadline_seconds;
    job.arguments = fmt::format("suites={} dump=1", r.suite.name);
    r.qemu.skipped = why_excluded(plan, r.suite, qemu.version);
    if (r.qemu.skipped.empty()) run_side(qemu_runner, job, folder, "qemu", r.qemu);
    if (platform != nullptr) run_side(*platform, job, folder, "platform", r.platform);
  };
  host::for_each_piece(result.suites.size(), run_suite, options.jobs);
  std::vector<bool> used(plan.differences.size(), false);
  for (SuiteResult& r : result.suites) {
    const bool qemu_good = !r.qemu.ran || r.qemu.problem.empty();
    const bool platform_good =
        !r.platform.ran || (r.platform.problem.empty() && r.platform.complaint.empty() &&
                            r.platform.transcript.passed);
    if (r.qemu.ran && r.qemu.problem.empty()) {
      r.comparison = compare(
          plan, r.suite.name, qemu.version, r.qemu.transcript,
          r.platform.ran && r.platform.problem.empty() ? &r.platform.transcript : nullptr, used);
    }
    r.passed = qemu_good && platform_good && r.comparison.agrees();
  }
  result.unused = unused_differences(plan, result, used);
  return result;
}

}  // namespace xive::crosscheck
