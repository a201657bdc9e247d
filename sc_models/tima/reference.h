// SPDX-License-Identifier: Apache-2.0
/// The reference TIMA of one core: spec/tima.md as executable text, without time. One call is one
/// operation with all its effects. The functions carry the names of the specification:
///   conversions.h     3.1 conversions, SIG, NSR fields
///   access_mask.cpp   1.5 raw access masks
///   decode.cpp        0.2 address decode, 2.1, 2.2, 2.4 operation tables
///   reference.cpp     1.6 raw accesses, 1.7 reset, the way of an access through the tables
///   presentation.cpp  3.2 SET_PIPR, 3.3 PRESENT, 3.4 evaluation, 3.6 set pending, 3.7 ACCEPT
///   match.cpp         4.1 CAM formats, 4.3 match, 4.4 preclusion, the presenter port
///   context.cpp       5.2 push, 5.3 pull
#pragma once

#include <array>
#include <cstdint>

#include "sc_models/tima/conversions.h"
#include "sc_models/tima/decode.h"
#include "sc_models/tima/types.h"

namespace xive::tima {

/// Router and memory as the reference sees them.
struct MemoryPort {
  virtual ~MemoryPort() = default;
  /// Called in the middle of an operation, with the partial state of that operation visible in
  /// Reference::state() and to Reference::match() (rules A4 and A5). The answer of a posted request
  /// is not looked at. May throw: the exception leaves the operation, whose partial state stays.
  virtual MemoryResponse request(const MemoryRequest& request) = 0;
};

class Reference {
 public:
  /// Every thread starts disabled and in its reset state. `memory` is not owned.
  /// Throws std::invalid_argument for a thread count outside 1..8 and for generation 2, whose
  /// operations are decoded but not executed.
  Reference(const Params& params, MemoryPort& memory);

  const Params& params() const { return params_; }

  /// Block reset: every thread disabled and in its reset state.
  void reset();
  void configure(const StaticInputs& inputs) { inputs_ = inputs; }
  const StaticInputs& inputs() const { return inputs_; }

  /// One access through the window (section 2). A thread that does not exist is a disabled one.
  MmioResponse mmio(const MmioRequest& request);

  /// One message of the router (section 4). MATCH changes nothing.
  PresenterResponse presenter(const PresenterRequest& request);
  PresenterResponse match(const PresenterRequest& request) const;

  /// cfg_thread_en of one thread; a fall is the thread reset of 1.7.
  void set_enabled(unsigned thread, bool enabled);
  /// Thread reset without a change of the enable: a fall that was followed by a rise.
  void thread_reset(unsigned thread);

  const ThreadState& state(unsigned thread) const { return threads_[thread]; }
  /// 0.3: a line is its latch, gated by V.
  Lines lines(unsigned thread) const {
    const ThreadState& t = threads_[thread];
    Lines lines;
    lines.os_ext = t.l_os && t.valid(Ring::Os);
    lines.hv_ext = t.l_hv && t.valid(Ring::Phys);
    lines.user_ebb = params_.knobs.user_ring && t.valid(Ring::User) && t.valid(Ring::Os) &&
                     (t.at(Ring::User, reg::kNsr) & nsr::kException) != 0;
    return lines;
  }
  /// Puts a state back, for example to execute an operation again.
  void set_state(unsigned thread, const ThreadState& state) { threads_[thread] = state; }

  /// Code of the last MMIO operation, PRESENT or BCAST, also if it is no bus error. The code of a
  /// MATCH is in its response only.
  ErrorCode last_code() const { return code_; }

 private:
  /// What an access leaves behind besides its code.
  struct Result {
    std::uint64_t rdata = 0;
    bool err = false;
  };

  // 0.3 Terms
  static bool valid_chain(const ThreadState& thread, Ring ring);
  static bool defined_for(const ThreadState& thread, Ring ring, Defined defined);
  /// Reports a code that is no bus error; the first specific one wins over ERR_UNDEF.
  void flag(ErrorCode code);

  // 1.6 Raw accesses, 2 operations
  Result raw_access(ThreadState& thread, const MmioRequest& request);
  std::uint64_t execute(Op op, unsigned thread, const MmioRequest& request);

  // 3 Priority and presentation
  static void set_line(ThreadState& thread, Ring ring, bool level);
  static void set_pipr(ThreadState& thread, Ring ring, std::uint8_t pipr, std::uint8_t level);
  static void present(ThreadState& thread, Ring ring, std::uint8_t prio, std::uint8_t level);
  static void set_cppr(ThreadState& thread, Ring ring, std::uint8_t cppr);
  static void recompute(ThreadState& thread, Ring ring);
  static void set_os_pending(ThreadState& thread, std::uint8_t prio);
  std::uint16_t accept(ThreadState& thread, Ring ring) const;

  // 4 Match
  std::uint32_t vp_id(const PresenterRequest& request) const;
  std::uint32_t hw_cam(unsigned thread) const;
  bool ring_matches(unsigned thread, Ring ring, std::uint32_t id) const;
  bool user_matches(unsigned thread, std::uint32_t id, std::uint32_t logic_serv) const;
  bool thread_matches(unsigned thread, const PresenterRequest& request, Ring& ring) const;
  PresenterResponse present_validated(const PresenterRequest& request);
  PresenterResponse broadcast(const PresenterRequest& request);

  // 5 Context push and pull
  void push_os(unsigned thread, std::uint32_t word2);
  std::uint32_t pull(ThreadState& thread, Ring ring);
  std::uint64_t pulled(std::uint32_t word2, unsigned size_log2) const;

  unsigned generation() const { return inputs_.gen1_tima ? 1U : params_.generation; }

  Params params_;
  StaticInputs inputs_{};
  MemoryPort& memory_;
  std::array<ThreadState, kMaxThreads> threads_{};
  ErrorCode code_ = ErrorCode::None;
};

}  // namespace xive::tima
