// SPDX-License-Identifier: Apache-2.0
#include "tb/result/record.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

namespace xive::result {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 5> kVerdicts{{
    {Verdict::Pass, "pass"},
    {Verdict::Fail, "fail"},
    {Verdict::Error, "error"},
    {Verdict::Timeout, "timeout"},
    {Verdict::Crash, "crash"},
}};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool has_digit(std::string_view word) {
  for (const char c : word) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) return true;
  }
  return false;
}

/// "TIMA-P55" and "CHK-EQ" are names of rules, not numbers: they are what a bucket is about.
bool is_rule_id(std::string_view word) {
  return word.size() > 2 && std::isupper(static_cast<unsigned char>(word[0])) != 0 &&
         word.find('-') != std::string_view::npos;
}

/// "p99_ns" of "latency.ipi.source_to_eoi.p99_ns": the number is part of the name of a metric.
bool is_percentile(std::string_view word) {
  if (word.size() < 2 || word[0] != 'p') return false;
  const std::size_t end = word.find_first_not_of("0123456789", 1);
  return end != 1 && (end == std::string_view::npos || word.substr(end) == "_ns");
}

/// What a word is for a signature: numbers and paths are not.
std::string normalised_word(std::string_view word) {
  if (word.find('/') != std::string_view::npos) return "#";
  if (!has_digit(word) || is_rule_id(word)) return std::string(word);
  const std::size_t dot = word.find('.');
  if (dot == std::string_view::npos || has_digit(word.substr(0, 1))) {
    return is_percentile(word) ? std::string(word) : "#";
  }
  return normalised_word(word.substr(0, dot)) + "." + normalised_word(word.substr(dot + 1));
}

}  // namespace

std::string_view name(Verdict verdict) {
  for (const auto& [value, text] : kVerdicts) {
    if (value == verdict) return text;
  }
  return "?";
}

Verdict verdict_of(std::string_view name) {
  for (const auto& [value, text] : kVerdicts) {
    if (text == name) return value;
  }
  throw RecordError(fmt::format("unknown verdict '{}'", name));
}

std::string normalised(std::string_view line) {
  std::string out;
  std::size_t i = 0;
  while (i < line.size()) {
    if (!is_word(line[i]) && line[i] != '/') {
      out += line[i++];
      continue;
    }
    std::size_t end = i;
    while (end < line.size() &&
           (is_word(line[end]) || line[end] == '-' || line[end] == '/' ||
            (line[end] == '.' && end + 1 < line.size() && is_word(line[end + 1])))) {
      ++end;
    }
    out += normalised_word(line.substr(i, end - i));
    i = end;
  }
  return out;
}

std::string key_of(const std::string& suite, const std::map<std::string, std::string>& settings,
                   std::uint64_t seed) {
  std::string text = suite;
  for (const auto& [key, value] : settings) text += fmt::format("|{}={}", key, value);
  return text + fmt::format("|seed={}", seed);
}

std::string Record::signature() const {
  if (passed()) return {};
  const std::string line = failures.empty() ? std::string() : normalised(failures.front());
  return line.empty() ? std::string(name(verdict)) : fmt::format("{}: {}", name(verdict), line);
}

std::string to_text(const Record& record) {
  Json rules = Json::array();
  for (const RuleCount& rule : record.rules) {
    rules.push_back({{"id", rule.id}, {"hits", rule.hits}, {"fired", rule.fired}});
  }
  const Json json{{"record", kRecordVersion},
                  {"suite", record.suite},
                  {"settings", record.settings},
                  {"seed", record.seed},
                  {"config_hash", record.config_hash},
                  {"build",
                   {{"version", record.build.version},
                    {"commit", record.build.commit},
                    {"dirty", record.build.dirty},
                    {"tools", record.build.tools}}},
                  {"verdict", std::string(name(record.verdict))},
                  {"digest", record.digest},
                  {"rules", std::move(rules)},
                  {"metrics", record.metrics},
                  {"failures", record.failures},
                  {"reproduce", record.reproduce},
                  {"capsule", record.capsule}};
  // A failure may quote what a process printed, whatever its bytes.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string host_text(const Record& record) {
  return Json{{"host", record.host}}.dump() + "\n";
}

Record from_text(std::string_view text, std::string_view host) {
  using nlohmann::json;
  try {
    const json tree = json::parse(text);
    if (const int version = tree.at("record").get<int>(); version != kRecordVersion) {
      throw RecordError(
          fmt::format("expected record version {}, found {}", kRecordVersion, version));
    }
    Record record;
    tree.at("suite").get_to(record.suite);
    tree.at("settings").get_to(record.settings);
    tree.at("seed").get_to(record.seed);
    record.config_hash = tree.value("config_hash", "");  // results of earlier versions have none
    const json& build = tree.at("build");
    build.at("version").get_to(record.build.version);
    build.at("commit").get_to(record.build.commit);
    build.at("dirty").get_to(record.build.dirty);
    build.at("tools").get_to(record.build.tools);
    record.verdict = verdict_of(tree.at("verdict").get<std::string>());
    tree.at("digest").get_to(record.digest);
    for (const json& rule : tree.at("rules")) {
      record.rules.push_back({rule.at("id").get<std::string>(),
                              rule.at("hits").get<std::uint64_t>(),
                              rule.at("fired").get<std::uint64_t>()});
    }
    tree.at("metrics").get_to(record.metrics);
    tree.at("failures").get_to(record.failures);
    tree.at("reproduce").get_to(record.reproduce);
    tree.at("capsule").get_to(record.capsule);
    if (!host.empty()) json::parse(host).at("host").get_to(record.host);
    return record;
  } catch (const json::exception& error) {
    throw RecordError(fmt::format("no result record: {}", error.what()));
  }
}

}  // namespace xive::result
