// SPDX-License-Identifier: Apache-2.0
// Every mutant of the model is noticed by the named rule; the same stimulus on the right model is
// silent. Together the mutants make every rule fire.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "sc_models/xive/router/trigger_data.h"
#include "sc_models/xive/source/source_unit.h"
#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;
namespace reg = gen1::reg;
namespace w0 = gen1::end_w0;

constexpr std::uint32_t kVqb = w0::kValid | w0::kEnqueue | w0::kBacklog;
constexpr std::uint32_t kVqnb = kVqb | w0::kUcondNotify;

void shot(Machine& m) {
  m.trigger(Machine::kSource);
  m.esb(Machine::kSource, 0xc00);
}

/// Two events on an END with the given flags that escalates to END 9.
void escalate(Machine& m, std::uint32_t flags, bool dispatched) {
  m.usual_path({.w0 = kVqnb | w0::kEscalate | flags, .w4 = 9, .w5 = 0x99});
  m.set_end(9, {.eq = m.eq_address() + 0x10000, .vp = 0x301});
  m.set_vp(0x301);
  if (dispatched) m.dispatch(0, 0, 0, Machine::kVp);
  shot(m);
  shot(m);
}

void wrap(Machine& m) {
  m.usual_path({.w1 = end_w1::kGeneration | 1021U});
  for (int i = 0; i < 4; ++i) shot(m);
}

void watch(Machine& m, bool full, bool event) {
  m.usual_path();
  m.set_reg(reg::kEqcWatchSpec, (full ? reg::kWatchFull : 0U) | Machine::kEnd);
  const std::uint64_t d0 = m.reg(reg::kEqcWatchDat0);
  if (event) shot(m);
  m.set_reg(reg::kEqcWatchDat0 + 16, 0x123400000000);
  m.set_reg(reg::kEqcWatchDat0, d0);
  m.reg(reg::kEqcWatchSpec);
}

void lsi(Machine& m) {
  m.usual_path();
  SourceUnit unit({.count = 2}, m.chip().environment(), m.chip());
  m.set_eas(0x100, 0, Machine::kEnd, 0x50);
  unit.set_offset(0x100);
  unit.set_notify_valid(true);
  std::uint64_t data = 0;
  unit.access(0xc00, 8, false, data);
  unit.set_level(0, true);
  unit.set_level(0, false);
  unit.set_level(0, true);
  unit.access(0, 8, false, data);
  unit.access(0, 8, false, data);
}

void all_registers(Machine& m) {
  for (const auto offset : {reg::kPcAtKill, reg::kVcAtKill, reg::kEqcScrubTrig}) {
    m.set_reg(offset, reg::kPollValid);
    for (int i = 0; i < 2000 && (m.reg(offset) & reg::kPollValid) != 0; ++i) {
    }
  }
}

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which it is read
struct Mutant {
  Defect defect;
  const char* name;
  const char* rule;
  void (*stimulus)(Machine&);
  Machine::Options options{};
};

