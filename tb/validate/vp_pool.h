// SPDX-License-Identifier: Apache-2.0
/// The few virtual processors of a shard. Few, so that what is pushed is also matched, and so that
/// one of them is now and then on two threads at once.
#pragma once

#include <array>
#include <cstdint>

#include "sc_models/tima/types.h"
#include "tb/validate/random.h"

namespace xive::validate {

struct Vp {
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;        ///< 19 bits in generation 1
  std::uint8_t memory_ipb = 0;  ///< what a router has posted in memory
  std::uint64_t image = 0;      ///< words 0 and 1 as last saved by software

  /// G1 CAM line, without the valid bit (spec 4.1).
  std::uint32_t cam() const { return static_cast<std::uint32_t>(blk) << 19U | idx; }
};

class VpPool {
 public:
  static constexpr unsigned kVps = 8;
  /// Words 0 and 1 of a context that never ran: ACK# = 0xff, the rest 0 (spec 5.3).
  static constexpr std::uint64_t kFirstImage = 0x00000000ff000000ULL;

  VpPool(std::uint64_t seed, const tima::StaticInputs& inputs) {
    Random random(derive_seed(seed, "vps"));
    std::uint32_t idx = random.below(1U << 19U);
    for (unsigned i = 0; i < kVps; ++i) {
      // Neighbours differ in one bit: a comparator that forgets a bit finds two of them. Some are
      // anywhere, some lie in the range of hardware threads.
      switch (random.below(4)) {
        case 0:
          idx = random.below(1U << 19U);
          break;
        case 1:
          idx = 0x80U | random.below(0x80);
          break;
        default:
          idx ^= 1U << random.below(19);
          break;
      }
      vps_[i].idx = idx;
      vps_[i].blk = random.chance(180) ? inputs.blk : static_cast<std::uint8_t>(random.below(16));
      vps_[i].image = kFirstImage;
      if (random.chance(96)) vps_[i].memory_ipb = random.byte();
    }
  }

  Vp& at(unsigned i) { return vps_[i]; }
  unsigned any(Random& random) const { return random.below(kVps); }

  /// Which virtual processor was pushed last on the thread (0 at first).
  unsigned on_os(unsigned thread) const { return os_[thread]; }
  unsigned on_pool(unsigned thread) const { return pool_[thread]; }
  void put_os(unsigned thread, unsigned vp) { os_[thread] = static_cast<std::uint8_t>(vp); }
  void put_pool(unsigned thread, unsigned vp) { pool_[thread] = static_cast<std::uint8_t>(vp); }

  /// A router found no thread: it notes the interrupt in memory.
  void post(std::uint8_t blk, std::uint32_t idx, std::uint8_t prio) {
    if (prio > 7) return;
    for (Vp& vp : vps_) {
      if (vp.blk == blk && vp.idx == idx) {
        vp.memory_ipb = static_cast<std::uint8_t>(vp.memory_ipb | (0x80U >> prio));
      }
    }
  }

 private:
  std::array<Vp, kVps> vps_{};
  std::array<std::uint8_t, tima::kMaxThreads> os_{};
  std::array<std::uint8_t, tima::kMaxThreads> pool_{};
};

}  // namespace xive::validate
