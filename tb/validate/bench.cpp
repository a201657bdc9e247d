// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sc_models/tima/tima_error.h"

namespace xive::validate {
namespace {

/// Cycles that the port is let alone at most.
constexpr tima::Cycle kStride = 1U << 20U;
constexpr std::uint64_t kProgressMask = 1023;

/// First word of each record of the digest: what it is.
enum class Mark : std::uint64_t {
  Mmio = 1,
  Presenter,
  Enable,
  Reset,
  Configure,
  MmioAnswer,
  PresenterAnswer,
  Memory,
  MemoryAnswer,
  Lines,
  Error,
  End,
};

constexpr std::uint64_t mark(Mark what, std::uint64_t rest) {
  return static_cast<std::uint64_t>(what) << 56U | rest;
}

constexpr std::uint64_t pack(const tima::MmioRequest& r) {
  return static_cast<std::uint64_t>(r.thread) << 24U | static_cast<std::uint64_t>(r.page) << 20U |
         static_cast<std::uint64_t>(r.write) << 19U |
         static_cast<std::uint64_t>(r.size_log2) << 16U | r.offset;
}

constexpr std::uint64_t pack_target(const tima::PresenterRequest& r) {
  return static_cast<std::uint64_t>(r.cmd) << 48U | static_cast<std::uint64_t>(r.format) << 47U |
         static_cast<std::uint64_t>(r.crowd) << 46U | static_cast<std::uint64_t>(r.ignore) << 45U |
         static_cast<std::uint64_t>(r.thread) << 40U | static_cast<std::uint64_t>(r.ring) << 36U |
         static_cast<std::uint64_t>(r.blk) << 32U | r.idx;
}

constexpr std::uint64_t pack_what(const tima::PresenterRequest& r) {
  return static_cast<std::uint64_t>(r.logic_serv) << 16U |
         static_cast<std::uint64_t>(r.level) << 8U | r.prio;
}

constexpr std::uint64_t pack(const tima::Lines& l) {
  return static_cast<std::uint64_t>(l.os_ext) | static_cast<std::uint64_t>(l.hv_ext) << 1U |
         static_cast<std::uint64_t>(l.user_ebb) << 2U;
}

}  // namespace

Bench::Bench(Subject& subject, Stimulus& stimulus)
    : subject_(subject),
      port_(subject.port()),
      stimulus_(stimulus),
      mmio_queue_(std::make_unique<FixedQueue<UnderWayMmio, kDeepest>>()),
      presenter_queue_(std::make_unique<FixedQueue<UnderWayPresenter, kDeepest>>()),
      mmio_(*mmio_queue_),
      presenter_(*presenter_queue_) {
  port_.bind(*this);
}

BenchOutcome Bench::run(const tima::StaticInputs& inputs) {
  try {
    if (!waves_.path.empty()) wave_state_ = Waves::Waiting;
    subject_.configure(inputs);
    loop();
  } catch (const tima::TimaHang& hang) {
    fail(kRuleHang, hang.what());
  }
  if (wave_state_ == Waves::Open) subject_.close_waves();
  outcome_.cycles = port_.now();
  outcome_.digest.add(mark(Mark::End, outcome_.operations));
  outcome_.digest.add(outcome_.cycles);
  for (unsigned t = 0; t < port_.params().threads; ++t) {
    const tima::ThreadState state = port_.state(t);
    outcome_.digest.add(
        std::string_view(reinterpret_cast<const char*>(state.r.data()), state.r.size()));
    outcome_.digest.add(std::uint64_t{state.l_os} | std::uint64_t{state.l_hv} << 1U |
                        std::uint64_t{state.enabled} << 2U);
  }
  if (progress_ != nullptr) progress_->store(outcome_.operations, std::memory_order_relaxed);
  return std::move(outcome_);
}

void Bench::loop() {
  while (step()) {
  }
  if (outcome_.violation) {
    // What comes after the violation is for the log alone.
    const tima::Cycle end = port_.now() + aftermath_;
    while (port_.now() < end && !port_.idle()) {
      give_answers();
      advance(answers_.empty() ? end
                               : std::min(end, std::max(answers_.front().due, port_.now() + 1)));
    }
    return;
  }
  run_until_idle();
  if (!outcome_.violation && under_way()) {
    fail(kRuleLost, fmt::format("idle, but {} MMIO and {} presenter operations have no answer",
                                mmio_.size(), presenter_.size()));
  }
  if (!outcome_.violation) {
    subject_.check_idle();
    subject_.finish();
    note_violation();
  }
}

/// One turn: answers, submissions, one advance. False = the run ends.
bool Bench::step() {
  give_answers();
  const tima::Cycle now = port_.now();
  while (stimulus_.due(now) <= now) {
    const Operation& op = stimulus_.next(now);
    ++outcome_.operations;
    execute(op);
    if (outcome_.violation) return false;
    if (progress_ != nullptr && (outcome_.operations & kProgressMask) == 0) {
      progress_->store(outcome_.operations, std::memory_order_relaxed);
    }
    if (port_.now() != now) return true;  // a configuration took its time
  }
  if (stimulus_.finished()) return false;
  tima::Cycle horizon = std::min(stimulus_.due(now), now + kStride);
  if (!answers_.empty()) horizon = std::min(horizon, answers_.front().due);
  if (!under_way() && port_.idle()) {
    if (horizon >= now + 64) ++outcome_.counters[Seen::IdleJump];
  } else if (port_.idle() && answers_.empty()) {
    fail(kRuleLost, fmt::format("idle, but {} MMIO and {} presenter operations have no answer",
                                mmio_.size(), presenter_.size()));
    return false;
  }
  advance(std::max(horizon, now + 1));
  note_violation();
  return !outcome_.violation;
}

/// advance() of the port, stopped where the waves begin and end; where it stops changes nothing.
void Bench::advance(tima::Cycle horizon) {
  if (wave_state_ != Waves::None) {
    const tima::Cycle now = port_.now();
    if (wave_state_ == Waves::Waiting && now >= waves_.from) {
      wave_state_ = subject_.open_waves(waves_.path) ? Waves::Open : Waves::None;
    } else if (wave_state_ == Waves::Waiting) {
      horizon = std::min(horizon, waves_.from);
    }
    if (wave_state_ == Waves::Open && now >= waves_.to) {
      subject_.close_waves();
      wave_state_ = Waves::None;
    } else if (wave_state_ == Waves::Open) {
      horizon = std::min(horizon, waves_.to);
    }
  }
  port_.advance(horizon);
}

void Bench::execute(const Operation& op) {
  Digest& digest = outcome_.digest;
  const tima::Cycle now = port_.now();
  ++outcome_.counters[op.op_class];
  if (tap_ != nullptr) tap_->on_submit(op, outcome_.operations, now);
  switch (op.kind) {
    case OpKind::Mmio:
      submit_mmio(op);
      break;
    case OpKind::Presenter:
      submit_presenter(op);
      break;
    case OpKind::Enable:
      if ((enabled_ & ~static_cast<unsigned>(op.enable)) != 0) {
        ++outcome_.counters[Seen::ThreadFall];
      }
      enabled_ = op.enable;
      digest.add(mark(Mark::Enable, op.enable));
      digest.add(now);
      port_.set_thread_enable(op.enable);
      break;
    case OpKind::Reset:
      digest.add(mark(Mark::Reset, 0));
      digest.add(now);
      reset();
      break;
    case OpKind::Configure:
      run_until_idle();
      if (outcome_.violation) break;
      digest.add(mark(Mark::Configure, op.inputs.blk));
      digest.add(port_.now());
      for (const std::uint16_t pir : op.inputs.pir) digest.add(pir);
      subject_.check_idle();
      subject_.configure(op.inputs);
      note_violation();
      break;
  }
}

void Bench::submit_mmio(const Operation& op) {
  outcome_.digest.add(mark(Mark::Mmio, pack(op.mmio)));
  outcome_.digest.add(op.mmio.wdata);
  outcome_.digest.add(port_.now());
  if (!presenter_.empty()) ++outcome_.counters[Seen::Overlap];
  if (!mmio_.empty()) ++outcome_.counters[Seen::BackToBack];
  if (!mmio_.push({outcome_.operations, op.mmio, op.memory, false})) {
    fail(kRuleLost, "too many MMIO operations without an answer");
    return;
  }
  port_.submit(op.mmio);
}

void Bench::submit_presenter(const Operation& op) {
  outcome_.digest.add(mark(Mark::Presenter, pack_target(op.presenter)));
  outcome_.digest.add(pack_what(op.presenter));
  outcome_.digest.add(port_.now());
  if (!mmio_.empty()) ++outcome_.counters[Seen::Overlap];
  if (!presenter_.empty()) ++outcome_.counters[Seen::BackToBack];
  if (!presenter_.push({outcome_.operations, op.presenter})) {
    fail(kRuleLost, "too many presenter operations without an answer");
    return;
  }
  port_.submit(op.presenter);
}

void Bench::reset() {
  if (under_way()) ++outcome_.counters[Seen::ResetInTraffic];
  port_.reset();
  mmio_.clear();
  presenter_.clear();
  answers_.clear();
  stimulus_.on_reset();
  note_violation();
}

void Bench::run_until_idle() {
  while (!port_.idle() && !outcome_.violation) {
    give_answers();
    tima::Cycle horizon = port_.now() + kStride;
    if (!answers_.empty()) horizon = std::min(horizon, answers_.front().due);
    advance(std::max(horizon, port_.now() + 1));
    note_violation();
  }
}

void Bench::give_answers() {
  const tima::Cycle now = port_.now();
  while (!answers_.empty() && answers_.front().due <= now) {
    const tima::MemoryResponse response = answers_.front().response;
    answers_.pop();
    respond(response, now);
  }
}

void Bench::respond(const tima::MemoryResponse& response, tima::Cycle cycle) {
  outcome_.digest.add(mark(Mark::MemoryAnswer, std::uint64_t{response.ok} << 8U | response.ipb));
  outcome_.digest.add(cycle);
  if (tap_ != nullptr) tap_->on_memory_answer(response, cycle);
  port_.respond(response);
}

void Bench::on_mmio_response(const tima::MmioResponse& response, tima::Cycle cycle) {
  if (mmio_.empty()) {
    fail(kRuleLost, "an MMIO answer without an operation");
    return;
  }
  const UnderWayMmio done = mmio_.front();
  mmio_.pop();
  const auto code = static_cast<std::uint64_t>(response.code);
  outcome_.digest.add(mark(Mark::MmioAnswer, std::uint64_t{response.err} << 8U | code));
  outcome_.digest.add(response.rdata);
  outcome_.digest.add(cycle);
  if (code < kErrorCodes) ++outcome_.counters.codes[code];
  if (!done.request.write && done.request.size_log2 == 1 && !response.err &&
      (done.request.offset & 0x800U) != 0) {
    ++outcome_.counters[(response.rdata >> 8U) != 0 ? Seen::AckWithException : Seen::AckSpurious];
  }
  if (tap_ != nullptr) tap_->on_mmio_answer(response, done.number, cycle);
  stimulus_.on_mmio_response(done.request, response);
}

void Bench::on_presenter_response(const tima::PresenterResponse& response, tima::Cycle cycle) {
  if (presenter_.empty()) {
    fail(kRuleLost, "a presenter answer without an operation");
    return;
  }
  const UnderWayPresenter done = presenter_.front();
  presenter_.pop();
  const auto code = static_cast<std::uint64_t>(response.code);
  outcome_.digest.add(
      mark(Mark::PresenterAnswer, static_cast<std::uint64_t>(response.match) << 40U |
                                      static_cast<std::uint64_t>(response.precluded) << 32U |
                                      static_cast<std::uint64_t>(response.count) << 16U |
                                      std::uint64_t{response.multi_err} << 9U |
                                      std::uint64_t{response.ack} << 8U | code));
  std::uint64_t rings = 0;
  std::uint64_t pipr = 0;
  for (unsigned t = 0; t < tima::kMaxThreads; ++t) {
    rings = rings << 2U | static_cast<std::uint64_t>(response.ring[t]);
    pipr = pipr << 8U | response.pipr[t];
  }
  outcome_.digest.add(rings);
  outcome_.digest.add(pipr);
  outcome_.digest.add(cycle);
  if (code < kErrorCodes) ++outcome_.counters.codes[code];
  if (done.request.cmd == tima::PresenterCmd::Match) {
    count_match(done.request, response);
  } else if (done.request.cmd == tima::PresenterCmd::Present) {
    ++outcome_.counters[response.ack ? Seen::PresentAck : Seen::PresentNack];
  }
  if (tap_ != nullptr) tap_->on_presenter_answer(response, done.number, cycle);
  stimulus_.on_presenter_response(done.request, response);
}

void Bench::count_match(const tima::PresenterRequest& request,
                        const tima::PresenterResponse& response) {
  const unsigned match = response.match;
  Seen what = Seen::MatchNone;
  if (match != 0) what = (match & (match - 1)) == 0 ? Seen::MatchOne : Seen::MatchMany;
  ++outcome_.counters[what];
  if (match != 0 && request.format) ++outcome_.counters[Seen::MatchUser];
  if (!answers_.empty()) ++outcome_.counters[Seen::MatchDuringFetch];
}

/// The answer lies with the operation that asked: the oldest store of this thread that has not
/// asked yet and names the same virtual processor. A request that fits no operation is answered all
/// the same; the rules judge it.
void Bench::on_memory_request(const tima::MemoryRequest& request, tima::Cycle cycle) {
  outcome_.digest.add(mark(Mark::Memory, static_cast<std::uint64_t>(request.op) << 40U |
                                             static_cast<std::uint64_t>(request.thread) << 32U |
                                             static_cast<std::uint64_t>(request.blk) << 24U |
                                             request.idx));
  outcome_.digest.add(cycle);
  if (tap_ != nullptr) tap_->on_memory_request(request, cycle);
  if (tima::is_posted(request.op)) return;
  MemoryAnswer answer;
  answer.response.ok = true;
  for (std::size_t i = 0; i < mmio_.size(); ++i) {
    UnderWayMmio& op = mmio_.at(i);
    if (op.asked || !op.request.write || op.request.thread != request.thread) continue;
    if ((op.request.wdata & 0x7ffffU) != (request.idx & 0x7ffffU)) continue;
    op.asked = true;
    answer = op.memory;
    break;
  }
  ++outcome_.counters[Seen::Fetch];
  if (!answer.response.ok) ++outcome_.counters[Seen::FetchRefused];
  if (answer.response.ok && answer.response.ipb != 0) ++outcome_.counters[Seen::FetchWithIpb];
  if (answer.delay != 0) ++outcome_.counters[Seen::FetchLate];
  if (answer.delay == 0 && answers_.empty()) {
    respond(answer.response, cycle);
  } else if (!answers_.push({cycle + answer.delay, answer.response})) {
    fail(kRuleLost, "too many memory requests without an answer");
  }
}

void Bench::on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) {
  outcome_.digest.add(mark(Mark::Lines, std::uint64_t{thread} << 8U | pack(lines)));
  outcome_.digest.add(cycle);
  if (tap_ != nullptr) tap_->on_lines(thread, lines, cycle);
  const tima::Lines before = std::exchange(lines_.at(thread), lines);
  if (lines.os_ext && !before.os_ext) ++outcome_.counters[Seen::OsLineRose];
  if (lines.hv_ext && !before.hv_ext) ++outcome_.counters[Seen::HvLineRose];
  stimulus_.on_lines(thread, lines);
}

void Bench::on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) {
  outcome_.digest.add(mark(Mark::Error, std::uint64_t{thread} << 8U | static_cast<unsigned>(code)));
  outcome_.digest.add(cycle);
  if (tap_ != nullptr) tap_->on_error(thread, code, cycle);
}

void Bench::fail(const RuleInfo& rule, std::string detail) {
  if (outcome_.violation) return;
  outcome_.violation = Violation{rule.id, port_.now(), std::move(detail)};
  outcome_.violation_operation = outcome_.operations;
  if (tap_ != nullptr) tap_->on_violation(*outcome_.violation);
}

void Bench::note_violation() {
  if (outcome_.violation || !subject_.violated()) return;
  outcome_.violation = subject_.first_violation();
  outcome_.violation_operation = outcome_.operations;
  if (tap_ != nullptr) tap_->on_violation(*outcome_.violation);
}

}  // namespace xive::validate