const Mutant kMutants[] = {
    {Defect::B9ScrubBeforeWriteBack,
     "B9",
     "XIVE-P42",
     [](Machine& m) {
       m.usual_path();
       shot(m);
       m.set_reg(reg::kEqcScrubMask, 0x0000000f00ffffff);
       m.set_reg(reg::kEqcScrubTrig, 0xa000000000000000 | Machine::kEnd);
     },
     {.caches = CacheMode::Back}},
    {Defect::B10KillKeepsSubpage, "B10", "XIVE-P36",
     [](Machine& m) {
       m.usual_path();
       shot(m);
       m.memory().put64(Machine::kEndTop, 0);
       m.set_reg(reg::kVcAtKill, 0x8003000000000000);
       shot(m);
     }},
    {Defect::B16TriggerPageLoadActs, "B16", "XIVE-P6",
     [](Machine& m) {
       m.usual_path();
       m.load(m.source_page(Machine::kSource, false), 4);
     }},
    {Defect::B17StoreEoiNotGated, "B17", "XIVE-P5",
     [](Machine& m) {
       m.usual_path();
       m.trigger(Machine::kSource);
       m.store(m.source_page(Machine::kSource, true) + 0x400, 8, 0);
     }},
    {Defect::B18EnableClearKeepsThread, "B18", "XIVE-P33",
     [](Machine& m) { m.set_reg(reg::kThreadEn0Clr, bit64(0)); }},
    {Defect::B18EnableClearKeepsThread, "B18Match", "XIVE-P32",
     [](Machine& m) {
       m.usual_path();
       m.dispatch(0, 0, 0, Machine::kVp);
       m.set_reg(reg::kThreadEn0Clr, bit64(0));
       shot(m);
     }},
    {Defect::B19IndirectUsesOldThread, "B19", "XIVE-P46",
     [](Machine& m) {
       m.set_reg(reg::kIndir0, 0x8001000000000000);
       m.set_reg(reg::kIndir0, 0x8002000000000000);
       m.load(m.ic() + 0x40038, 1);
     }},
    {Defect::B20SyncTooEarly, "B20", "XIVE-P43",
     [](Machine& m) {
       m.usual_path();
       m.chip().router().set_paced(true);
       m.trigger(Machine::kSource);
       m.store(m.ic() + 0x10c00, 8, 0);
       m.chip().router().pump();
     }},
    {Defect::B24BacklogNotRecorded, "B24", "XIVE-P30",
     [](Machine& m) {
       m.usual_path();
       shot(m);
     }},
    {Defect::B24PushKeepsBacklog, "B24Push", "XIVE-P31",
     [](Machine& m) {
       m.usual_path();
       shot(m);
       m.dispatch(0, 0, 0, Machine::kVp);
     }},
    {Defect::B25EqAddressTruncated, "B25", "XIVE-P18",
     [](Machine& m) {
       m.memory().map(0x1204000000, 8);
       m.usual_path({.eq = 0x1204000000});
       shot(m);
     }},
    {Defect::B28SpecShowsConflict, "B28", "XIVE-P39", [](Machine& m) { watch(m, true, false); }},
    {Defect::B35RemoteEndHandledLocally,
     "B35",
     "XIVE-P58",
     [](Machine& m) {
       m.set_eas(0x20, 1, 8, 0x42, 0);
       m.set_end(8, {.vp_blk = 1, .vp = 0x10}, 1);
       m.set_end(8, {.vp_blk = 0, .vp = 0x10}, 0);
       m.set_vp(0x10, true, 0);
       m.set_vp(0x10, true, 1);
       m.esb(0x20, 0xc00);
       m.trigger(0x20);
     },
     {.chips = 2}},
    {Defect::B36PqCheckedBitIgnored, "B36", "XIVE-P11",
     [](Machine& m) {
       m.usual_path();
       m.esb(Machine::kSource, 0xd00);
       m.store(m.ic() + 0x10230, 8, trigger_data::for_eas(0, Machine::kSource, true));
     }},
    {Defect::B39SecondMatchSilent, "B39", "XIVE-MULTI",
     [](Machine& m) {
       m.usual_path();
       m.dispatch(0, 0, 0, Machine::kVp);
       m.dispatch(1, 0, 0, Machine::kVp);
       shot(m);
     }},
    {Defect::B41SetPqDropsP, "B41", "XIVE-P2",
     [](Machine& m) {
       m.usual_path();
       m.esb(Machine::kSource, 0xe00);
     }},
    {Defect::PqQueuedEoiLost, "QueuedEoi", "XIVE-P4",
     [](Machine& m) {
       m.usual_path();
       m.esb(Machine::kSource, 0xf00);
       m.esb(Machine::kSource, 0);
     }},
    {Defect::PqQueuedEoiLost, "QueuedEoiStep", "XIVE-P1",
     [](Machine& m) {
       m.usual_path();
       m.esb(Machine::kSource, 0xf00);
       m.esb(Machine::kSource, 0);
     }},
    {Defect::PqOffForwards, "Off", "XIVE-P8",
     [](Machine& m) {
       m.usual_path();
       m.esb(Machine::kSource, 0xd00);
       m.trigger(Machine::kSource);
     }},
    {Defect::PqGetClears, "Get", "XIVE-P3",
     [](Machine& m) {
       m.usual_path();
       m.trigger(Machine::kSource);
       m.esb(Machine::kSource, 0x800);
     }},
    {Defect::PqForwardLost, "ForwardLost", "XIVE-P7",
     [](Machine& m) {
       m.usual_path();
       shot(m);
     }},
    {Defect::PqNotWritten, "PqNotWritten", "XIVE-P12",
     [](Machine& m) {
       m.usual_path();
       m.trigger(Machine::kSource);
     }},
    {Defect::LsiEoiForgetsLevel, "LsiEoi", "XIVE-P9", lsi},
    {Defect::LsiSetsQueued, "LsiQueued", "XIVE-P9", lsi},
    {Defect::LsiDeassertRetracts, "LsiDeassert", "XIVE-P10", lsi},
    {Defect::EasMaskedForwards, "EasMasked", "XIVE-P13",
     [](Machine& m) {
       m.usual_path();
       m.set_eas(Machine::kSource, 0, Machine::kEnd, 0x1234, 0, true);
       shot(m);
     }},
    {Defect::EasInvalidForwards, "EasInvalid", "XIVE-P14",
     [](Machine& m) {
       m.usual_path();
       m.memory().put64(m.eas_address(Machine::kSource), std::uint64_t{Machine::kEnd} << 32U);
       shot(m);
     }},
    {Defect::EndInvalidEnqueues, "EndInvalid", "XIVE-P15",
     [](Machine& m) {
       m.usual_path({.w0 = w0::kEnqueue | w0::kUcondNotify});
       shot(m);
     }},
    {Defect::EqWrapEarly, "WrapEarly", "XIVE-P17", wrap},
    {Defect::EqGenerationStuck, "GenerationStuck", "XIVE-P17", wrap},
    {Defect::EqDataBit31Leaks, "DataBit31", "XIVE-P16",
     [](Machine& m) {
       m.usual_path({.w1 = 0});
       shot(m);
     }},
    {Defect::EqAfterCoalescing, "QueueAfterEsn", "XIVE-P19",
     [](Machine& m) {
       m.usual_path({.w0 = kVqb});
       shot(m);
       shot(m);
     }},
    {Defect::EsnIgnored, "EsnIgnored", "XIVE-P21",
     [](Machine& m) {
       m.usual_path({.w0 = kVqb});
       shot(m);
       shot(m);
     }},
    {Defect::EsnTouchedByUncond, "EsnTouched", "XIVE-P22",
     [](Machine& m) {
       m.usual_path();
       shot(m);
     }},
    {Defect::EndPageSwapped, "EndPageSwapped", "XIVE-P23",
     [](Machine& m) {
       m.usual_path({.w1 = 0xb0400000});
       m.load(m.end_page(Machine::kEnd, false) + 0x800);
     }},
    {Defect::MaskedEndNotifies, "MaskedEnd", "XIVE-P24",
     [](Machine& m) {
       m.usual_path({.w0 = kVqnb & ~w0::kBacklog, .w7 = 0x00ff0000});
       shot(m);
     }},
    {Defect::SilentEndNotifies, "SilentEnd", "XIVE-P25",
     [](Machine& m) { escalate(m, w0::kSilentEscalate, false); }},
    {Defect::EseIgnored, "EseIgnored", "XIVE-P26", [](Machine& m) { escalate(m, 0, false); }},
    {Defect::EseTouchedByUncond, "EseTouched", "XIVE-P27",
     [](Machine& m) { escalate(m, w0::kUncondEscalate, false); }},
    {Defect::EscalationWrongData, "EscalationData", "XIVE-P28",
     [](Machine& m) { escalate(m, 0, false); }},
    {Defect::DeliveredEscalates, "DeliveredEscalates", "XIVE-P29",
     [](Machine& m) { escalate(m, 0, true); }},
    {Defect::BacklogWithoutB, "BacklogWithoutB", "XIVE-P30",
     [](Machine& m) {
       m.usual_path({.w0 = kVqnb & ~w0::kBacklog});
       shot(m);
     }},
    {Defect::EventRewritesW0, "RewritesW0", "XIVE-P20",
     [](Machine& m) {
       m.usual_path({.w0 = kVqnb | w0::kFirmware});
       shot(m);
     }},
    {Defect::VsdOffByOne, "VsdOffByOne", "XIVE-P34",
     [](Machine& m) {
       m.memory().map(Machine::kEsb + 0x40000, 8);
       m.esb(0x100000, 0x800);
     }},
    {Defect::SubpageZeroCached, "SubpageZero", "XIVE-P35",
     [](Machine& m) {
       m.memory().put64(Machine::kEndTop + 8, 0);
       m.load(m.end_page(2048, false) + 0x800);
       m.memory().put64(Machine::kEndTop + 8, 0x8000000000000004 | (Machine::kEndPages + 0x10000));
       m.load(m.end_page(2048, false) + 0x800);
     }},
    {Defect::PcSelectShared, "PcSelect", "XIVE-P37",
     [](Machine& m) {
       m.set_reg(reg::kVcVsdAddr, 0x0000000100000000);
       m.set_reg(reg::kPcVsdAddr, 0x0003000200000000);
       m.set_reg(reg::kPcVsdData, 0x8000000090000004);
     }},
    {Defect::FirmwareBitInAddress, "FirmwareBit", "XIVE-P38",
     [](Machine& m) {
       m.usual_path();
       shot(m);
     }},
    {Defect::WatchStagesToMemory, "WatchStages", "XIVE-P39",
     [](Machine& m) { watch(m, true, false); }},
    {Defect::WatchIgnoresConflict, "WatchConflict", "XIVE-P40",
     [](Machine& m) { watch(m, true, true); }},
    {Defect::WatchLightLosesW1, "WatchLight", "XIVE-P41",
     [](Machine& m) { watch(m, false, true); }},
    {Defect::ScrubValidSticks, "ScrubSticks", "XIVE-P42", all_registers},
    {Defect::SyncBitsStick, "SyncSticks", "XIVE-P43",
     [](Machine& m) {
       m.store(m.ic() + 0x10c00, 8, 0);
       m.set_reg(reg::kEqcConfig, 0);
     }},
    {Defect::EdtIndexIgnored, "EdtIndex", "XIVE-P44",
     [](Machine& m) {
       m.set_reg(reg::kTar, reg::kTarEdt);
       m.set_reg(reg::kTdr, 0x4000000100000000);
       m.esb(0x40, 0x800);
     }},
    {Defect::TarAlwaysIncrements, "TarIncrements", "XIVE-P45",
     [](Machine& m) {
       m.set_reg(reg::kTar, reg::kTarEdt);
       m.set_reg(reg::kTdr, 0x4000000000000000);
     }},
    {Defect::RegisterAcceptsSmall, "SmallAccess", "XIVE-P59",
     [](Machine& m) { m.load(m.ic() + reg::kVcGlobalConfig, 4); }},
    {Defect::OutcomeTwice, "OutcomeTwice", "XIVE-CONS",
     [](Machine& m) {
       m.usual_path();
       shot(m);
     }},
};

