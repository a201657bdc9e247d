// SPDX-License-Identifier: Apache-2.0
/// Seeded traffic on both ports of a TIMA, for the tests of the bridge: operations, PRESENT and
/// MATCH side by side, late memory answers, enable changes, idle gaps. What the client hears goes
/// into a digest.
#pragma once

#include <cstdint>
#include <deque>
#include <type_traits>
#include <utility>

#include "bridge/stall_policy.h"
#include "sc_models/tima/tima_port.h"

namespace xive::bridge::testing {

/// splitmix64
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e37'79b9'7f4a'7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d0'49bb'1331'11ebU;
    return z ^ (z >> 31U);
  }
  unsigned below(unsigned n) { return static_cast<unsigned>((next() >> 32U) * n >> 32U); }
  bool one_in(unsigned n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

class RandomStalls final : public StallPolicy {
 public:
  explicit RandomStalls(std::uint64_t seed, unsigned longest = 6)
      : random_(seed), longest_(longest) {}
  unsigned stall(Handshake) override {
    ++asked;
    return random_.one_in(3) ? random_.below(longest_ + 1) : 0;
  }
  std::uint64_t asked = 0;

 private:
  Random random_;
  unsigned longest_;
};

inline constexpr std::uint8_t kBlk = 5;
inline std::uint32_t vp_of(unsigned thread, unsigned which) {
  return 0x100U + thread * 4U + which;
}

/// Mostly sensible MMIO operations of an interrupt's life, with some rubbish among them.
inline tima::MmioRequest random_mmio(Random& random, unsigned threads) {
  tima::MmioRequest r;
  r.thread = static_cast<std::uint8_t>(random.below(threads));
  const std::uint32_t word2 =
      0x8000'0000U | std::uint32_t{kBlk} << 19U | vp_of(r.thread, random.below(2));
  const auto set = [&r](tima::Page page, unsigned offset, bool write, unsigned size_log2,
                        std::uint64_t data = 0) {
    r.page = page;
    r.offset = static_cast<std::uint16_t>(offset);
    r.write = write;
    r.size_log2 = static_cast<std::uint8_t>(size_log2);
    r.wdata = data;
  };
  using tima::Page;
  switch (random.below(14)) {
    case 0:
      set(Page::Hv, 0x018, true, 2, word2);
      break;
    case 1:
      set(Page::Hv, 0x818, false, 2);
      break;
    case 2:
      set(Page::Hw, 0x028, true, 2, word2 + 2);
      break;
    case 3:
      set(Page::Hv, 0x828, false, 2);
      break;
    case 4:
      set(Page::Hv, 0x038, true, 0, 0x80);
      break;
    case 5:
      set(Page::Hv, 0x838, false, 0);
      break;
    case 6:
      set(Page::Os, 0x011, true, 0, random.one_in(2) ? 0xffU : random.below(10));
      break;
    case 7:
      set(Page::Hv, 0x031, true, 0, random.one_in(2) ? 0xffU : random.below(10));
      break;
    case 8:
      set(Page::Os, 0x810, false, 1);
      break;
    case 9:
      set(Page::Hv, 0x830, false, 1);
      break;
    case 10:
      set(Page::Os, 0x812, true, 0, random.below(9));
      break;
    case 11:
      set(Page::Os, 0x010, false, 3);
      break;
    case 12:
      set(Page::Hv, 0x010, true, 3, random.next());
      break;
    default:
      r.page = static_cast<Page>(random.below(4));
      r.offset = static_cast<std::uint16_t>(random.below(0x10000));
      r.write = random.one_in(2);
      r.size_log2 = static_cast<std::uint8_t>(random.below(4));
      r.wdata = random.next();
  }
  return r;
}

inline tima::PresenterRequest random_presenter(Random& random, unsigned threads) {
  tima::PresenterRequest r;
  const unsigned thread = random.below(threads);
  r.cmd = random.one_in(3)    ? tima::PresenterCmd::Match
          : random.one_in(20) ? tima::PresenterCmd::Bcast
                              : tima::PresenterCmd::Present;
  r.blk = kBlk;
  r.prio = static_cast<std::uint8_t>(random.below(9));
  r.ignore = random.one_in(16);
  const unsigned ring = 1 + random.below(3);
  r.idx =
      ring == 3 ? 0x80U | (0x10U + thread) : vp_of(thread, random.below(2) + (ring == 2 ? 2 : 0));
  if (r.cmd == tima::PresenterCmd::Present) {
    r.thread = static_cast<std::uint8_t>(thread);
    r.ring = static_cast<tima::Ring>(random.one_in(12) ? 0U : ring);
  }
  return r;
}

/// FNV-1a over whatever it is given.
class Digest {
 public:
  void add(std::uint64_t value) {
    for (unsigned i = 0; i < 8; ++i) {
      value_ = (value_ ^ (value >> (8U * i) & 0xffU)) * 0x100'0000'01b3U;
    }
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325U;
};

struct TrafficOptions {
  bool enables = false;      ///< now and then a thread is disabled and enabled again
  bool idle_gaps = false;    ///< now and then the port is left alone for a long time
  unsigned reset_every = 0;  ///< operations between block resets in mid-traffic; 0: never
  unsigned memory_delay = 5;
};

/// Binds itself to the port, enables all threads and runs `operations` operations.
class Traffic : public tima::TimaClient {
 public:
  Traffic(tima::TimaPort& port, std::uint64_t seed, const TrafficOptions& options = {})
      : port_(port),
        options_(options),
        random_(seed),
        mask_all_((1U << port.params().threads) - 1U) {
    port_.bind(*this);
    tima::StaticInputs inputs;
    inputs.blk = kBlk;
    for (unsigned t = 0; t < tima::kMaxThreads; ++t) {
      inputs.pir[t] = static_cast<std::uint16_t>(0x10 + t);
    }
    port_.configure(inputs);
    port_.set_thread_enable(static_cast<std::uint8_t>(mask_all_));
  }

  void run(unsigned operations) {
    const unsigned threads = port_.params().threads;
    for (unsigned n = 0; n < operations;) {
      if (open_ < 4 + random_.below(4)) {
        if (random_.one_in(3)) {
          port_.submit(random_presenter(random_, threads));
        } else {
          port_.submit(random_mmio(random_, threads));
        }
        ++open_;
        ++n;
      }
      if (options_.enables && random_.one_in(40)) {
        port_.set_thread_enable(static_cast<std::uint8_t>(random_.next() & mask_all_));
        if (random_.one_in(2)) port_.set_thread_enable(static_cast<std::uint8_t>(mask_all_));
      }
      if (options_.reset_every != 0 && random_.one_in(options_.reset_every)) {
        port_.reset();
        late_.clear();
        open_ = 0;
        ++resets;
      }
      step(port_.now() + random_.below(12));
      if (options_.idle_gaps && random_.one_in(30)) {
        drain();
        const tima::Cycle end = port_.now() + random_.below(3000);
        while (port_.now() < end) step(end);
      }
    }
    port_.set_thread_enable(static_cast<std::uint8_t>(mask_all_));
    drain();
  }

  void drain() {
    while (!port_.idle()) step(port_.now() + 100);
  }

  std::uint64_t digest() const { return digest_.value(); }
  std::uint64_t answers = 0;
  std::uint64_t memory_requests = 0;
  std::uint64_t line_changes = 0;
  std::uint64_t errors = 0;
  std::uint64_t resets = 0;

 private:
  void on_mmio_response(const tima::MmioResponse& r, tima::Cycle cycle) override {
    ++answers;
    --open_;
    add(1, cycle);
    digest_.add(r.rdata);
    digest_.add((r.err ? 256U : 0U) + static_cast<unsigned>(r.code));
  }
  void on_presenter_response(const tima::PresenterResponse& r, tima::Cycle cycle) override {
    ++answers;
    --open_;
    add(2, cycle);
    digest_.add(static_cast<std::uint64_t>(r.match) << 32U | r.count << 16U | (r.ack ? 256U : 0U) |
                static_cast<unsigned>(r.code));
  }
  void on_memory_request(const tima::MemoryRequest& r, tima::Cycle cycle) override {
    ++memory_requests;
    add(3, cycle);
    digest_.add(r.idx);
    if (tima::is_posted(r.op)) return;
    tima::MemoryResponse answer;
    answer.ok = !random_.one_in(10);
    answer.ipb = random_.one_in(2) ? 0 : static_cast<std::uint8_t>(random_.next());
    const unsigned delay = options_.memory_delay == 0 ? 0 : random_.below(options_.memory_delay);
    if (delay == 0) {
      port_.respond(answer);
    } else {
      late_.emplace_back(cycle + delay, answer);
    }
  }
  void on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) override {
    ++line_changes;
    add(4, cycle);
    digest_.add(thread * 8U + (lines.os_ext ? 1U : 0U) + (lines.hv_ext ? 2U : 0U));
  }
  void on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) override {
    ++errors;
    add(5, cycle);
    digest_.add(thread * 16U + static_cast<unsigned>(code));
  }
  void add(unsigned what, tima::Cycle cycle) {
    digest_.add(what);
    digest_.add(cycle);
  }

  void step(tima::Cycle horizon) {
    if (!late_.empty() && late_.front().first < horizon) horizon = late_.front().first;
    port_.advance(horizon);
    while (!late_.empty() && late_.front().first <= port_.now()) {
      const tima::MemoryResponse answer = late_.front().second;
      late_.pop_front();
      port_.respond(answer);
    }
  }

  tima::TimaPort& port_;
  TrafficOptions options_;
  Random random_;
  unsigned mask_all_;
  Digest digest_;
  unsigned open_ = 0;
  std::deque<std::pair<tima::Cycle, tima::MemoryResponse>> late_;
};

}  // namespace xive::bridge::testing
