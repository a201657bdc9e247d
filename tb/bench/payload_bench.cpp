// SPDX-License-Identifier: Apache-2.0
/// The payload's loops on QEMU, on the platform with each kind of TIMA, and on the one without
/// times and checks (p9-fast.yaml), there also with the program of ./cosim tune when there is one,
/// all in turn: from reset to the payload, instructions per second, interrupt round trips per
/// second. A loop runs with few and with many repetitions; the
/// difference of the times is that of the repetitions, so that the boot falls out. The shortest
/// time of several runs counts.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tb/crosscheck/defaults.h"
#include "tb/crosscheck/folder.h"
#include "tb/crosscheck/machine.h"
#include "tb/crosscheck/transcript.h"

namespace xive::bench {
namespace {

using crosscheck::Job;
using crosscheck::Runner;
using host::ProcessOutcome;

/// The parts of a platform's run, as its result names them.
constexpr std::array<const char*, 4> kParts = {"timas", "routers", "rules", "rest"};

struct Sample {
  double wall = std::numeric_limits<double>::max();
  double processor = std::numeric_limits<double>::max();
  std::array<double, kParts.size()> parts{};  ///< seconds in each part

  void keep_shorter(const Sample& other) {
    if (other.processor < processor) parts = other.parts;
    wall = std::min(wall, other.wall);
    processor = std::min(processor, other.processor);
  }
};

struct Loop {
  const char* suite;
  std::uint64_t few, many;  ///< repetitions
  double units;             ///< in one repetition
};
/// The compute loop has sixteen instructions (firmware_tests/payload/suites/bench.c).
constexpr Loop kCompute{"bench_compute", 1, 60'000'001, 16};
constexpr Loop kTrips{"bench_interrupt", 1, 500'001, 1};

struct Contender {
  std::string name;
  const Runner* runner;
  std::vector<std::string> settings;
  Sample boot, compute, trips_few, trips;
};

Sample run(const Contender& contender, Job job, const char* suite, std::uint64_t count) {
  job.suite.name = suite;
  job.arguments = fmt::format("suites={} count={}", suite, count);
  job.settings = contender.settings;
  const std::string result = job.folder + "/result.json";
  std::filesystem::remove(result);
  const ProcessOutcome outcome = contender.runner->run(job);
  const crosscheck::Transcript transcript = crosscheck::read_transcript(outcome.output);
  if (!transcript.finished || !transcript.passed) {
    throw host::ProcessError(
        fmt::format("{}: {} with count={} came to no good end", contender.name, suite, count));
  }
  Sample sample;
  sample.wall = outcome.seconds;
  sample.processor = outcome.processor_seconds;
  if (std::ifstream in(result); in) {
    const nlohmann::json speed = nlohmann::json::parse(in).at("speed");
    for (std::size_t n = 0; n < kParts.size(); ++n) {
      sample.parts[n] =
          speed.at("parts").at(kParts[n]).get<double>() / 100 * speed.at("seconds").get<double>();
    }
  }
  return sample;
}

void measure(Contender& contender, const Job& job) {
  contender.boot.keep_shorter(run(contender, job, kCompute.suite, kCompute.few));
  contender.compute.keep_shorter(run(contender, job, kCompute.suite, kCompute.many));
  contender.trips_few.keep_shorter(run(contender, job, kTrips.suite, kTrips.few));
  contender.trips.keep_shorter(run(contender, job, kTrips.suite, kTrips.many));
}

/// A line of values, and below it each in proportion to the first one.
void print(const std::string& title, const std::vector<Contender>& contenders,
           const std::function<double(const Contender&)>& value, const char* format) {
  fmt::print("{:<34}", title);
  for (const Contender& c : contenders)
    fmt::print("{:>12}", fmt::format(fmt::runtime(format), value(c)));
  fmt::print("\n{:<34}", "  times QEMU");
  for (const Contender& c : contenders) fmt::print("{:>12.2f}", value(c) / value(contenders[0]));
  fmt::print("\n");
}

void report(const std::vector<Contender>& contenders, double Sample::*time) {
  fmt::print("{:<34}", time == &Sample::wall ? "by wall time" : "by processor time");
  for (const Contender& c : contenders) fmt::print("{:>12}", c.name);
  fmt::print("\n");
  const auto rate = [&](const Loop& loop, const Sample& few, const Sample& many) {
    return static_cast<double>(loop.many - loop.few) * loop.units /
           std::max(many.*time - few.*time, 1e-9);
  };
  print(
      "reset to payload, s", contenders, [&](const auto& c) { return c.boot.*time; }, "{:.2f}");
  print(
      "compute loop, MIPS", contenders,
      [&](const auto& c) { return rate(kCompute, c.boot, c.compute) / 1e6; }, "{:.0f}");
  print(
      "interrupt round trips, 1000/s", contenders,
      [&](const auto& c) { return rate(kTrips, c.trips_few, c.trips) / 1e3; }, "{:.0f}");
}

void report_parts(const std::vector<Contender>& contenders) {
  fmt::print("share of a round trip, percent\n");
  for (std::size_t n = 0; n < kParts.size(); ++n) {
    fmt::print("  {:<32}", kParts[n]);
    for (const Contender& c : contenders) {
      double all = 0;
      for (std::size_t k = 0; k < kParts.size(); ++k)
        all += c.trips.parts[k] - c.trips_few.parts[k];
      const double part = c.trips.parts[n] - c.trips_few.parts[n];
      fmt::print("{:>12}", all > 0 ? fmt::format("{:.1f}", 100 * part / all) : "");
    }
    fmt::print("\n");
  }
}

int run_all(const std::string& program, const std::string& tuned_program,
            const std::string& qemu_name, const std::string& payload, unsigned repeat) {
  const crosscheck::QemuInfo info = crosscheck::find_qemu(qemu_name);
  const auto qemu = crosscheck::make_qemu(info);
  const auto platform =
      crosscheck::make_platform(program, crosscheck::default_platform("powernv9"));
  const auto fast = crosscheck::make_platform(program, crosscheck::platform_config("p9-fast"));
  std::vector<Contender> contenders = {{"QEMU " + info.version, qemu.get(), {}, {}, {}, {}, {}}};
  const auto add = [&](const char* suffix, const Runner& runner, const std::string& tima) {
    contenders.push_back({tima + suffix, &runner, {"platform.tima=" + tima}, {}, {}, {}, {}});
  };
  for (const char* tima : {"model", "rtl", "lockstep"}) add("", *platform, tima);
  for (const char* tima : {"model", "rtl"}) add(" fast", *fast, tima);
  const bool tuned = std::filesystem::exists(tuned_program);
  const auto fastest =
      crosscheck::make_platform(tuned_program, crosscheck::platform_config("p9-fast"));
  for (const char* tima : {"model", "rtl"}) {
    if (tuned) add(" tuned", *fastest, tima);
  }
  const crosscheck::Folder folder("");
  Job job;
  job.machine = "powernv9";
  job.payload = crosscheck::payload_file(payload);
  job.folder = folder.make("speed");
  for (unsigned n = 0; n < repeat; ++n) {
    for (Contender& contender : contenders) measure(contender, job);
  }
  report(contenders, &Sample::wall);
  report(contenders, &Sample::processor);
  report_parts(contenders);
  return 0;
}

}  // namespace
}  // namespace xive::bench

int main(int argc, char** argv) {
  CLI::App app("Boot, compute loop and interrupt round trips, here and on QEMU");
  std::string qemu = "qemu-system-ppc64", payload = "be";
  const std::filesystem::path build =
      std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  std::string program = build / "xive-cosim";
  std::string tuned = build.parent_path() / "build-tuned" / "xive-cosim";
  unsigned repeat = 3;
  app.add_option("--qemu", qemu, "QEMU to compare with");
  app.add_option("--program", program, "xive-cosim to measure");
  app.add_option("--tuned", tuned, "That of ./cosim tune; left out when it does not exist");
  app.add_option("--payload", payload, "be, be-v1, le or an ELF file");
  app.add_option("--repeat", repeat, "Runs of each kind, in turn; the shortest one counts");
  CLI11_PARSE(app, argc, argv);
  try {
    return xive::bench::run_all(program, tuned, qemu, payload, repeat);
  } catch (const xive::host::ProcessError& error) {
    fmt::print(stderr, "payload_bench: {}\n", error.what());
    return 3;
  }
}
