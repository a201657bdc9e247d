// SPDX-License-Identifier: Apache-2.0
/// The silent half of the rules' tests: on right behaviour no rule fires, and every rule has had a
/// chance to. With every knob, one at a time and all at once.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sc_models/rules/rule_report.h"
#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/rules/rules.h"
#include "sc_models/tima/rules/testing/traffic.h"

namespace xive::tima {
namespace {

struct Case {
  std::string name;
  Knobs knobs;
  unsigned threads;
  unsigned operations;
};

Case with(const std::string& name, bool Knobs::*knob, bool value) {
  Knobs knobs;
  knobs.*knob = value;
  return {name, knobs, 4, 40'000};
}

std::vector<Case> cases() {
  Knobs all;
  all.ack_recompute = all.pull64_lo = all.g1_pool_push = all.user_ring = all.cppr_load = true;
  all.low400_alias = false;
  return {{"Defaults", {}, 4, 200'000},
          {"OneThread", {}, 1, 40'000},
          {"EightThreads", {}, 8, 40'000},
          with("AckRecompute", &Knobs::ack_recompute, true),
          with("Pull64Lo", &Knobs::pull64_lo, true),
          with("PoolPush", &Knobs::g1_pool_push, true),
          with("NoLow400Alias", &Knobs::low400_alias, false),
          with("UserRing", &Knobs::user_ring, true),
          with("CpprLoad", &Knobs::cppr_load, true),
          {"AllKnobs", all, 3, 40'000}};
}

class SilentRules : public ::testing::TestWithParam<Case> {};

TEST_P(SilentRules, NoRuleFiresAndEveryRuleHasAChance) {
  Params params;
  params.threads = GetParam().threads;
  params.knobs = GetParam().knobs;
  ReferencePort port(params);
  RuleBook book;
  Rules rules(params, book);
  port.observe(&rules);
  testing::Traffic traffic(port, 0x5eed);
  rules.configure(traffic.inputs());
  for (unsigned done = 0; done < GetParam().operations; done += 1'000) {
    traffic.run(1'000);
    std::vector<ThreadState> states;
    for (unsigned t = 0; t < params.threads; ++t) {
      states.push_back(port.state(t));
    }
    rules.check_threads(states, port.now());
  }
  rules.finish(port.now());

  EXPECT_TRUE(book.clean()) << format_violations(book);
  for (const RuleBook::Entry& entry : book.entries()) {
    // One thread alone never matches twice, but it does match.
    EXPECT_GT(entry.hits, 0U) << entry.info.id << " never had a chance: " << entry.info.sentence;
  }
}

INSTANTIATE_TEST_SUITE_P(Reference, SilentRules, ::testing::ValuesIn(cases()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace xive::tima
