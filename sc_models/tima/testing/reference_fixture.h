// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "sc_models/tima/reference.h"
#include "sc_models/tima/testing/port_driver.h"

namespace xive::tima::testing {

/// Memory for tests of the bare reference: a table of NVTs and a hook that runs inside a request.
struct TableMemory : MemoryPort {
  MemoryResponse request(const MemoryRequest& request) override {
    requests.push_back(request);
    if (during) during();
    MemoryResponse response;
    const auto found = nvts.find({request.blk, request.idx});
    if (found != nvts.end()) {
      response.ok = true;
      response.ipb = std::exchange(found->second, std::uint8_t{0});
    }
    return response;
  }

  std::map<std::pair<unsigned, std::uint32_t>, std::uint8_t> nvts;
  std::vector<MemoryRequest> requests;
  std::function<void()> during;
};

/// A reference with four enabled threads, block 3, thread t with PIR 0x20 + t.
struct Bench {
  explicit Bench(const Knobs& knobs = {}) : reference(params(knobs), memory) {
    StaticInputs inputs;
    inputs.blk = kBlk;
    for (unsigned t = 0; t < kThreads; ++t) {
      inputs.pir[t] = static_cast<std::uint16_t>(0x20 + t);
    }
    reference.configure(inputs);
    for (unsigned t = 0; t < kThreads; ++t) reference.set_enabled(t, true);
  }

  static Params params(const Knobs& knobs) {
    Params params;
    params.threads = kThreads;
    params.knobs = knobs;
    return params;
  }

  MmioResponse load(Page page, unsigned offset, unsigned size) {
    return reference.mmio(PortDriver::access(thread, page, offset, size, false, 0));
  }
  MmioResponse store(Page page, unsigned offset, unsigned size, std::uint64_t data) {
    return reference.mmio(PortDriver::access(thread, page, offset, size, true, data));
  }
  PresenterResponse match(unsigned blk, std::uint32_t idx, unsigned prio = 0) {
    return reference.presenter(PortDriver::directed(PresenterCmd::Match, blk, idx, prio));
  }
  PresenterResponse present(Ring ring, std::uint32_t idx, unsigned prio, unsigned blk = kBlk) {
    PresenterRequest request = PortDriver::directed(PresenterCmd::Present, blk, idx, prio);
    request.thread = static_cast<std::uint8_t>(thread);
    request.ring = ring;
    return reference.presenter(request);
  }

  const ThreadState& state() const { return reference.state(thread); }
  std::uint8_t get(Ring ring, unsigned byte) const { return state().at(ring, byte); }
  /// Writes a register behind the back of the TIMA.
  void set(Ring ring, unsigned byte, unsigned value) {
    ThreadState changed = state();
    changed.at(ring, byte) = static_cast<std::uint8_t>(value);
    reference.set_state(thread, changed);
  }
  void set_word2(Ring ring, std::uint32_t word2) {
    for (unsigned i = 0; i < 4; ++i) set(ring, 8 + i, word2 >> (24 - 8 * i) & 0xffU);
  }
  void set_latches(bool l_os, bool l_hv) {
    ThreadState changed = state();
    changed.l_os = l_os;
    changed.l_hv = l_hv;
    reference.set_state(thread, changed);
  }
  /// V of all three rings, with the CAMs of kOsIdx and kPoolIdx.
  void make_all_valid() {
    set_word2(Ring::Os, 0x80000000U | kBlk << 19U | kOsIdx);
    set_word2(Ring::Pool, 0x80000000U | kBlk << 19U | kPoolIdx);
    set_word2(Ring::Phys, 0x80000000U);
  }
  std::uint32_t hw_idx() const { return 0x80U | (0x20U + thread); }
  Lines lines() const { return reference.lines(thread); }

  static constexpr unsigned kThreads = 4;
  static constexpr unsigned kBlk = 3;
  static constexpr std::uint32_t kOsIdx = 0x111;
  static constexpr std::uint32_t kPoolIdx = 0x222;

  TableMemory memory;
  Reference reference;
  unsigned thread = 1;
};

/// Every value of a CPPR that is legal, and FF.
inline constexpr std::array<std::uint8_t, 9> kLegalCpprs{0, 1, 2, 3, 4, 5, 6, 7, 0xff};

/// Most favoured pending priority, by search instead of by counting leading zeros.
inline unsigned most_favoured(unsigned ipb) {
  for (unsigned prio = 0; prio < 8; ++prio) {
    if ((ipb & (0x80U >> prio)) != 0) return prio;
  }
  return 0xff;
}

}  // namespace xive::tima::testing
