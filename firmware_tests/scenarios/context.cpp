// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/context.h"

#include <algorithm>
#include <stdexcept>

#include "sc_models/rules/digest.h"

namespace xive::scenarios {

Context::Context(const Scenario& scenario, const Point& point, const FaultyVariant* faulty,
                 const CaseOptions& options)
    : scenario_(scenario),
      point_(point),
      faulty_(faulty),
      options_(options),
      step_(book_.add(
          {"SCN-STEP", "a step of the scenario gives what the scenario says", "scenarios.md 2"})),
      end_(book_.add({"SCN-END", "the scenario comes to its end", "scenarios.md 2"})) {
  watch(book_);
}

bool Context::faulty(std::string_view name) const {
  const auto& all = scenario_.faulty;
  if (std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; })) {
    throw std::out_of_range(fmt::format("{} has no variant '{}'", scenario_.id, name));
  }
  return faulty_ != nullptr && faulty_->name == name;
}

void Context::attach(std::function<Time()> clock, std::function<void()> stop) {
  clock_ = std::move(clock);
  stop_ = std::move(stop);
}

void Context::detach() {
  last_ = now();
  clock_ = {};
  stop_ = {};
}

void Context::account(Time simulated, const std::string& digest) {
  simulated_ += simulated;
  Digest chain;
  chain.add(digest_);
  chain.add(digest);
  digest_ = chain.text();
}

void Context::watch(RuleBook& other) {
  other.set_hook([this](std::string_view rule) { return on_violation(rule); });
}

/// A faulty variant that was caught need not run on: some of them never end.
std::uint64_t Context::on_violation(std::string_view rule) {
  if (faulty_ != nullptr && !caught()) {
    const auto& named = faulty_->caught_by;
    if (std::any_of(named.begin(), named.end(), [&](const auto& name) { return name == rule; })) {
      fired_.emplace(rule);
    }
    if (caught() && faulty_->silent.empty() && stop_) stop_();
  }
  return now();
}

}  // namespace xive::scenarios
