// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <deque>
#include <functional>
#include <vector>

#include "sc_models/xive/presenter/memory_service.h"
#include "sc_models/xive/presenter/presenter_bus.h"
#include "sc_models/xive/presenter/vp_filter.h"

namespace xive::ic::test {

/// The least of a generation 1 TIMA that router tests need: CAM matching, IPB, enables, the VT
/// byte and the OS push. Answers at once, or on demand when `deferred` is set.
class FakeTima final : public PresenterBus, public TimaControl {
 public:
  struct Thread {
    bool enabled = false;
    std::uint16_t pir = 0;
    tima::ThreadState state;
  };
  struct Core {
    std::uint8_t blk = 0;
    std::vector<Thread> threads;
  };

  FakeTima(unsigned cores, unsigned threads, VpFilter* filter = nullptr) : filter_(filter) {
    for (unsigned c = 0; c < cores; ++c) {
      core_.push_back({});
      for (unsigned t = 0; t < threads; ++t) {
        Thread thread;
        thread.pir = static_cast<std::uint16_t>(c * 4 + t);
        core_.back().threads.push_back(thread);
      }
    }
    if (filter != nullptr) {
      for (unsigned c = 0; c < cores; ++c) {
        feeds_.emplace_back(*filter, c, tima::Params{.generation = 1, .threads = threads});
      }
    }
    for (unsigned c = 0; c < cores; ++c) set_block(c, 0);
  }

  unsigned cores() const override { return static_cast<unsigned>(core_.size()); }
  Core& core(unsigned n) { return core_[n]; }
  Thread& thread(unsigned c, unsigned t) { return core_[c].threads[t]; }

  bool deferred = false;
  std::uint64_t matches = 0, presents = 0;
  /// Called at the start of each PRESENT, to change the thread behind the router's back.
  std::function<void()> before_present;

  std::optional<tima::PresenterResponse> present(unsigned c, const tima::PresenterRequest& request,
                                                 PresenterSink& sink, bool) override {
    if (deferred) {
      waiting_.push_back({c, request, &sink});
      return std::nullopt;
    }
    return execute(c, request);
  }
  bool pending() const { return !waiting_.empty(); }
  /// Answers the oldest deferred request.
  void answer_one() {
    const Waiting next = waiting_.front();
    waiting_.pop_front();
    next.sink->on_presenter_answer(next.core, execute(next.core, next.request));
  }
  void answer_all() {
    while (pending()) answer_one();
  }

  tima::MmioResponse mmio(unsigned c, const tima::MmioRequest& request) override {
    tima::MmioResponse response;
    Thread& t = thread(c, request.thread);
    const bool byte38 = (request.offset & 0xc3fU) == 0x38 && request.size_log2 == 0;
    if (!t.enabled || !byte38) {
      response.err = true;
      response.code = tima::ErrorCode::NoAccess;
      response.rdata = request.write ? 0 : ~std::uint64_t{0};
      return response;
    }
    if (request.write) {
      t.state.at(tima::Ring::Phys, 8) = static_cast<std::uint8_t>(request.wdata);
      changed(c, request.thread, tima::EventKind::Mmio);
    } else {
      response.rdata = t.state.at(tima::Ring::Phys, 8);
    }
    return response;
  }
  void set_thread_enable(unsigned c, std::uint8_t mask) override {
    for (unsigned t = 0; t < core_[c].threads.size(); ++t) {
      Thread& thread_ref = thread(c, t);
      const bool enable = (mask >> t & 1U) != 0;
      if (thread_ref.enabled == enable) continue;
      thread_ref.enabled = enable;
      if (!enable) thread_ref.state = {};
      changed(c, t, tima::EventKind::Enable);
    }
  }
  void set_block(unsigned c, std::uint8_t blk) override {
    core_[c].blk = blk;
    if (filter_ == nullptr) return;
    tima::StaticInputs inputs;
    inputs.blk = blk;
    for (unsigned t = 0; t < core_[c].threads.size(); ++t) inputs.pir[t] = thread(c, t).pir;
    feeds_[c].configure(inputs);
  }

