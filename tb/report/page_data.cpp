// SPDX-License-Identifier: Apache-2.0
#include "tb/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace xive::report {
namespace {

using result::Json;
using result::Record;

/// One value for all jobs, or a dictionary of words and the place of each job's word in it.
Json words(const std::vector<std::string>& values) {
  std::map<std::string, std::size_t> places;
  std::vector<std::string> list;
  std::vector<std::size_t> at;
  for (const std::string& value : values) {
    const auto [place, fresh] = places.try_emplace(value, list.size());
    if (fresh) list.push_back(value);
    at.push_back(place->second);
  }
  if (list.size() == 1) return {{"all", list.front()}};
  return {{"words", list}, {"at", at}};
}

/// Six digits are what a chart can show; the exact numbers are in results.jsonl.
Json number(double value) {
  const auto whole = [](double number) {
    return number == static_cast<double>(static_cast<std::int64_t>(number));
  };
  if (!whole(value)) {
    std::array<char, 32> text{};
    const char* const end = fmt::format_to(text.data(), "{:.6g}", value);
    std::from_chars(text.data(), end, value);
  }
  return whole(value) ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

Json numbers(const std::vector<double>& values) {
  const bool equal = std::all_of(values.begin(), values.end(),
                                 [&](double value) { return value == values.front(); });
  if (equal) return {{"all", number(values.front())}};
  Json each = Json::array();
  for (const double value : values) each.push_back(std::isnan(value) ? Json() : number(value));
  return {{"each", std::move(each)}};
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// How much a metric tells on a page: medians, 99 % and whatever is end to end first, extremes of
/// hops and counts last.
int telling(const std::string& name) {
  if (name.rfind("latency.", 0) != 0) return 1;
  if (ends_with(name, ".p99_ns") || ends_with(name, ".median_ns")) return 0;
  if (name.find(".source_to_") != std::string::npos) return 1;
  return ends_with(name, "max_ns") ? 2 : 3;
}

Json metric_columns(const Page& page, std::size_t max_values) {
  ledger::Columns columns, host;
  for (std::size_t i = 0; i < page.jobs.size(); ++i) {
    ledger::add_to(columns, page.jobs[i].record.metrics, i, page.jobs.size());
    ledger::add_to(host, page.jobs[i].record.host, i, page.jobs.size());
  }
  for (auto& [name, column] : host) columns["host." + name] = std::move(column);
  std::vector<std::string> order;
  for (const auto& [name, column] : columns) order.push_back(name);
  std::stable_sort(order.begin(), order.end(), [](const std::string& a, const std::string& b) {
    return telling(a) < telling(b);
  });
  std::set<std::string> kept;
  std::map<std::string, Json> encoded;
  std::size_t used = 0;
  for (const std::string& name : order) {
    Json column = numbers(columns[name]);
    const std::size_t size = column.contains("all") ? 1 : page.jobs.size();
    if (used + size > max_values) continue;
    used += size;
    encoded[name] = std::move(column);
  }
  Json result = Json::object();
  for (auto& [name, column] : encoded) result[name] = std::move(column);
  return result;
}

/// A word of each job.
template <class Get>
Json column(const Page& page, const Get& get) {
  std::vector<std::string> values;
  values.reserve(page.jobs.size());
  for (const JobResult& job : page.jobs) values.push_back(get(job));
  return words(values);
}

Json job_columns(const Page& page) {
  return {
      {"verdict",
       column(page, [](const auto& job) { return std::string(name(job.record.verdict)); })},
      {"folder", column(page, [](const auto& job) { return job.folder; })},
      {"seed", column(page, [](const auto& job) { return fmt::format("{}", job.record.seed); })},
      {"digest", column(page, [](const auto& job) { return job.record.digest; })},
      {"signature", column(page, [](const auto& job) { return job.record.signature(); })},
      {"reproduce", column(page, [](const auto& job) { return job.record.reproduce; })},
      {"capsule", column(page, [](const auto& job) { return job.record.capsule; })}};
}

Json key_columns(const Page& page) {
  std::set<std::string> names;
  for (const JobResult& job : page.jobs) {
    for (const auto& [key, value] : job.record.settings) names.insert(key);
  }
  Json keys = Json::object();
  keys["suite"] = column(page, [](const auto& job) { return job.record.suite; });
  for (const std::string& key : names) {
    keys[key] = column(page, [&key](const auto& job) {
      const auto found = job.record.settings.find(key);
      return found == job.record.settings.end() ? std::string("default") : found->second;
    });
  }
  return keys;
}

Json rule_list(const Page& page) {
  struct Sum {
    std::uint64_t hits = 0, fired = 0, jobs = 0;
  };
  std::map<std::string, Sum> rules;
  for (const JobResult& job : page.jobs) {
    for (const result::RuleCount& rule : job.record.rules) {
      Sum& sum = rules[rule.id];
      sum.hits += rule.hits;
      sum.fired += rule.fired;
      sum.jobs += rule.hits > 0 ? 1U : 0U;
    }
  }
  Json list = Json::array();
  for (const auto& [id, sum] : rules) {
    list.push_back({{"id", id}, {"hits", sum.hits}, {"fired", sum.fired}, {"jobs", sum.jobs}});
  }
  return list;
}

/// Buckets of failures, the largest first.
Json failure_list(const Page& page) {
  std::map<std::string, std::vector<std::size_t>> by_signature;
  for (std::size_t i = 0; i < page.jobs.size(); ++i) {
    const Record& record = page.jobs[i].record;
    if (!record.passed()) by_signature[record.signature()].push_back(i);
  }
  std::vector<std::pair<std::string, std::vector<std::size_t>>> buckets(by_signature.begin(),
                                                                        by_signature.end());
  std::stable_sort(buckets.begin(), buckets.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  Json list = Json::array();
  for (const auto& [signature, jobs] : buckets) {
    const Record& first = page.jobs[jobs.front()].record;
    list.push_back({{"signature", signature},
                    {"first", first.failures.empty() ? std::string() : first.failures.front()},
                    {"jobs", jobs}});
  }
  return list;
}

Json trend_list(const Page& page, const Json& metrics) {
  Json trend = Json::array();
  for (const Page::Night& night : page.trend) {
    Json means = Json::object();
    for (const auto& [name, value] : night.metrics) {
      if (metrics.contains(name)) means[name] = number(value);
    }
    trend.push_back({{"id", night.batch.id},
                     {"started", night.batch.started},
                     {"commit", night.batch.build.commit},
                     {"runs", night.batch.runs},
                     {"passed", night.batch.passed},
                     {"metrics", std::move(means)}});
  }
  return trend;
}

}  // namespace

Json page_data(const Page& page, std::size_t max_values) {
  Json metrics = metric_columns(page, max_values);
  Json trend = trend_list(page, metrics);
  const result::Build build = page.jobs.empty() ? result::Build{} : page.jobs.front().record.build;
  return {{"title", page.title},
          {"started", page.started},
          {"host", page.host},
          {"planned", page.planned},
          {"folder", page.folder},
          {"unreadable", page.unreadable},
          {"build",
           {{"version", build.version},
            {"commit", build.commit},
            {"dirty", build.dirty},
            {"tools", build.tools}}},
          {"jobs", {{"count", page.jobs.size()}, {"columns", job_columns(page)}}},
          {"keys", key_columns(page)},
          {"metrics", std::move(metrics)},
          {"hops", page.hops},
          {"rules", rule_list(page)},
          {"failures", failure_list(page)},
          {"trend", std::move(trend)},
          {"trend_note", page.trend_note}};
}

}  // namespace xive::report
