// SPDX-License-Identifier: Apache-2.0
/// The stimulus that every loop of tima_bench runs: the same accesses, generated before the clock
/// starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "sc_models/tima/types.h"

namespace xive::bench {

/// What a loop did, to compare the loops with each other, and how long it took.
struct LoopResult {
  std::uint64_t cycles = 0;
  std::uint64_t check = 0;  ///< hash over all load data
  double seconds = 0;
};

/// Accesses on one thread before the trace goes on to the next.
inline constexpr std::size_t kTraceSteps = 12;

/// One context switch and a few interrupts, as a hypervisor and a guest make them, on one thread
/// after the other. One access in twelve (the push) needs an answer from memory.
inline std::vector<tima::MmioRequest> make_trace(unsigned threads, std::size_t operations) {
  using tima::Page;
  struct Step {
    Page page;
    std::uint16_t offset;
    bool write;
    std::uint8_t size_log2;
    std::uint64_t wdata;
  };
  static constexpr Step kSteps[] = {
      {Page::Hv, 0x010, true, 3, 0x00ff'00ff'ff00'0000},  // restore words 0 and 1
      {Page::Hv, 0x018, true, 2, 0x8028'0123},            // push OS: NVT fetch
      {Page::Os, 0x011, true, 0, 0xff},                   // open CPPR
      {Page::Os, 0x812, true, 0, 5},                      // set pending: line up
      {Page::Os, 0x810, false, 1, 0},                     // acknowledge: line down
      {Page::Os, 0x011, true, 0, 0xff},                   // end of interrupt
      {Page::Os, 0x010, false, 3, 0},                     // raw load
      {Page::Hv, 0x038, true, 0, 0x80},                   // VT
      {Page::Hv, 0x031, true, 0, 0xff},                   // HV CPPR
      {Page::Hv, 0x830, false, 1, 0},                     // acknowledge HV, spurious
      {Page::Hv, 0x030, false, 2, 0},                     // raw load
      {Page::Hv, 0x818, false, 2, 0},                     // pull OS
  };
  static_assert(std::size(kSteps) == kTraceSteps);
  std::vector<tima::MmioRequest> trace;
  trace.reserve(operations);
  for (unsigned thread = 0; trace.size() < operations; thread = (thread + 1) % threads) {
    for (const Step& s : kSteps) {
      trace.push_back(
          {static_cast<std::uint8_t>(thread), s.page, s.offset, s.write, s.size_log2, s.wdata});
    }
  }
  trace.resize(operations);
  return trace;
}

constexpr std::uint64_t mix(std::uint64_t check, std::uint64_t rdata) {
  return (check ^ rdata) * 0x100'0000'01b3U;
}

}  // namespace xive::bench