class Mutants : public testing::TestWithParam<Mutant> {
 protected:
  static std::map<std::string, std::uint64_t> fired(const Mutant& mutant, bool broken) {
    Machine m(mutant.options);
    if (broken) {
      for (unsigned n = 0; n < mutant.options.chips; ++n) m.chip(n).set_defect(mutant.defect);
    }
    mutant.stimulus(m);
    m.rules().finish();
    std::map<std::string, std::uint64_t> result;
    for (const auto& entry : m.book().entries()) {
      if (entry.fired != 0) result[std::string(entry.info.id)] = entry.fired;
      if (!broken && entry.info.id == mutant.rule) {
        EXPECT_GT(entry.hits, 0U) << "the stimulus gives the rule no chance";
      }
    }
    return result;
  }
};

TEST_P(Mutants, CaughtByTheNamedRule) {
  EXPECT_TRUE(fired(GetParam(), true).contains(GetParam().rule));
}

TEST_P(Mutants, SilentOnTheRightModel) {
  for (const auto& [rule, count] : fired(GetParam(), false)) {
    ADD_FAILURE() << rule << " fired " << count << " times";
  }
}

INSTANTIATE_TEST_SUITE_P(All, Mutants, testing::ValuesIn(kMutants),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(MutantList, EveryDefectAndEveryRuleIsThere) {
  std::set<Defect> defects;
  std::set<std::string> rules;
  for (const Mutant& mutant : kMutants) {
    defects.insert(mutant.defect);
    rules.insert(mutant.rule);
  }
  EXPECT_EQ(defects.size(), static_cast<std::size_t>(Defect::kCount) - 1U);
  RuleBook book;
  XiveRules all(book);
  for (const auto& entry : book.entries()) {
    EXPECT_TRUE(rules.contains(std::string(entry.info.id))) << entry.info.id << " never fires";
  }
}

/// The properties with their chances on the right model, and what catches each mutant: printed by
/// `ninja mutants`.
TEST(MutantTable, EveryPropertyHasChancesAndCatchesItsMutants) {
  std::map<std::string, std::uint64_t> hits;
  std::map<std::string, std::string> caught;
  for (const Mutant& mutant : kMutants) {
    for (const bool broken : {false, true}) {
      Machine m(mutant.options);
      for (unsigned n = 0; broken && n < mutant.options.chips; ++n) {
        m.chip(n).set_defect(mutant.defect);
      }
      mutant.stimulus(m);
      m.rules().finish();
      for (const auto& entry : m.book().entries()) {
        const std::string id(entry.info.id);
        if (!broken) hits[id] += entry.hits;
        if (broken && entry.fired > 0 && id == mutant.rule) {
          std::string& names = caught[id];
          names += (names.empty() ? "" : ", ") + std::string(mutant.name);
        }
      }
    }
  }
  RuleBook book;
  XiveRules all(book);
  std::printf("%-10s %8s  %s\n", "property", "chances", "sentence; mutants that it catches");
  for (const auto& entry : book.entries()) {
    const std::string id(entry.info.id);
    std::printf("%-10s %8llu  %s; %s\n", id.c_str(), static_cast<unsigned long long>(hits[id]),
                std::string(entry.info.sentence).c_str(), caught[id].c_str());
    EXPECT_GT(hits[id], 0U) << id;
    EXPECT_FALSE(caught[id].empty()) << id;
  }
}

}  // namespace
}  // namespace xive::ic
