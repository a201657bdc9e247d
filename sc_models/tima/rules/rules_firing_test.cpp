// SPDX-License-Identifier: Apache-2.0
/// The firing half of the rules' tests: for every rule, right behaviour with one thing broken makes
/// it fire. The table is held against the registered rules, so that no rule comes without its
/// fault.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "sc_models/rules/rule_report.h"
#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/rules/rules.h"
#include "sc_models/tima/rules/testing/breaks.h"
#include "sc_models/tima/rules/testing/traffic.h"

namespace xive::tima {
namespace {

using testing::Break;
using testing::Recording;

struct Recorded {
  StaticInputs inputs;
  Recording recording;
};

const Recorded& recorded() {
  static const Recorded value = [] {
    ReferencePort port(Params{});
    testing::Recorder recorder;
    port.observe(&recorder);
    testing::Traffic traffic(port, 7);
    traffic.run(30'000);
    return Recorded{traffic.inputs(), recorder.recording()};
  }();
  return value;
}

RuleBook judge(const Recording& recording) {
  RuleBook book;
  Rules rules(Params{}, book);
  rules.configure(recorded().inputs);
  tell(recording, rules);
  return book;
}

TEST(FiringRules, TheUnbrokenRecordingIsCleanAndHitsEveryRule) {
  const RuleBook book = judge(recorded().recording);
  EXPECT_TRUE(book.clean()) << format_violations(book);
  for (const RuleBook::Entry& entry : book.entries()) {
    EXPECT_GT(entry.hits, 0U) << entry.info.id;
  }
}

TEST(FiringRules, EveryRegisteredRuleHasAFault) {
  std::set<std::string_view> broken;
  for (const Break& fault : testing::breaks()) {
    broken.insert(fault.rule);
  }
  std::set<std::string_view> registered;
  for (const rules::RuleRow& row : rules::rule_table()) {
    EXPECT_TRUE(registered.insert(row.info.id).second) << row.info.id << " is registered twice";
  }
  EXPECT_EQ(broken, registered);
}

class FiringRule : public ::testing::TestWithParam<Break> {};

TEST_P(FiringRule, Fires) {
  const Break& fault = GetParam();
  Recording broken = recorded().recording;
  std::size_t at = 0;
  while (at < broken.size() && !fault.apply(broken, at)) {
    ++at;
  }
  ASSERT_LT(at, broken.size()) << "no opportunity for: " << fault.fault;

  // Told up to and including the fault and what follows it closely: a rule may need the next event.
  broken.resize(std::min(broken.size(), at + 200));
  const RuleBook book = judge(broken);

  const RuleBook::Entry* entry = book.find(fault.rule);
  ASSERT_NE(entry, nullptr);
  EXPECT_GT(entry->fired, 0U) << fault.fault << ": the rule stays silent\n"
                              << format_violations(book);
  for (const Violation& violation : book.violations()) {
    EXPECT_GE(violation.time, recorded().recording[at].cycle)
        << violation.rule << " fired before the fault";
    EXPECT_FALSE(violation.detail.empty());
  }
}

std::string name_of(const ::testing::TestParamInfo<Break>& info) {
  std::string name(info.param.rule);
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Faults, FiringRule, ::testing::ValuesIn(testing::breaks()), name_of);

}  // namespace
}  // namespace xive::tima
