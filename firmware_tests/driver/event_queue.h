// SPDX-License-Identifier: Apache-2.0
/// Consumer side of an event queue and of the register ring of a thread (scenarios.md 6.3): the
/// same for the host (physical ring) and for a guest (OS ring).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "sc_models/ppc/host/cpu.h"

namespace xive::driver {

using ppc::host::Cpu;

class EventQueue {
 public:
  EventQueue() = default;
  EventQueue(std::uint64_t page, unsigned order) : page_(page), order_(order) {}

  bool exists() const { return page_ != 0; }
  std::uint64_t page() const { return page_; }
  unsigned order() const { return order_; }  ///< log2 of the bytes
  std::uint32_t index() const { return index_; }
  /// Value of bit 31 of entries that were there before; a zero page holds none that are new.
  std::uint32_t toggle() const { return toggle_; }
  /// The consumer is where a queue in this state is (migration, tests).
  void seek(std::uint32_t index, std::uint32_t toggle) {
    index_ = index;
    toggle_ = toggle;
  }
  /// The queue has moved; the consumer goes on where it was.
  void move_to(std::uint64_t page) { page_ = page; }

  std::optional<std::uint32_t> peek(Cpu& cpu) const {
    const std::uint32_t word = cpu.load32(page_ + 4ULL * index_);
    if (word >> 31U == toggle_) return std::nullopt;
    return word & 0x7fffffffU;
  }
  std::optional<std::uint32_t> pop(Cpu& cpu) {
    const auto entry = peek(cpu);
    if (!entry) return entry;
    index_ = (index_ + 1U) & ((1U << (order_ - 2U)) - 1U);
    if (index_ == 0) toggle_ ^= 1U;
    return entry;
  }

 private:
  std::uint64_t page_ = 0;
  unsigned order_ = 0;
  std::uint32_t index_ = 0;
  std::uint32_t toggle_ = 0;
};

/// Where a consumer finds its ring.
struct RingWindow {
  std::uint64_t page = 0;  ///< address of the TIMA page
  std::uint32_t ack = 0, cppr = 0;
  unsigned exception = 2;  ///< value of NSR bits 0:1 that means "for me"
  static RingWindow host(std::uint64_t tima) { return {tima + 0x10000, 0x830, 0x31, 2}; }
  /// NSR of the OS ring has one bit.
  static RingWindow guest(std::uint64_t tima) { return {tima + 0x20000, 0x810, 0x11, 2}; }
};

/// Queues of one thread (or vCPU), one for each priority in use.
struct Consumer {
  RingWindow window;
  std::array<EventQueue, 8> queues{};
  std::uint8_t pending = 0;  ///< bit p: an acknowledge told of priority p
  std::uint8_t cppr = 0xff;

  struct Seen {
    unsigned acknowledges = 0;  ///< that told of something
    unsigned empty = 0;         ///< that told of nothing
    unsigned entries = 0;
  };

  void set_cppr(Cpu& cpu, std::uint8_t value) {
    cpu.store8(window.page + window.cppr, value);
    cppr = value;
  }

  /// One run of the interrupt handler: acknowledge, then every entry of every priority that was
  /// told, most favoured first; ends with CPPR at `idle`. `handle` gets logical numbers.
  Seen receive(Cpu& cpu, const std::function<void(Cpu&, std::uint32_t)>& handle,
               std::uint8_t idle = 0xff) {
    Seen seen;
    const std::uint16_t ack = cpu.load16(window.page + window.ack);
    cpu.sync();
    if (ack >> 14U == window.exception) {
      cppr = static_cast<std::uint8_t>(ack);
      if (cppr < queues.size()) pending = static_cast<std::uint8_t>(pending | 1U << cppr);
      ++seen.acknowledges;
    } else {
      ++seen.empty;
    }
    while (pending != 0) {
      std::uint8_t prio = 0;
      while ((pending >> prio & 1U) == 0) ++prio;
      const auto entry = queues[prio].exists() ? queues[prio].pop(cpu) : std::nullopt;
      if (!entry) {
        pending = static_cast<std::uint8_t>(pending & ~(1U << prio));
        continue;
      }
      if (cppr != prio) set_cppr(cpu, prio);
      ++seen.entries;
      handle(cpu, *entry);
    }
    if (cppr != idle) set_cppr(cpu, idle);
    return seen;
  }
};

}  // namespace xive::driver
