// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/speed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "tb/crosscheck/folder.h"

namespace xive::crosscheck {
namespace {

struct Loop {
  const char* suite;
  const char* unit;
  std::uint64_t few, many;  ///< repetitions
  double units;             ///< in one repetition
};

/// The compute loop has sixteen instructions (firmware_tests/payload/suites/bench.c).
constexpr std::array<Loop, 2> kLoops = {{
    {"bench_compute", "instructions", 1'000'000, 41'000'000, 16},
    {"bench_interrupt", "round trips", 10'000, 210'000, 1},
}};

double run_seconds(const Runner& runner, Job job, const std::string& suite, std::uint64_t count) {
  job.suite.name = suite;
  job.arguments = fmt::format("suites={} count={}", suite, count);
  const Outcome outcome = runner.run(job);
  const Transcript transcript = read_transcript(outcome.output);
  if (!transcript.finished || !transcript.passed) {
    throw ProcessError(fmt::format("{} with count={} came to no good end", suite, count));
  }
  return outcome.seconds;
}

/// The shortest of several runs.
class Shortest {
 public:
  void add(double seconds) { seconds_ = seconds_ ? std::min(*seconds_, seconds) : seconds; }
  double get() const { return seconds_.value_or(0); }

 private:
  std::optional<double> seconds_;
};

double rate(const Loop& loop, const Shortest& few, const Shortest& many) {
  const double seconds = std::max(many.get() - few.get(), 1e-9);
  return static_cast<double>(loop.many - loop.few) * loop.units / seconds;
}

std::string rate_text(const std::optional<double>& rate, const std::string& unit) {
  if (!rate) return "-";
  return unit == "instructions" ? fmt::format("{:.0f} MIPS", *rate / 1e6)
                                : fmt::format("{:.0f} k/s, {:.2f} us", *rate / 1e3, 1e6 / *rate);
}

}  // namespace

std::vector<Speed> measure_speed(const Options& options, const std::string& machine,
                                 unsigned repeat, const Runner& qemu, const Runner* platform) {
  const Folder folder(options.keep);
  Job job;
  job.machine = machine;
  job.payload = options.payload;
  job.firmware = options.firmware;
  job.deadline_seconds = options.deadline_seconds;
  job.folder = folder.make("speed");
  std::vector<Speed> speeds;
  for (const Loop& loop : kLoops) {
    std::array<Shortest, 4> times;
    for (unsigned n = 0; n < repeat; ++n) {
      times[0].add(run_seconds(qemu, job, loop.suite, loop.few));
      times[1].add(run_seconds(qemu, job, loop.suite, loop.many));
      if (platform == nullptr) continue;
      times[2].add(run_seconds(*platform, job, loop.suite, loop.few));
      times[3].add(run_seconds(*platform, job, loop.suite, loop.many));
    }
    Speed speed{loop.suite, loop.unit, rate(loop, times[0], times[1]), {}, times[0].get(), 0};
    if (platform != nullptr) {
      speed.platform = rate(loop, times[2], times[3]);
      speed.platform_boot = times[2].get();
    }
    speeds.push_back(std::move(speed));
  }
  return speeds;
}

std::string to_text(const std::vector<Speed>& speeds) {
  std::string text =
      fmt::format("{:<18} {:>20} {:>20} {:>9}\n", "speed", "QEMU", "platform", "ratio");
  const auto out = std::back_inserter(text);
  for (const Speed& s : speeds) {
    fmt::format_to(out, "{:<18} {:>20} {:>20} {:>9}\n", s.suite, rate_text(s.qemu, s.unit),
                   rate_text(s.platform, s.unit),
                   s.platform ? fmt::format("{:.2f}", *s.platform / *s.qemu) : "-");
  }
  if (!speeds.empty()) {
    fmt::format_to(out, "{:<18} {:>18.2f} s {:>18.2f} s\n", "boot and few", speeds[0].qemu_boot,
                   speeds[0].platform_boot);
  }
  return text;
}

nlohmann::json to_json(const std::vector<Speed>& speeds) {
  nlohmann::json json = nlohmann::json::array();
  for (const Speed& s : speeds) {
    nlohmann::json entry = {
        {"suite", s.suite}, {"unit", s.unit}, {"qemu_boot_seconds", s.qemu_boot}};
    if (s.qemu) entry["qemu_per_second"] = *s.qemu;
    if (s.platform) {
      entry["platform_per_second"] = *s.platform;
      entry["platform_boot_seconds"] = s.platform_boot;
    }
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace xive::crosscheck
