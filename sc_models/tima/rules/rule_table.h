// SPDX-License-Identifier: Apache-2.0
/// Every rule of the TIMA in one table: identifier, sentence, reference, generations.
#pragma once

#include <cstdint>
#include <span>

#include "sc_models/rules/rule_book.h"

namespace xive::tima::rules {

/// Position of a rule in rule_table(); Pnn is property nn of spec/tima.md section 7.
/// A rule of generation 2 gets its place here by its number, its row in rule_table.cpp, and its
/// check in the file of its group.
enum class RuleId : std::uint8_t {
  // structure and access
  P01,
  P02,
  P03,
  P04,
  P05,
  P06,
  P07,
  P08,
  P09,
  P10,
  P11,
  P12,
  P13,
  P14,
  P15,
  P16,
  P17,
  P18,
  P19,
  P20,
  P21,
  // lines (26, 27: generation 2)
  P22,
  P23,
  P24,
  P25,
  P28,
  P29,
  P30,
  P31,
  P32,
  P33,
  // presentation (38-42, 45-48: generation 2)
  P34,
  P35,
  P36,
  P37,
  P43,
  P44,
  P49,
  P50,
  P51,
  P52,
  // ack (61: generation 2)
  P53,
  P54,
  P55,
  P56,
  P57,
  P58,
  P59,
  P60,
  // CPPR (64-70: generation 2)
  P62,
  P63,
  // context (73, 74, 79-83, 86: generation 2)
  P71,
  P72,
  P75,
  P76,
  P77,
  P78,
  P84,
  P85,
  // match (90, 91, 93, 95: generation 2)
  P87,
  P88,
  P89,
  P92,
  P94,
  P96,
  // rules beside section 7
  Access,
  Code,
  Footprint,
  A3,
  kCount
};

inline constexpr std::size_t kRuleCount = static_cast<std::size_t>(RuleId::kCount);

/// Generations a rule holds for, as marked in section 7: [1], [2], [12].
enum class Generations : std::uint8_t { One = 1, Two = 2, Both = 3 };

struct RuleRow {
  RuleId id;
  Generations generations;
  RuleInfo info;
};

/// Row i describes RuleId i.
std::span<const RuleRow> rule_table();

constexpr bool holds_for(Generations generations, unsigned generation) {
  return (static_cast<unsigned>(generations) & generation) != 0;
}

}  // namespace xive::tima::rules
