// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/catalogue.h"

#include <algorithm>
#include <cctype>

namespace xive::scenarios {

const std::vector<Scenario>& catalogue() {
  static const std::vector<Scenario> all = [] {
    std::vector<Scenario> list;
    for (auto* group : {group_s1, group_s3, group_s5, group_s6}) {
      std::vector<Scenario> part = group();
      std::move(part.begin(), part.end(), std::back_inserter(list));
    }
    return list;
  }();
  return all;
}

const Scenario* find(std::string_view id) {
  for (const Scenario& scenario : catalogue()) {
    const bool same = std::equal(
        id.begin(), id.end(), scenario.id.begin(), scenario.id.end(),
        [](unsigned char a, unsigned char b) { return std::toupper(a) == std::toupper(b); });
    if (same) return &scenario;
  }
  return nullptr;
}

}  // namespace xive::scenarios
