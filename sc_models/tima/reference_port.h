// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "sc_models/tima/fifo.h"
#include "sc_models/tima/reference.h"
#include "sc_models/tima/tima_port.h"

namespace xive::tima {

/// Cycles from the acceptance of an operation to its response, at least 1 each. A late memory
/// answer adds the wait and one cycle.
struct ReferenceTiming {
  unsigned mmio = 3;
  unsigned present = 3;
  unsigned bcast = 3;
  unsigned match = 2;
  unsigned enable = 1;
};

/// TimaPort over the reference model: gives the timeless Reference queues and a clock.
///
/// One engine executes MMIO operations, PRESENT, BCAST and enable changes one at a time, pending
/// enable changes first and the others in the order of their submission. An operation takes effect
/// in the cycle of its response. MATCH passes beside the engine and sees the state of the cycle
/// before its answer.
///
/// When the client answers a memory request inside on_memory_request(), the operation just goes on.
/// Otherwise it is abandoned there, with its partial state visible, and executed again from the
/// start, with the answers so far, once respond() was called: an operation is a pure function of
/// the state before it and of the answers.
class ReferencePort final : public TimaPort, private MemoryPort {
 public:
  /// Throws std::invalid_argument as Reference does, and for a timing of 0 cycles.
  explicit ReferencePort(const Params& params, const ReferenceTiming& timing = {});

  const Params& params() const override { return reference_.params(); }
  void bind(TimaClient& client) override { client_ = &client; }
  void observe(Observer* observer) override { observer_ = observer; }
  void reset() override;
  void configure(const StaticInputs& inputs) override;
  void set_thread_enable(std::uint8_t mask) override;
  void submit(const MmioRequest& request) override;
  void submit(const PresenterRequest& request) override;
  bool access(const MmioRequest& request, MmioResponse& response) override;
  bool access(const PresenterRequest& request, PresenterResponse& response) override;
  void respond(const MemoryResponse& response) override;
  Cycle now() const override { return now_; }
  Cycle advance(Cycle horizon) override;
  bool idle() const override;
  ThreadState state(unsigned thread) const override;
  Lines lines(unsigned thread) const override;

 private:
  template <typename Request>
  struct Queued {
    Request request;
    std::uint64_t order = 0;  ///< position among all submissions of both ports
  };
  struct Issued {
    MemoryRequest request;
    MemoryResponse response{};
    bool answered = false;
  };
  static constexpr Cycle kNever = std::numeric_limits<Cycle>::max();
  enum class Engine : std::uint8_t {
    Idle,
    Working,        ///< executes at engine_due_
    WaitingMemory,  ///< the operation was abandoned at an unanswered request
  };

  MemoryResponse request(const MemoryRequest& request) override;

  void arm();
  bool arm_enable();
  void start_presenter(const PresenterRequest& request);
  void start(EventKind kind, unsigned thread, unsigned cycles);
  [[noreturn, gnu::cold]] static void unbound();
  [[gnu::cold]] void report_reset();
  void answer_match();
  void execute();
  void run_operation();
  void commit();
  void report_lines(unsigned thread, const Lines& lines);

  Reference reference_;
  ReferenceTiming timing_;
  TimaClient* client_ = nullptr;
  Observer* observer_ = nullptr;
  Cycle now_ = 0;
  bool client_called_ = false;

  Fifo<Queued<MmioRequest>> mmio_;
  Fifo<Queued<PresenterRequest>> presenter_;
  std::uint64_t submissions_ = 0;

  std::uint8_t enabled_ = 0;  ///< as in the states of the threads
  std::uint8_t enable_target_ = 0;
  std::uint8_t enable_fell_ = 0;

  Engine engine_ = Engine::Idle;
  Cycle engine_due_ = kNever;   ///< unless Working
  Event event_{};               ///< the operation of the engine, completed as it goes
  std::vector<Issued> issued_;  ///< memory requests of that operation
  std::size_t replayed_ = 0;    ///< how many of them the current execution has met
  bool in_memory_callback_ = false;
  MmioResponse* direct_ = nullptr;  ///< where access() wants its answer
  PresenterResponse* direct_presenter_ = nullptr;

  Cycle match_due_ = kNever;         ///< answer of the MATCH at the head of its queue
  Cycle reset_report_due_ = kNever;  ///< of the lines that a reset dropped
  std::array<Lines, kMaxThreads> reported_{};
};

}  // namespace xive::tima
