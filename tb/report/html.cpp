// SPDX-License-Identifier: Apache-2.0
#include "tb/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "tb/report/resources.h"

namespace xive::report {
namespace {

using result::Json;
using result::Record;
using result::Verdict;

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
  if (value == static_cast<double>(static_cast<std::int64_t>(value))) {
    return static_cast<std::int64_t>(value);
  }
  return Json::parse(fmt::format("{:.6g}", value));
}

Json numbers(const std::vector<std::optional<double>>& values) {
  const bool equal = std::all_of(values.begin(), values.end(),
                                 [&](const auto& value) { return value == values.front(); });
  if (equal && values.front()) return {{"all", number(*values.front())}};
  Json each = Json::array();
  for (const auto& value : values) each.push_back(value ? number(*value) : Json());
  return {{"each", each}};
}

/// How much a metric tells on a page: medians and 99 % first, extremes and counts last.
int telling(const std::string& name) {
  for (const char* end : {".p99_ns", ".median_ns"}) {
    if (name.size() > std::string_view(end).size() &&
        name.rfind(end) == name.size() - std::string_view(end).size()) {
      return 0;
    }
  }
  if (name.rfind("latency.", 0) != 0) return 1;
  return name.rfind("max_ns") != std::string::npos ? 2 : 3;
}

Json metric_columns(const Page& page, std::size_t max_values) {
  std::map<std::string, std::vector<std::optional<double>>> columns;
  for (std::size_t i = 0; i < page.jobs.size(); ++i) {
    const auto add = [&](const std::map<std::string, double>& metrics, const char* prefix) {
      for (const auto& [name, value] : metrics) {
        auto& column = columns[prefix + name];
        column.resize(page.jobs.size());
        column[i] = value;
      }
    };
    add(page.jobs[i].record.metrics, "");
    add(page.jobs[i].record.host, "host.");
  }
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

std::string replaced(std::string text, const std::string& mark, const std::string& by) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? text : text.replace(at, mark.size(), by);
}

}  // namespace

Json page_data(const Page& page, std::size_t max_values) {
  std::set<std::string> key_names;
  for (const JobResult& job : page.jobs) {
    for (const auto& [key, value] : job.record.settings) key_names.insert(key);
  }
  Json keys = Json::object();
  for (const std::string& key : key_names) {
    std::vector<std::string> values;
    for (const JobResult& job : page.jobs) {
      const auto found = job.record.settings.find(key);
      values.push_back(found == job.record.settings.end() ? "default" : found->second);
    }
    keys[key] = words(values);
  }
  std::vector<std::string> verdicts, folders, seeds;
  std::map<std::string, result::RuleCount> rules;
  std::map<std::string, std::vector<const JobResult*>> failures;
  for (const JobResult& job : page.jobs) {
    verdicts.emplace_back(name(job.record.verdict));
    folders.push_back(job.folder);
    seeds.push_back(fmt::format("{}", job.record.seed));
    for (const result::RuleCount& rule : job.record.rules) {
      result::RuleCount& sum = rules[rule.id];
      sum.id = rule.id;
      sum.hits += rule.hits;
      sum.fired += rule.fired;
    }
    if (!job.record.passed()) failures[job.record.signature()].push_back(&job);
  }
  Json rule_list = Json::array();
  for (const auto& [id, rule] : rules) {
    rule_list.push_back({{"id", id}, {"hits", rule.hits}, {"fired", rule.fired}});
  }
  std::vector<std::pair<std::string, std::vector<const JobResult*>>> buckets(failures.begin(),
                                                                             failures.end());
  std::stable_sort(buckets.begin(), buckets.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  Json failure_list = Json::array();
  for (const auto& [signature, jobs] : buckets) {
    Json list = Json::array();
    for (const JobResult* job : jobs) {
      list.push_back(
          {{"folder", job->folder},
           {"key", job->record.key()},
           {"reproduce", fmt::format("cd jobs/{} && {}", job->folder, job->record.reproduce)},
           {"capsule", job->record.capsule.empty()
                           ? std::string()
                           : fmt::format("jobs/{}/{}", job->folder, job->record.capsule)}});
    }
    const Record& first = jobs.front()->record;
    failure_list.push_back(
        {{"signature", signature},
         {"first", first.failures.empty() ? std::string() : first.failures.front()},
         {"jobs", std::move(list)}});
  }
  Json metrics = metric_columns(page, max_values);
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
  const result::Build build = page.jobs.empty() ? result::Build{} : page.jobs.front().record.build;
  return {{"title", page.title},
          {"started", page.started},
          {"host", page.host},
          {"planned", page.planned},
          {"build",
           {{"version", build.version},
            {"commit", build.commit},
            {"dirty", build.dirty},
            {"tools", build.tools}}},
          {"jobs",
           {{"count", page.jobs.size()},
            {"verdict", words(verdicts)},
            {"folder",
             {{"words", folders},
              {"at",
               [&] {
                 std::vector<std::size_t> at(folders.size());
                 for (std::size_t i = 0; i < at.size(); ++i) at[i] = i;
                 return at;
               }()}}},
            {"seed", words(seeds)}}},
          {"keys", std::move(keys)},
          {"metrics", std::move(metrics)},
          {"hops", page.hops},
          {"rules", std::move(rule_list)},
          {"failures", std::move(failure_list)},
          {"trend", std::move(trend)}};
}

std::string to_html(const Page& page) {
  // Inside <script> only "</" could end the element.
  std::string data = page_data(page).dump();
  for (std::size_t at = data.find("</"); at != std::string::npos; at = data.find("</", at + 3)) {
    data.insert(at + 1, "\\");
  }
  std::string html(resources::page());
  html = replaced(std::move(html), "@@STYLE@@", std::string(resources::style()));
  html = replaced(std::move(html), "@@SCRIPT@@", std::string(resources::script()));
  html = replaced(std::move(html), "@@CHART@@", std::string(resources::chart_library()));
  return replaced(std::move(html), "@@DATA@@", data);
}

}  // namespace xive::report
