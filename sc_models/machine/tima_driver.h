// SPDX-License-Identifier: Apache-2.0
/// Keeps the TimaPort of one core in step with simulated time. Cycle n of the port is the time
/// n * period. The port runs when it has work, and then to the end of that work: it may be ahead of
/// now() by the operations in progress, and what it tells is delivered when its time has come.
/// An idle port costs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sc_models/machine/profile.h"
#include "sc_models/platform/timing/hop.h"
#include "sc_models/ppc/host/executor_ref.h"
#include "sc_models/tima/tima_port.h"
#include "sc_models/xive/presenter/presenter_bus.h"

namespace xive::machine {

using platform::Time;

/// What a driver needs from the machine around it.
class TimaOwner {
 public:
  virtual ~TimaOwner() = default;
  /// Executes a request of the TIMA at its memory.
  virtual tima::MemoryResponse on_memory(unsigned core, const tima::MemoryRequest& request) = 0;
  /// The lines of a thread have this level from now on.
  virtual void on_lines(unsigned core, unsigned thread, const tima::Lines& lines) = 0;
  virtual void on_tima_error(unsigned core, unsigned thread, tima::ErrorCode code) = 0;
};

class TimaDriver final : private tima::TimaClient {
 public:
  struct Timing {
    Time period;               ///< of the TIMA's clock
    platform::Hop& access;     ///< answer of an MMIO operation
    platform::Hop& broadcast;  ///< presenter operation
    platform::Hop& presenter;  ///< its answer
    platform::Hop& memory;     ///< memory request; a free hop: executed in its own cycle
    platform::Hop& line;       ///< change of the lines
  };

  /// References are not owned.
  TimaDriver(unsigned core, std::unique_ptr<tima::TimaPort> port, ppc::host::Executor& executor,
             const Timing& timing, TimaOwner& owner, Profile& profile);

  /// `may_wait`: the caller is an agent, simulated time passes until the answer. Otherwise the port
  /// runs ahead of time, for set-up and for accesses that no thread makes.
  tima::MmioResponse mmio(const tima::MmioRequest& request, bool may_wait);
  /// As ic::PresenterBus::present().
  std::optional<tima::PresenterResponse> present(const tima::PresenterRequest& request,
                                                 ic::PresenterSink& sink, bool alone);
  void set_thread_enable(std::uint8_t mask);
  /// Taken over when the port is idle.
  void configure(const tima::StaticInputs& inputs);
  /// Block reset: MMIO operations in progress end with an error, searches find nothing.
  void reset();

  const tima::TimaPort& port() const { return *port_; }
  tima::TimaPort& port() { return *port_; }
  /// Time of what the port is telling an observer just now, else the simulated time.
  Time stamp() const { return telling_ ? time_of(telling_cycle_) : executor_.now(); }
  Time time_of(tima::Cycle cycle) const { return cycle * timing_.period; }
  /// Called by the observer of the port around what it forwards.
  void begin_telling(tima::Cycle cycle) {
    telling_ = true;
    telling_cycle_ = cycle;
  }
  void end_telling() { telling_ = false; }

  /// Operations given to the port and not yet answered.
  bool busy() const {
    return !inbox_.empty() || !tickets_.empty() || !memory_.empty() || !port_->idle();
  }

 private:
  struct Message {
    enum class Kind : std::uint8_t { Lines, Presenter, Error } kind = Kind::Lines;
    std::uint8_t thread = 0;
    tima::ErrorCode code = tima::ErrorCode::None;
    tima::Lines lines{};
    tima::PresenterResponse presenter{};
    Time due = 0;
  };
  /// An MMIO operation that the port has not answered at once, until its caller goes.
  struct Ticket {
    Time due = platform::kNever;  ///< when its answer is there; kNever: the port has not given it
    bool taken = false;
    tima::MmioResponse response{};
  };
  struct Waiting {
    tima::MemoryRequest request;
    Time due;
  };

  void on_mmio_response(const tima::MmioResponse& response, tima::Cycle cycle) override;
  void on_presenter_response(const tima::PresenterResponse& response, tima::Cycle cycle) override;
  void on_memory_request(const tima::MemoryRequest& request, tima::Cycle cycle) override;
  void on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) override;
  void on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) override;

  std::optional<tima::PresenterResponse> give(const tima::PresenterRequest& request,
                                              ic::PresenterSink& sink, bool alone);
  bool pass_to(Time due);
  void catch_up();
  void drain();
  void service();
  void deliver_due(Time until) {
    while (!inbox_.empty() && inbox_.front().due <= until) deliver_first();
  }
  void deliver_first();
  void deliver(const Message& message);
  void answer_memory();
  void post(const Message& message, Time due);
  void post(const tima::PresenterResponse& response, Time due);
  void answer(const tima::MmioResponse& response, Time now);
  bool answered_at_once(const tima::MmioRequest& request, tima::MmioResponse& response);
  tima::MmioResponse answered_later(bool may_wait);
  void wait_for(Time answer);
  void run_ahead();
  [[noreturn]] void no_answer() const;
  void apply_configuration();
  Time next_due() const;
  void arm();
  tima::Cycle cycle_at(Time time) const { return (time + timing_.period - 1) / timing_.period; }

  static constexpr tima::Cycle kChunk = 4;
  // Bytes of what passes the hops.
  static constexpr unsigned kRegister = 8, kSearch = 16, kAnswer = 8, kLines = 1;

  unsigned core_;
  std::unique_ptr<tima::TimaPort> port_;
  ppc::host::ExecutorRef executor_;
  Timing timing_;
  TimaOwner& owner_;
  Profile& profile_;

  // Never more than the threads of the core and the chips have asked for, so that plain vectors do;
  // a queue that wanders through memory would be in no cache.
  std::vector<Message> inbox_;  ///< by due time, then in the order of the port
  std::vector<Ticket> tickets_;
  std::uint64_t first_ticket_ = 0;
  std::uint64_t next_response_ = 0;
  std::vector<ic::PresenterSink*> sinks_;  ///< answers not delivered
  unsigned presenter_in_port_ = 0;         ///< answers the port has not given
  std::vector<Waiting> memory_;
  std::optional<tima::StaticInputs> configuration_;
  ppc::host::Executor::ActionId serve_{};
  Time armed_ = platform::kNever;
  bool telling_ = false;
  tima::Cycle telling_cycle_ = 0;
};

}  // namespace xive::machine
