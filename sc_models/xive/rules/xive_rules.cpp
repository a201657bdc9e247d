// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/rules/xive_rules.h"

#include <fmt/format.h>

#include "sc_models/xive/rules/chip_observer.h"

namespace xive::ic {

XiveRules::XiveRules(RuleBook& book, platform::MemoryPort* memory) : book_(book), memory_(memory) {
  std::size_t n = 0;
#define X(name, id, sentence) index_[n++] = book_.add({id, sentence, "xive-chip.md 9.1, " #name});
  XIVE_CHIP_RULES(X)
#undef X
}

XiveRules::~XiveRules() = default;

Observer& XiveRules::chip(unsigned n) {
  while (chips_.size() <= n) chips_.push_back(std::make_unique<ChipObserver>(*this));
  return *chips_[n];
}

void XiveRules::finish() {
  check(ChipRule::Cons, open_.empty(),
        [&] { return fmt::format("{} events never came to an end", open_.size()); });
  check(ChipRule::P7, !expect_trigger_,
        [&] { return fmt::format("source {:#x} forwarded, no event followed", expected_source_); });
}

}  // namespace xive::ic
