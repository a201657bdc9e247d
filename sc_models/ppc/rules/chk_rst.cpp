// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/rules/chk_rst.h"

#include <fmt/format.h>

#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {

std::string differences(const ArchState& expected, const ArchState& actual) {
  std::string text;
  const auto compare = [&](const std::string& name, std::uint64_t want, std::uint64_t have) {
    if (want != have) text += fmt::format(" {}={:#x} (expected {:#x})", name, have, want);
  };
  for (unsigned n = 0; n < 32; ++n) compare(fmt::format("r{}", n), expected.gpr[n], actual.gpr[n]);
  for (unsigned n = 0; n < 4; ++n) {
    compare(fmt::format("sprg{}", n), expected.sprg[n], actual.sprg[n]);
  }
  for (unsigned n = 0; n < 2; ++n) {
    compare(fmt::format("hsprg{}", n), expected.hsprg[n], actual.hsprg[n]);
  }
  compare("nip", expected.nip, actual.nip);
  compare("msr", expected.msr, actual.msr);
  compare("lr", expected.lr, actual.lr);
  compare("ctr", expected.ctr, actual.ctr);
  compare("xer", expected.xer, actual.xer);
  compare("cr", expected.cr, actual.cr);
  compare("srr0", expected.srr0, actual.srr0);
  compare("srr1", expected.srr1, actual.srr1);
  compare("hsrr0", expected.hsrr0, actual.hsrr0);
  compare("hsrr1", expected.hsrr1, actual.hsrr1);
  compare("dar", expected.dar, actual.dar);
  compare("dsisr", expected.dsisr, actual.dsisr);
  compare("lpcr", expected.lpcr, actual.lpcr);
  compare("psscr", expected.psscr, actual.psscr);
  compare("hfscr", expected.hfscr, actual.hfscr);
  compare("hmeer", expected.hmeer, actual.hmeer);
  return text;
}

ChkRst::ChkRst(RuleBook& book)
    : book_(book),
      rule_(book.add({"CHK-RST",
                      "the first instruction after a reset finds every register as the reset "
                      "template says",
                      "scenarios.md 0.1, S3.2, S4.1"})) {}

void ChkRst::on_reset(const HardwareThread& thread, const ArchState& expected) {
  armed_[thread.config().pir] = expected;
}

void ChkRst::compare(const HardwareThread& thread) {
  const auto at = armed_.find(thread.config().pir);
  if (at == armed_.end()) return;
  book_.hit(rule_);
  const std::string text = differences(at->second, thread.regs());
  armed_.erase(at);
  if (!text.empty()) {
    book_.fire(rule_, thread.now(),
               fmt::format("thread {:#x} starts with{}", thread.config().pir, text));
  }
}

}  // namespace xive::ppc
