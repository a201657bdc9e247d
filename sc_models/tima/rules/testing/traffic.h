// SPDX-License-Identifier: Apache-2.0
/// Random traffic for a TimaPort of generation 1, aimed at giving every rule a chance: a handful of
/// VPs that keep meeting each other, operations in likely and in absurd orders, late memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <functional>

#include "sc_models/tima/tima_port.h"

namespace xive::tima::testing {

/// splitmix64: the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  /// 0 .. n-1
  unsigned below(unsigned n) { return static_cast<unsigned>((next() >> 32U) % std::max(n, 1U)); }
  bool chance(unsigned percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

class Traffic final : private TimaClient {
 public:
  /// Binds itself to `port`, configures it and enables its threads.
  Traffic(TimaPort& port, std::uint64_t seed);

  /// Submits about `operations` operations in small bursts and waits for the end of each.
  void run(unsigned operations);

  const StaticInputs& inputs() const { return inputs_; }

 private:
  void on_mmio_response(const MmioResponse&, Cycle) override {}
  void on_presenter_response(const PresenterResponse&, Cycle) override {}
  void on_memory_request(const MemoryRequest& request, Cycle cycle) override;
  void on_lines(unsigned, const Lines&, Cycle) override {}

  void one();
  void drain();
  void legal_operation(unsigned thread);
  void raw_access(unsigned thread);
  void wild_access(unsigned thread);
  void pull_and_push(unsigned thread);
  void double_ack(unsigned thread);
  void presenter(unsigned thread);
  void mmio(unsigned thread, Page page, unsigned offset, bool write, unsigned size_log2,
            std::uint64_t data);
  std::uint32_t some_word2();
  PresenterRequest some_target(unsigned thread);
  std::uint8_t some_prio();

  TimaPort& port_;
  Random random_;
  StaticInputs inputs_{};
  std::deque<MemoryResponse> late_;
  unsigned submitted_ = 0;
};

}  // namespace xive::tima::testing
