// SPDX-License-Identifier: Apache-2.0
/// A virtual processor on tables() with sources and a guest that serves them, for scenarios that
/// move or interrupt it.
#pragma once

#include <cstdint>
#include <vector>

#include "firmware_tests/driver/event_queue.h"
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {

class GuestLoad {
 public:
  /// One source for each of `priorities`; entry data = number of the source.
  GuestLoad(Rig& rig, const std::vector<unsigned>& priorities, unsigned chip = 0)
      : rig_(rig), vp_(rig.make_vp(chip)) {
    consumer_.window = driver::RingWindow::guest(DirectTables::kTm);
    for (unsigned prio = 0; prio < 7; ++prio) {
      consumer_.queues[prio] = driver::EventQueue(vp_.queue(prio), 16);
    }
    for (unsigned n = 0; n < priorities.size(); ++n) {
      sources_.push_back({rig.make_source(vp_, priorities[n], n)});
    }
  }

  const Rig::Vp& vp() const { return vp_; }
  std::size_t sources() const { return sources_.size(); }
  std::uint64_t trigger_page(std::size_t n) {
    return rig_.trigger_page(vp_.blk, sources_[n].number);
  }
  /// A trigger counts only if the source is idle, so that each one is one completion.
  bool idle(std::size_t n) const { return sources_[n].sent == sources_[n].done; }
  /// Store of a device, now; false: the source is not idle.
  bool trigger(std::size_t n) {
    if (!idle(n)) return false;
    ++sources_[n].sent;
    rig_.trigger_at(rig_.now(), vp_.blk, sources_[n].number);
    return true;
  }
  /// Same by a thread.
  bool trigger(Cpu& cpu, std::size_t n) {
    if (!idle(n)) return false;
    ++sources_[n].sent;
    cpu.store64(trigger_page(n), 0);
    return true;
  }
  std::uint64_t sent() const { return sum(&Source::sent); }
  std::uint64_t done() const { return sum(&Source::done); }

  // --- the context, on the calling thread ---
  void push(Cpu& cpu) {
    cpu.store64(hv(0x10), saved_);
    cpu.store32(hv(0x18), vp_.word2());
  }
  void pull(Cpu& cpu) {
    cpu.load32(hv(0x818));
    saved_ = cpu.load64(hv(0x10));
  }
  /// The guest's 0x500 handler.
  void serve(Cpu& cpu) {
    consumer_.receive(cpu, [this](Cpu& g, std::uint32_t n) {
      ++sources_.at(n).done;
      g.load64(rig_.management_page(vp_.blk, sources_[n].number));  // EOI
    });
  }

 private:
  struct Source {
    std::uint32_t number = 0;
    std::uint64_t sent = 0, done = 0;
  };
  std::uint64_t sum(std::uint64_t Source::*what) const {
    std::uint64_t total = 0;
    for (const Source& source : sources_) total += source.*what;
    return total;
  }
  Rig& rig_;
  Rig::Vp vp_;
  driver::Consumer consumer_;
  std::vector<Source> sources_;
  std::uint64_t saved_ = saved_words(0xff);
};

}  // namespace xive::scenarios
