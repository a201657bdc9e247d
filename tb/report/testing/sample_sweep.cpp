// SPDX-License-Identifier: Apache-2.0
#include "tb/report/testing/sample_sweep.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>

#include "sc_models/machine/trace/trip_tracer.h"
#include "sc_models/rules/random.h"

namespace xive::report::testing {
namespace {

using result::Record;

template <std::size_t N>
const char* pick(const std::array<const char*, N>& values, std::uint64_t& place) {
  const char* value = values[place % N];
  place /= N;
  return value;
}

/// A grid over five keys, and a sixth with a value of its own for each point.
void set_keys(Record& record, std::uint64_t point) {
  std::uint64_t place = point;
  record.settings = {
      {"platform.cores", pick(std::array{"1", "2", "3", "4"}, place)},
      {"platform.hops.esb.latency_ns", pick(std::array{"50.0", "100.0", "200.0"}, place)},
      {"platform.hops.presenter.latency_ns", pick(std::array{"10.0", "20.0", "40.0"}, place)},
      {"platform.tima", pick(std::array{"model", "rtl", "lockstep"}, place)},
      {"platform.tima_period_ps", pick(std::array{"250", "500", "1000"}, place)},
      {"run.pause_us", fmt::format("{:.3f}", 0.5 + 0.00075 * static_cast<double>(point))},
      {"run.triggers", "4000"},
  };
}

double setting(const Record& record, const char* key) {
  return std::stod(record.settings.at(key));
}

void add_samples(Record& record, const std::string& stem, double typical, Random& random) {
  const double noise = static_cast<double>(random.below(1000)) / 1000;
  const auto ns = [](double value) { return std::round(value * 1000) / 1000; };
  record.metrics[stem + ".count"] = static_cast<double>(100 + random.below(4000));
  record.metrics[stem + ".min_ns"] = ns(typical * 0.6);
  record.metrics[stem + ".median_ns"] = ns(typical * (1 + 0.1 * noise));
  record.metrics[stem + ".p99_ns"] = ns(typical * (2 + 3 * noise));
  record.metrics[stem + ".max_ns"] = ns(typical * (5 + 40 * noise));
}

void add_metrics(Record& record, Random& random) {
  const double mmio = setting(record, "platform.hops.esb.latency_ns");
  const double presenter = setting(record, "platform.hops.presenter.latency_ns");
  const double period = setting(record, "platform.tima_period_ps") / 1000;
  for (unsigned k = 0; k < machine::kTripKinds; ++k) {
    const std::string kind =
        fmt::format("latency.{}", to_string(static_cast<machine::TripKind>(k)));
    double sum = 0;
    for (unsigned s = 1; s < 12; ++s) {
      const auto station = static_cast<machine::Station>(s);
      const double typical = station == machine::Station::Present ? presenter + 3 * period
                             : station == machine::Station::Line  ? 2 * period
                                                                  : 5.0 * s + mmio / 10;
      sum += typical;
      add_samples(record, fmt::format("{}.stations.{}", kind, to_string(station)), typical, random);
    }
    add_samples(record, kind + ".source_to_exception", sum, random);
    add_samples(record, kind + ".source_to_eoi", sum + mmio, random);
  }
  for (unsigned n = 0; n < 18; ++n) {
    record.metrics[fmt::format("events.kind{:02}", n)] = static_cast<double>(random.below(20'000));
  }
  record.metrics["lost"] = 0;
  record.metrics["duplicated"] = 0;
}

void add_rules(Record& record, Random& random) {
  for (unsigned n = 1; n <= 128; ++n) {
    const char* group = n <= 60 ? "TIMA-P" : n <= 100 ? "XIVE-P" : "CHK-R";
    record.rules.push_back(
        {fmt::format("{}{:02}", group, n), n % 40 == 39 ? 0 : 1 + random.below(10'000), 0});
  }
}

void judge(Record& record, Random& random) {
  record.verdict = result::Verdict::Pass;
  switch (random.below(200)) {
    case 0:
      record.verdict = result::Verdict::Timeout;
      record.failures = {"killed at its deadline of 120 s"};
      break;
    case 1:
      record.failures = {fmt::format("TIMA-P07 fired {} times: IPB keeps what was presented",
                                     1 + random.below(9))};
      record.rules[6].fired = 1;
      record.capsule = "capsule-1";
      break;
    case 2:
      record.failures = {fmt::format("expected lost == 0, found lost = {}", 1 + random.below(5))};
      break;
    default:
      // Large machines with a slow bus miss a bound.
      if (record.settings.at("platform.cores") == "4" &&
          record.settings.at("platform.hops.esb.latency_ns") == "200.0" && random.chance(40)) {
        record.failures = {
            fmt::format("expected latency.ipi.source_to_exception.p99_ns < 2000, found {}",
                        2000 + random.below(900))};
      }
  }
  if (!record.failures.empty() && record.verdict == result::Verdict::Pass) {
    record.verdict = result::Verdict::Fail;
  }
}

}  // namespace

Record sample_record(const SampleSweep& sweep, std::uint64_t number) {
  Random random(number, 1);
  Random tonight(number, 2 + sweep.night);
  Record record;
  record.suite = "load";
  set_keys(record, number / sweep.seeds);
  record.seed = 1 + number % sweep.seeds;
  record.config_hash = fmt::format("{:016x}", number / sweep.seeds);
  record.build = sample_batch(sweep).build;
  add_metrics(record, random);
  add_rules(record, random);
  judge(record, sweep.night % 10 == 9 ? tonight : random);
  record.digest = fmt::format("{:016x}{:016x}", random.next(), random.next());
  record.reproduce = "xive-cosim run --config config.yaml --firmware tables";
  record.host = {{"wall_s", 0.04 + 1e-5 * static_cast<double>(tonight.below(1000))},
                 {"cpu_s", 0.03 + 1e-5 * static_cast<double>(tonight.below(1000))}};
  return record;
}

std::vector<Record> sample_records(const SampleSweep& sweep) {
  std::vector<Record> records;
  records.reserve(sweep.points * sweep.seeds);
  for (std::uint64_t n = 0; n < sweep.points * sweep.seeds; ++n) {
    records.push_back(sample_record(sweep, n));
  }
  return records;
}

ledger::Batch sample_batch(const SampleSweep& sweep) {
  ledger::Batch batch;
  batch.id = static_cast<std::int64_t>(sweep.night) + 1;
  batch.name = "sample";
  batch.started =
      fmt::format("2030-{:02}-{:02}T01:15:00Z", 1 + sweep.night / 28 % 12, 1 + sweep.night % 28);
  batch.host = "host";
  batch.build = {"0.1.0",
                 fmt::format("{:012x}", (sweep.night + 1) * 0x9e3779b97f4aULL & 0xffffffffffffULL),
                 false,
                 {{"compiler", "GNU 12.2.0"}, {"verilator", "5.006"}}};
  batch.jobs = sweep.points * sweep.seeds;
  return batch;
}

Page sample_page(const SampleSweep& sweep, std::uint64_t nights) {
  Page page;
  page.title = "Sweep sample";
  page.planned = sweep.points * sweep.seeds;
  for (unsigned s = 0; s < machine::kStations; ++s) {
    page.hops.emplace_back(to_string(static_cast<machine::Station>(s)));
  }
  const std::vector<Record> records = sample_records(sweep);
  for (std::size_t n = 0; n < records.size(); ++n) {
    page.jobs.push_back({fmt::format("{:06}", n), records[n]});
  }
  for (std::uint64_t night = 0; night < nights; ++night) {
    SampleSweep earlier = sweep;
    earlier.night = night;
    ledger::Batch batch = sample_batch(earlier);
    batch.runs = page.planned;
    batch.passed = page.planned - night * page.planned / 500;
    const double drift = 1 + 0.01 * static_cast<double>(night);
    page.trend.push_back({batch, {{"latency.ipi.source_to_exception.median_ns", 600 * drift}}});
    page.started = batch.started;
    page.host = batch.host;
  }
  return page;
}

}  // namespace xive::report::testing
