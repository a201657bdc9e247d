// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/rules/rule_table.h"

#include <array>

namespace xive::tima::rules {

namespace {

constexpr auto k1 = Generations::One;
constexpr auto k12 = Generations::Both;

// clang-format off
constexpr std::array<RuleRow, kRuleCount> kTable{{
  // ---- structure and access
  {RuleId::P01, k12, {"TIMA-P01", "NSR, CPPR and PIPR of the POOL ring are 0 and read as 0.", "tima.md 7.1"}},
  {RuleId::P02, k12, {"TIMA-P02", "On a clean OS ring NSR bit 1 is 0 and a level stands only beside an exception; in generation 1 no level.", "tima.md 7.2"}},
  {RuleId::P03, k12, {"TIMA-P03", "On a clean PHYS ring HE is never 3 and a level stands only beside an exception.", "tima.md 7.3"}},
  {RuleId::P04, k1,  {"TIMA-P04", "Clean NSR values are 00, 80 on the OS ring and 00, 40, 80 on the PHYS ring.", "tima.md 7.4"}},
  {RuleId::P05, k12, {"TIMA-P05", "An IPB changes only by raw write, directed PRESENT, set pending, push merge or a directed accept.", "tima.md 7.5"}},
  {RuleId::P06, k12, {"TIMA-P06", "A CPPR changes only by the CPPR operation, an accept with exception or a raw write.", "tima.md 7.6"}},
  {RuleId::P07, k12, {"TIMA-P07", "The CPPR operation stores its data if 0..7 and FF otherwise.", "tima.md 7.7"}},
  {RuleId::P08, k12, {"TIMA-P08", "No store through the raw path changes a PIPR.", "tima.md 7.8"}},
  {RuleId::P09, k12, {"TIMA-P09", "A raw store changes exactly the permitted bytes, and no line latch.", "tima.md 7.9"}},
  {RuleId::P10, k12, {"TIMA-P10", "A raw load changes no register and no line.", "tima.md 7.10"}},
  {RuleId::P11, k12, {"TIMA-P11", "A raw access without a permitted byte errs, returns all ones and changes nothing.", "tima.md 7.11"}},
  {RuleId::P12, k12, {"TIMA-P12", "A raw load returns the permitted bytes as stored and the others as 00, without error.", "tima.md 7.12"}},
  {RuleId::P13, k12, {"TIMA-P13", "A 1- or 2-byte access that matches no operation errs, returns all ones and changes nothing.", "tima.md 7.13"}},
  {RuleId::P14, k12, {"TIMA-P14", "A raw access to the USER ring errs from any page, returns all ones and changes nothing.", "tima.md 7.14"}},
  {RuleId::P15, k12, {"TIMA-P15", "Nothing has an effect from page 3 and every load returns all ones (K_USER_RING operations excepted).", "tima.md 7.15"}},
  {RuleId::P16, k12, {"TIMA-P16", "An operation of page k errs without effect from a page above k and is performed from every page up to k.", "tima.md 7.16"}},
  {RuleId::P17, k12, {"TIMA-P17", "Address bits 6..9 and 12..15 do not change the result of a special-half access.", "tima.md 7.17"}},
  {RuleId::P18, k12, {"TIMA-P18", "An access from page 2 changes neither the POOL ring nor the PHYS ring nor hv_ext.", "tima.md 7.18"}},
  {RuleId::P19, k12, {"TIMA-P19", "The 2-byte load at 810 never clears VO; the 4-byte load at 810 is an error in generation 1.", "tima.md 7.19"}},
  {RuleId::P20, k12, {"TIMA-P20", "After a reset or thread reset all 64 bytes have their reset values and all lines are low.", "tima.md 7.20"}},
  {RuleId::P21, k12, {"TIMA-P21", "The state of a thread changes only by events of that thread.", "tima.md 7.21"}},
  // ---- lines
  {RuleId::P22, k12, {"TIMA-P22", "os_ext is L_os AND V(OS): low while V(OS) is 0.", "tima.md 7.22"}},
  {RuleId::P23, k12, {"TIMA-P23", "hv_ext is L_hv AND V(PHYS): low while V(PHYS) is 0.", "tima.md 7.23"}},
  {RuleId::P24, k12, {"TIMA-P24", "While os_ext is up a clean OS NSR shows an exception.", "tima.md 7.24"}},
  {RuleId::P25, k12, {"TIMA-P25", "While hv_ext is up a clean PHYS NSR shows an exception.", "tima.md 7.25"}},
  {RuleId::P28, k12, {"TIMA-P28", "A pull of the OS context lowers os_ext, whatever PIPR and CPPR are.", "tima.md 7.28"}},
  {RuleId::P29, k12, {"TIMA-P29", "A pull of the PHYS context lowers os_ext and hv_ext.", "tima.md 7.29"}},
  {RuleId::P30, k12, {"TIMA-P30", "os_ext rises only by an evaluation of the OS ring, or by V(OS) rising while L_os is set.", "tima.md 7.30"}},
  {RuleId::P31, k12, {"TIMA-P31", "hv_ext rises only by an evaluation of POOL or PHYS, or by V(PHYS) rising while L_hv is set.", "tima.md 7.31"}},
  {RuleId::P32, k12, {"TIMA-P32", "No line latch changes by a raw load, a poll or BCAST.", "tima.md 7.32"}},
  {RuleId::P33, k12, {"TIMA-P33", "L_os does not move by PHYS or POOL events, nor L_hv by OS events, pulls excepted.", "tima.md 7.33"}},
  // ---- presentation
  {RuleId::P34, k12, {"TIMA-P34", "After an evaluation: PIPR < CPPR, exception in NSR and line latch are the same.", "tima.md 7.34"}},
  {RuleId::P35, k1,  {"TIMA-P35", "After a CPPR operation, a PRESENT that changed PIPR, set pending or push: OS NSR bit 0 iff PIPR < CPPR.", "tima.md 7.35"}},
  {RuleId::P36, k1,  {"TIMA-P36", "After a CPPR operation, push or set pending on OS: PIPR is the most favoured bit of IPB.", "tima.md 7.36"}},
  {RuleId::P37, k1,  {"TIMA-P37", "After a PHYS CPPR operation: PIPR is the most favoured of PHYS and valid POOL IPB, and HE is POOL iff POOL's is strictly better and below CPPR.", "tima.md 7.37"}},
  {RuleId::P43, k12, {"TIMA-P43", "A directed PRESENT of priority 0..7 sets exactly that bit of the matched ring's IPB.", "tima.md 7.43"}},
  {RuleId::P44, k12, {"TIMA-P44", "A directed PRESENT not more favoured than PIPR leaves NSR, PIPR, CPPR and lines.", "tima.md 7.44"}},
  {RuleId::P49, k12, {"TIMA-P49", "A PRESENT on POOL changes POOL IPB, PHYS NSR and PHYS PIPR only.", "tima.md 7.49"}},
  {RuleId::P50, k12, {"TIMA-P50", "A PRESENT of priority 0 with CPPR > 0 and PIPR > 0 raises the line latch.", "tima.md 7.50"}},
  {RuleId::P51, k12, {"TIMA-P51", "An evaluation under CPPR = 0 presents nothing.", "tima.md 7.51"}},
  {RuleId::P52, k12, {"TIMA-P52", "A switch of the presenting ring between POOL and PHYS loses no IPB bit.", "tima.md 7.52"}},
  // ---- ack
  {RuleId::P53, k12, {"TIMA-P53", "An ack returns NSR before in its high byte and CPPR after in its low byte.", "tima.md 7.53"}},
  {RuleId::P54, k12, {"TIMA-P54", "An ack without exception changes no register and no line.", "tima.md 7.54"}},
  {RuleId::P55, k12, {"TIMA-P55", "An ack with exception sets CPPR to PIPR before, NSR to 00 and lowers the line.", "tima.md 7.55"}},
  {RuleId::P56, k12, {"TIMA-P56", "A directed ack clears the IPB bit of PIPR in the ring that NSR names, and no other IPB bit.", "tima.md 7.56"}},
  {RuleId::P57, k12, {"TIMA-P57", "An ack leaves PIPR (K_ACK_RECOMPUTE: with an exception, recomputes it from the IPB left).", "tima.md 7.57"}},
  {RuleId::P58, k12, {"TIMA-P58", "An ack never raises a line.", "tima.md 7.58"}},
  {RuleId::P59, k12, {"TIMA-P59", "An ack of a POOL exception never changes the PHYS IPB.", "tima.md 7.59"}},
  {RuleId::P60, k12, {"TIMA-P60", "The second of two acks with nothing between returns NSR = 0.", "tima.md 7.60"}},
  // ---- CPPR
  {RuleId::P62, k12, {"TIMA-P62", "The CPPR operation to FF with a bit in IPB and no exception before raises the line.", "tima.md 7.62"}},
  {RuleId::P63, k12, {"TIMA-P63", "The CPPR operation to a value not less favoured than everything pending clears NSR and the line.", "tima.md 7.63"}},
  // ---- context
  {RuleId::P71, k12, {"TIMA-P71", "A pull returns WORD2 (PHYS: byte 8) with V as it was before.", "tima.md 7.71"}},
  {RuleId::P72, k1,  {"TIMA-P72", "A pull clears V of its own ring only and leaves everything else but the latches, for POOL also PHYS NSR and PIPR.", "tima.md 7.72"}},
  {RuleId::P75, k12, {"TIMA-P75", "After a pull of POOL while POOL is presented HE is not POOL, and POOL IPB stays.", "tima.md 7.75"}},
  {RuleId::P76, k12, {"TIMA-P76", "A pull of POOL with a PHYS interrupt pending below CPPR presents PHYS.", "tima.md 7.76"}},
  {RuleId::P77, k12, {"TIMA-P77", "A push with V = 1 fetches and clears the IPB of the pushed VP once and merges it into the OS IPB.", "tima.md 7.77"}},
  {RuleId::P78, k12, {"TIMA-P78", "A push that brings no IPB from memory evaluates all the same.", "tima.md 7.78"}},
  {RuleId::P84, k12, {"TIMA-P84", "A context that is pulled and pushed again unchanged gets the same PIPR, NSR and os_ext.", "tima.md 7.84"}},
  {RuleId::P85, k12, {"TIMA-P85", "Conservation: the IPBs hold exactly the notifications acked or merged and not yet returned by an ack.", "tima.md 7.85"}},
  // ---- match
  {RuleId::P87, k12, {"TIMA-P87", "A MATCH changes no state.", "tima.md 7.87"}},
  {RuleId::P88, k12, {"TIMA-P88", "A thread answers MATCH with the first of PHYS, POOL, OS that is valid and has the VP, and the PIPR of its signalling ring.", "tima.md 7.88"}},
  {RuleId::P89, k12, {"TIMA-P89", "A ring with V = 0 or of a disabled thread never matches.", "tima.md 7.89"}},
  {RuleId::P92, k12, {"TIMA-P92", "A user event matches iff VO and VU are 1 and OS CAM and server number are equal.", "tima.md 7.92"}},
  {RuleId::P94, k12, {"TIMA-P94", "A directed MATCH counts its threads and raises ERR_MULTI iff there are several.", "tima.md 7.94"}},
  {RuleId::P96, k12, {"TIMA-P96", "Every operation commits once, after the answers to its memory requests; a push makes one request, nothing else any.", "tima.md 7.96"}},
  // ---- beside section 7
  {RuleId::Access, k12, {"TIMA-ACC", "A refused access errs, a load of it returns all ones, nothing changes; no other access errs.", "tima.md 0.2"}},
  {RuleId::Code, k12, {"TIMA-CODE", "The error code is the one that the state of the addressed ring calls for.", "tima.md 2, 6.5"}},
  {RuleId::Footprint, k12, {"TIMA-FOOT", "An event changes no register byte that its definition does not name.", "tima.md 2, 3, 5"}},
  {RuleId::A3, k12, {"TIMA-A3", "A PRESENT is acked iff its ring is still valid and holds the VP; a nack changes nothing.", "tima.md 6.4 A3"}},
}};
// clang-format on

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kRuleCount; ++i) {
    if (kTable[i].id != static_cast<RuleId>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(rows_are_in_order());

}  // namespace

std::span<const RuleRow> rule_table() {
  return kTable;
}

}  // namespace xive::tima::rules
