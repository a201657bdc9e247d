// SPDX-License-Identifier: Apache-2.0
/// The router of one chip: EAS stage, END stage with its event queue, backlog, escalation, remote
/// forwarding (xive-chip.md 6.1, 6.2). Events wait in one FIFO; each is a chain of atomic steps.
///
/// Unpaced (default), accepting an event runs it to its end, or until the presenter waits for a
/// TIMA. Paced, somebody else calls step() and can put time between the steps.
#pragma once

#include <cstdint>
#include <optional>

#include "sc_models/xive/fabric.h"
#include "sc_models/xive/presenter/presenter.h"
#include "sc_models/xive/router/job.h"
#include "sc_models/xive/router/near_fifo.h"
#include "sc_models/xive/router/tables.h"

namespace xive::ic {

class alignas(64) Router final : public Presenter::Client {
 public:
  /// Escalations and forwards that one event may take before it is dropped as a loop.
  static constexpr unsigned kMaxDepth = 64;

  struct Settings {
    bool enable_u = false;  ///< unconditional escalation honoured
    bool enable_s = false;  ///< silent escalation honoured
  };

  /// Told when a sync marker reached the head of the queue.
  class SyncSink {
   public:
    virtual ~SyncSink() = default;
    virtual void on_sync_done(std::uint32_t bit, std::uint64_t earlier) = 0;
  };

  /// Told, when paced, that step() may find something to do.
  class WorkSink {
   public:
    virtual ~WorkSink() = default;
    virtual void on_work() = 0;
  };

  Router(Environment& env, Tables& tables, Presenter& presenter, Fabric& fabric);

  void set_sync_sink(SyncSink& sink) { sync_sink_ = &sink; }
  void set_settings(const Settings& settings) { settings_ = settings; }
  const Settings& settings() const { return settings_; }

  /// An event of source (blk, idx); `pq_checked` = its PQ automaton has already forwarded it.
  void trigger_eas(unsigned blk, std::uint32_t idx, bool pq_checked);
  /// An event for an END.
  void trigger_end(unsigned blk, std::uint32_t idx, std::uint32_t data, bool redistribute);
  /// A re-forwarding EOI on an END page: notification or escalation once more.
  void rerun_end(unsigned blk, std::uint32_t idx, bool escalation);
  /// 64-bit trigger message of a source, a PHB, or another chip (`trace` and `depth` go with it).
  void message(std::uint64_t data, TraceId trace = 0, unsigned depth = 0);
  /// `bit` is reported done when every event accepted before is finished.
  void sync(std::uint32_t bit);

  /// Paced: step() is called by somebody else, who is told of work by `work` (not owned).
  void set_paced(bool paced, WorkSink* work = nullptr) {
    paced_ = paced;
    work_ = work;
  }
  /// One atomic step; false when idle or waiting for the presenter.
  bool step();
  /// Steps until nothing can move.
  void pump();
  bool idle() const { return stage_ == Stage::Idle && queue_.empty(); }
  std::size_t queued() const { return queue_.size(); }
  /// No event is in work: the next step takes one from the queue.
  bool between_events() const { return stage_ == Stage::Idle; }
  /// A TIMA has to answer before there is another step.
  bool waits() const { return stage_ == Stage::Presenting; }

  void on_presented(Presenter::Result result) override;

 private:
  enum class Stage : std::uint8_t { Idle, Eas, End, Notify, Presenting, Escalate };

  void accept(Job job);
  void go();
  void begin();
  void finish(Outcome outcome);
  void fault(FirId id, std::uint64_t detail) {
    env_.fir.report(id, detail);
    finish(Outcome::Fault);
  }
  void forward(std::uint64_t address, std::uint64_t data);
  inline void eas_stage();
  inline void end_stage();
  std::optional<std::uint32_t> enqueue(const End& end, std::uint32_t w1, EndEvent& event);
  void notify_of(const End& end);
  void notify_stage();
  void after_search(Presenter::Result result);
  void record_backlog();
  void escalate_stage();
  /// Tables of the chip that holds the VP block; null (reported) when nobody does.
  Tables* vp_owner();
  std::uint64_t detail() const { return entry_detail(job_.blk, job_.idx); }

  // Three lines of a cache: what every step looks at, what waits, the event in work.
  Environment& env_;
  Tables& tables_;
  Presenter& presenter_;
  WorkSink* work_ = nullptr;
  Stage stage_ = Stage::Idle;
  bool paced_ = false;
  bool running_ = false;
  bool backlog_ = false;  ///< the END wants one
  bool delivered_ = false;
  Outcome unescalated_ = Outcome::NotRecorded;
  Settings settings_{};
  NearFifo<Job, 2> queue_;
  std::uint64_t accepted_ = 0;
  Fabric& fabric_;
  Job job_{};
  tima::PresenterRequest match_{};  ///< what the END says to search for
  std::uint64_t finished_ = 0;
  SyncSink* sync_sink_ = nullptr;
};

}  // namespace xive::ic
