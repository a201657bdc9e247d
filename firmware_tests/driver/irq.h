// SPDX-License-Identifier: Apache-2.0
/// One interrupt source as a Linux-like driver handles it (scenarios.md 6.4, 6.5).
#pragma once

#include <cstdint>

#include "firmware_tests/driver/opal_client.h"

namespace xive::driver {

namespace esb {
inline constexpr std::uint64_t kLoadEoi = 0x000, kStoreEoi = 0x400, kGet = 0x800, kSet00 = 0xc00,
                               kSet01 = 0xd00, kSet10 = 0xe00, kSet11 = 0xf00;
inline constexpr std::uint64_t kP = 2, kQ = 1;
/// What a page gives that does not answer (frozen bridge): nothing is known of the source.
inline constexpr std::uint64_t kGone = ~std::uint64_t{0};
}  // namespace esb

/// Target of a source that is shut down.
inline constexpr std::uint32_t kBadLirq = 0x7fffffff;

struct Irq {
  std::uint32_t number = 0;  ///< global number
  std::uint32_t lirq = 0;    ///< what comes out of the queue
  OpalClient::IrqInfo info{};
  std::uint64_t vp = 0;  ///< target, valid when `started`
  unsigned prio = 7;
  bool started = false;
  bool disabled = true;
  bool saved_p = false;   ///< P was set when the source was masked: an entry is outstanding
  bool stale_p = false;   ///< P is set but no entry will come
  bool no_eoi = false;    ///< escalations: re-armed by whoever runs the vCPU
  bool in_guest = false;  ///< handed to a guest
  bool forward = false;   ///< handed over with an entry in a host queue: its EOI sends it on
  bool locked = false;    ///< somebody changes who owns the source
  bool gone = false;      ///< the page did not answer while the source was shut down

  bool lsi() const { return (info.flags & opal::irq_flag::kLsi) != 0; }
  bool store_eoi() const { return (info.flags & opal::irq_flag::kStoreEoi) != 0; }

  std::uint64_t load(Cpu& cpu, std::uint64_t offset) const { return cpu.load64(info.eoi + offset); }
  /// A second event, as a device makes it.
  void trigger(Cpu& cpu) const {
    cpu.sync();
    cpu.store64(info.trigger != 0 ? info.trigger : info.eoi, 0);
  }

  /// True: the page did not answer.
  bool mask(Cpu& cpu) {
    const std::uint64_t old = load(cpu, esb::kSet01);
    if (old == esb::kGone) gone = true;
    if (!stale_p && old != esb::kGone && (old & esb::kP) != 0) saved_p = true;
    stale_p = false;
    disabled = true;
    return old == esb::kGone;
  }
  /// An outstanding entry keeps the source pending, else there would be a second one.
  void unmask(Cpu& cpu) {
    if (saved_p) {
      load(cpu, esb::kSet10 | (store_eoi() ? 0x40U : 0U));
      saved_p = false;
    } else {
      load(cpu, esb::kSet00);
      stale_p = false;
    }
    disabled = false;
  }
  /// End of interrupt at the source alone. False: the page did not answer, P may still be set.
  bool source_eoi(Cpu& cpu) const {
    if (store_eoi()) {
      cpu.store64(info.eoi + esb::kStoreEoi, 0);
      return true;
    }
    const std::uint64_t old = load(cpu, lsi() ? esb::kLoadEoi : esb::kSet00);
    if (old == esb::kGone) return false;
    if (!lsi() && (old & esb::kQ) != 0) trigger(cpu);
    return true;
  }
  void eoi(Cpu& cpu) {
    if (in_guest && forward) {
      forward = false;
      stale_p = true;
      source_eoi(cpu);
    } else if (disabled || in_guest || no_eoi || !source_eoi(cpu)) {
      stale_p = true;
    }
    saved_p = false;
  }
  /// Edges only: as if the event had come again.
  void retrigger(Cpu& cpu) const {
    load(cpu, esb::kSet11);
    source_eoi(cpu);
  }
  /// An entry of this source may still be in a queue.
  bool active(Cpu& cpu) {
    const std::uint64_t pq = load(cpu, esb::kGet);
    if (pq == esb::kGone) gone = true;
    if (pq == esb::kGone || stale_p) return false;
    return saved_p || ((pq & esb::kP) != 0 && !disabled);
  }
};

}  // namespace xive::driver
