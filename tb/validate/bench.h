// SPDX-License-Identifier: Apache-2.0
/// Drives a stimulus into a subject, cycle by cycle, until the stimulus has ended and everything is
/// answered, a rule has fired, or nobody wants to go on. Computes the digest of all that crosses
/// the four ports, with its cycles.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sc_models/rules/digest.h"
#include "tb/validate/counters.h"
#include "tb/validate/pick_table.h"
#include "tb/validate/stimulus.h"
#include "tb/validate/subject.h"

namespace xive::validate {

/// Rules of the bench itself.
inline constexpr RuleInfo kRuleHang{"VAL-HANG", "A TIMA with work to do shows a sign of life.",
                                    "tima.md 6.3"};
inline constexpr RuleInfo kRuleLost{
    "VAL-LOST", "Every operation is answered exactly once before the TIMA is idle.", "tima.md 6.3"};

/// Hears everything that crosses the ports, in order. Used for recording and for the log of a
/// capsule, not in a normal run.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void on_submit(const Operation&, std::uint64_t /*number*/, tima::Cycle) {}
  virtual void on_mmio_answer(const tima::MmioResponse&, std::uint64_t /*number*/, tima::Cycle) {}
  virtual void on_presenter_answer(const tima::PresenterResponse&, std::uint64_t /*number*/,
                                   tima::Cycle) {}
  virtual void on_memory_request(const tima::MemoryRequest&, tima::Cycle) {}
  virtual void on_memory_answer(const tima::MemoryResponse&, tima::Cycle) {}
  virtual void on_lines(unsigned /*thread*/, const tima::Lines&, tima::Cycle) {}
  virtual void on_error(unsigned /*thread*/, tima::ErrorCode, tima::Cycle) {}
  /// The run ends here, apart from the aftermath.
  virtual void on_violation(const Violation&) {}
};

/// Waves of the cycles from .. to.
struct WaveWindow {
  std::string path;  ///< empty = none
  tima::Cycle from = 0;
  tima::Cycle to = kNever;
};

struct BenchOutcome {
  std::uint64_t operations = 0;  ///< submitted
  tima::Cycle cycles = 0;
  Digest digest;
  Counters counters;
  std::optional<Violation> violation;     ///< the first one
  std::uint64_t violation_operation = 0;  ///< number of the operation submitted last, from 1
};

class Bench final : private tima::TimaClient {
 public:
  Bench(Subject& subject, Stimulus& stimulus);

  void set_tap(Tap* tap) { tap_ = tap; }
  /// Receives the number of operations about every thousand operations.
  void set_progress(std::atomic<std::uint64_t>* progress) { progress_ = progress; }
  /// Goes on for so many cycles after a violation, to show in a log what comes next.
  void set_aftermath(tima::Cycle cycles) { aftermath_ = cycles; }
  void set_waves(const WaveWindow& window) { waves_ = window; }

  BenchOutcome run(const tima::StaticInputs& inputs);

 private:
  struct UnderWayMmio {
    std::uint64_t number = 0;
    tima::MmioRequest request{};
    MemoryAnswer memory{};
    bool asked = false;  ///< its memory request has been seen
  };
  struct UnderWayPresenter {
    std::uint64_t number = 0;
    tima::PresenterRequest request{};
  };
  struct Answer {
    tima::Cycle due = 0;
    tima::MemoryResponse response{};
  };

  void on_mmio_response(const tima::MmioResponse& response, tima::Cycle cycle) override;
  void on_presenter_response(const tima::PresenterResponse& response, tima::Cycle cycle) override;
  void on_memory_request(const tima::MemoryRequest& request, tima::Cycle cycle) override;
  void on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) override;
  void on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) override;

  void loop();
  bool step();
  void execute(const Operation& op);
  void submit_mmio(const Operation& op);
  void submit_presenter(const Operation& op);
  void reset();
  void run_until_idle();
  void give_answers();
  void respond(const tima::MemoryResponse& response, tima::Cycle cycle);
  void count_match(const tima::PresenterRequest& request, const tima::PresenterResponse& response);
  bool under_way() const { return !mmio_.empty() || !presenter_.empty(); }
  void advance(tima::Cycle horizon);
  void fail(const RuleInfo& rule, std::string detail);
  void note_violation();

  static constexpr std::size_t kDeepest = 1U << 16U;  ///< operations under way at most

  Subject& subject_;
  tima::TimaPort& port_;
  Stimulus& stimulus_;
  Tap* tap_ = nullptr;
  std::atomic<std::uint64_t>* progress_ = nullptr;
  tima::Cycle aftermath_ = 0;
  WaveWindow waves_;
  enum class Waves : std::uint8_t { None, Waiting, Open } wave_state_ = Waves::None;

  std::unique_ptr<FixedQueue<UnderWayMmio, kDeepest>> mmio_queue_;
  std::unique_ptr<FixedQueue<UnderWayPresenter, kDeepest>> presenter_queue_;
  FixedQueue<UnderWayMmio, kDeepest>& mmio_;
  FixedQueue<UnderWayPresenter, kDeepest>& presenter_;
  FixedQueue<Answer, 64> answers_;
  std::array<tima::Lines, tima::kMaxThreads> lines_{};
  std::uint8_t enabled_ = 0;
  BenchOutcome outcome_;
};

}  // namespace xive::validate
