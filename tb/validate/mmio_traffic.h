// SPDX-License-Identifier: Apache-2.0
/// Random MMIO operations: single ones by weight, and the sequences of software (interrupt handler,
/// guest entry and exit, migration, bring-up).
#pragma once

#include "tb/validate/operation.h"
#include "tb/validate/pick_table.h"
#include "tb/validate/random.h"
#include "tb/validate/shard_config.h"
#include "tb/validate/vp_pool.h"

namespace xive::validate {

class MmioTraffic {
 public:
  MmioTraffic(const ShardConfig& config, VpPool& vps);

  /// Fills class, request and memory answer of `op`.
  void make(Operation& op);
  void on_response(const tima::MmioRequest& request, const tima::MmioResponse& response);
  void on_lines(unsigned thread, const tima::Lines& lines);
  void on_reset();
  /// Software starts a thread that was just enabled.
  void bring_up(unsigned thread);

 private:
  /// A step of a sequence. Restore and Push take the virtual processor when they are made.
  enum class Do : std::uint8_t { Access, Restore, Push, PoolPush };
  struct Step {
    Do what = Do::Access;
    OpClass op_class = OpClass::AnyAccess;
    tima::MmioRequest request{};
    std::uint8_t vp = 0;
  };

  void make_single(Operation& op);
  void make_step(Operation& op);
  void start_sequence(unsigned thread);
  void sequence_handler_os(unsigned thread);
  void sequence_handler_hv(unsigned thread);
  void sequence_guest_exit(unsigned thread);
  void sequence_guest_entry(unsigned thread, unsigned vp);
  void sequence_pool(unsigned thread);
  void sequence_phys(unsigned thread);
  void add(OpClass op_class, const tima::MmioRequest& request);

  void make_push(Operation& op, unsigned thread, unsigned vp);
  void make_pool_push(Operation& op, unsigned thread, unsigned vp);
  void make_restore(Operation& op, unsigned thread, unsigned vp);
  void make_raw(Operation& op, unsigned thread, bool write);
  void make_wrong_page(Operation& op, unsigned thread);

  /// Braces evaluate from left to right. The arguments of a function, of which several draw random
  /// numbers, would come in another order with another compiler, and give another run.
  struct Target {
    unsigned thread, page, offset, size_log2;
    std::uint64_t data = 0;
  };
  tima::MmioRequest access(const Target& at) {
    return access(at.thread, at.page, at.offset, at.size_log2);
  }
  tima::MmioRequest store(const Target& at) {
    return store(at.thread, at.page, at.offset, at.size_log2, at.data);
  }
  tima::MmioRequest access(unsigned thread, unsigned page, unsigned offset, unsigned size_log2);
  tima::MmioRequest store(unsigned thread, unsigned page, unsigned offset, unsigned size_log2,
                          std::uint64_t data);
  unsigned page_up_to(unsigned least_privileged);
  unsigned any_thread();
  std::uint8_t cppr();
  std::uint64_t raw_data(unsigned offset, unsigned size_log2);
  std::uint8_t sparse_byte();
  void answer(Operation& op, std::uint8_t ipb, bool ok);

  const ShardConfig& config_;
  VpPool& vps_;
  Random random_;
  Random memory_random_;
  PickTable pick_;
  FixedQueue<Step, 64> steps_;
  std::array<tima::Lines, tima::kMaxThreads> lines_{};
};

}  // namespace xive::validate