  /// Push of an OS context, with the fetch of its backlog.
  void push_os(unsigned c, unsigned t, std::uint32_t word2, MemoryService& service,
               unsigned chip = 0) {
    Thread& thread_ref = thread(c, t);
    for (unsigned i = 0; i < 4; ++i) {
      thread_ref.state.at(tima::Ring::Os, 8 + i) =
          static_cast<std::uint8_t>(word2 >> (24U - 8U * i));
    }
    tima::MemoryRequest request;
    request.thread = static_cast<std::uint8_t>(t);
    request.blk = static_cast<std::uint8_t>(word2 >> 19U & 0xfU);
    request.idx = word2 & 0x7ffffU;
    if (filter_ != nullptr) feeds_[c].on_memory(request, 0);
    if ((word2 & 0x80000000U) != 0) {
      const auto answer = service.execute(chip, request);
      if (answer.ok) thread_ref.state.at(tima::Ring::Os, 2) |= answer.ipb;
    }
    changed(c, t, tima::EventKind::Mmio);
  }
  void pull_os(unsigned c, unsigned t) {
    thread(c, t).state.at(tima::Ring::Os, 8) &= 0x7fU;
    changed(c, t, tima::EventKind::Mmio);
  }
  std::uint8_t ipb(unsigned c, unsigned t, tima::Ring ring) {
    return thread(c, t).state.at(ring, 2);
  }

 private:
  struct Waiting {
    unsigned core;
    tima::PresenterRequest request;
    PresenterSink* sink;
  };

  void changed(unsigned c, unsigned t, tima::EventKind kind) {
    if (filter_ == nullptr) return;
    tima::Event event;
    event.kind = kind;
    event.thread = static_cast<std::uint8_t>(t);
    event.after = thread(c, t).state;
    event.after.enabled = thread(c, t).enabled;
    feeds_[c].on_event(event);
  }

  std::optional<tima::Ring> match(unsigned c, const Thread& t,
                                  const tima::PresenterRequest& request) const {
    if (!t.enabled || request.ignore) return std::nullopt;
    const std::uint32_t id = static_cast<std::uint32_t>(request.blk) << 19U | request.idx;
    const std::uint32_t hw =
        static_cast<std::uint32_t>(core_[c].blk) << 19U | 0x80U | (t.pir & 0x7fU);
    const auto cam = [&](tima::Ring ring) {
      const std::uint32_t w = t.state.word2(ring);
      return (w & 0x80000000U) != 0 && (w & 0xffffffU) == id;
    };
    if (request.format) {
      const bool user = (t.state.word2(tima::Ring::User) & 0x80000000U) != 0 &&
                        (t.state.word2(tima::Ring::User) & 0x7fffffffU) == request.logic_serv;
      if (cam(tima::Ring::Os) && user) return tima::Ring::User;
      return std::nullopt;
    }
    if (t.state.valid(tima::Ring::Phys) && hw == id) return tima::Ring::Phys;
    if (cam(tima::Ring::Pool)) return tima::Ring::Pool;
    if (cam(tima::Ring::Os)) return tima::Ring::Os;
    return std::nullopt;
  }

  tima::PresenterResponse execute(unsigned c, const tima::PresenterRequest& request) {
    tima::PresenterResponse response;
    if (request.cmd == tima::PresenterCmd::Match) {
      ++matches;
      for (unsigned t = 0; t < core_[c].threads.size(); ++t) {
        if (const auto ring = match(c, core_[c].threads[t], request)) {
          response.match = static_cast<std::uint8_t>(response.match | 1U << t);
          response.ring[t] = *ring;
          ++response.count;
        }
      }
      return response;
    }
    ++presents;
    if (before_present) before_present();
    Thread& t = thread(c, request.thread);
    if (match(c, t, request) == request.ring) {
      t.state.at(request.ring, 2) |= static_cast<std::uint8_t>(0x80U >> request.prio);
      response.ack = true;
    }
    return response;
  }

  VpFilter* filter_;
  std::vector<Core> core_;
  std::deque<FilterFeed> feeds_;
  std::deque<Waiting> waiting_;
};

}  // namespace xive::ic::test
