// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/reference_port.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

#include "sc_models/tima/port_limits.h"

namespace xive::tima {
namespace {

/// Leaves an operation at a memory request that has no answer yet.
struct Unanswered {};

}  // namespace

ReferencePort::ReferencePort(const Params& params, const ReferenceTiming& timing)
    : reference_(params, *this), timing_(timing) {
  if (std::min({timing.mmio, timing.present, timing.bcast, timing.match, timing.enable}) == 0) {
    throw std::invalid_argument("reference TIMA port: an operation takes at least one cycle");
  }
}

void ReferencePort::reset() {
  mmio_.clear();
  presenter_.clear();
  issued_.clear();
  engine_ = Engine::Idle;
  engine_due_ = match_due_ = kNever;
  reference_.reset();
  enabled_ = 0;
  enable_fell_ = 0;
  reset_report_due_ = now_ + 1;
  if (observer_ != nullptr) {
    Event event;
    event.kind = EventKind::Reset;
    event.cycle = now_ + 1;
    observer_->on_event(event);
  }
}

void ReferencePort::configure(const StaticInputs& inputs) {
  if (!idle()) throw std::logic_error("reference TIMA port: configure() while not idle");
  check_limits(params(), inputs);
  reference_.configure(inputs);
}

void ReferencePort::set_thread_enable(std::uint8_t mask) {
  check_enable_mask(params(), mask);
  enable_fell_ |= static_cast<std::uint8_t>(enable_target_ & ~mask);
  enable_target_ = mask;
}

void ReferencePort::submit(const MmioRequest& request) {
  check_limits(params(), request);
  mmio_.push({request, submissions_++});
}

void ReferencePort::submit(const PresenterRequest& request) {
  check_limits(params(), request);
  presenter_.push({request, submissions_++});
}

/// Takes a place in the queue only when it asks for memory, which may make it wait.
bool ReferencePort::access(const MmioRequest& request, MmioResponse& response) {
  if (!ReferencePort::idle()) {
    ReferencePort::submit(request);
    return false;
  }
  check_limits(params(), request);
  if (client_ == nullptr) unbound();
  direct_ = &response;
  event_.mmio = request;
  start(EventKind::Mmio, request.thread, timing_.mmio);
  now_ = engine_due_;
  execute();
  return std::exchange(direct_, nullptr) == nullptr;
}

/// Nothing that a presenter operation does here waits for memory.
bool ReferencePort::access(const PresenterRequest& request, PresenterResponse& response) {
  if (!ReferencePort::idle()) {
    ReferencePort::submit(request);
    return false;
  }
  check_limits(params(), request);
  if (client_ == nullptr) unbound();
  if (request.cmd == PresenterCmd::Match) {
    now_ += timing_.match;
    response = reference_.match(request);
    if (observer_ != nullptr) observer_->on_match(request, response, now_);
    return true;
  }
  direct_presenter_ = &response;
  start_presenter(request);
  now_ = engine_due_;
  execute();
  return true;
}

ThreadState ReferencePort::state(unsigned thread) const {
  return reference_.state(thread);
}

Lines ReferencePort::lines(unsigned thread) const {
  return reference_.lines(thread);
}

bool ReferencePort::idle() const {
  // What the engine works on is still in its queue.
  return mmio_.empty() && presenter_.empty() && enabled_ == enable_target_ && enable_fell_ == 0 &&
         reset_report_due_ == kNever;
}

// --- Time ------------------------------------------------------------------------------------

Cycle ReferencePort::advance(Cycle horizon) {
  if (client_ == nullptr) unbound();
  if (ReferencePort::idle()) return now_ = std::max(now_, horizon);
  client_called_ = false;
  do {
    arm();
    const Cycle next = std::min({engine_due_, match_due_, reset_report_due_});
    if (next > horizon) return now_ = std::max(now_, horizon);
    now_ = next;
    if (reset_report_due_ == now_) report_reset();
    // First the MATCH: its answer shows the state before everything that this cycle commits.
    if (match_due_ == now_) answer_match();
    if (engine_due_ == now_) execute();
  } while (!client_called_);
  return now_;
}

void ReferencePort::unbound() {
  throw std::logic_error("reference TIMA port: it moves before bind()");
}

void ReferencePort::report_reset() {
  reset_report_due_ = kNever;
  for (unsigned thread = 0; thread < params().threads; ++thread) {
    report_lines(thread, reference_.lines(thread));
  }
}

/// Hands waiting work to the engine and to the match array, both of which start in this cycle.
void ReferencePort::arm() {
  bool presenter = !presenter_.empty();
  if (presenter && presenter_.front().request.cmd == PresenterCmd::Match) {
    if (match_due_ == kNever) match_due_ = now_ + timing_.match;
    presenter = false;
  }
  if (engine_ != Engine::Idle || arm_enable()) return;
  const bool mmio = !mmio_.empty();
  if (mmio && (!presenter || mmio_.front().order < presenter_.front().order)) {
    event_.mmio = mmio_.front().request;
    start(EventKind::Mmio, event_.mmio.thread, timing_.mmio);
  } else if (presenter) {
    start_presenter(presenter_.front().request);
  }
}

void ReferencePort::start_presenter(const PresenterRequest& request) {
  event_.presenter = request;
  if (request.cmd == PresenterCmd::Present) {
    start(EventKind::Present, request.thread, timing_.present);
  } else {
    start(EventKind::Bcast, 0, timing_.bcast);
  }
}

/// Lowest thread first; a fall counts even if a rise followed it.
bool ReferencePort::arm_enable() {
  const unsigned changes = (enabled_ ^ enable_target_) | enable_fell_;
  if (changes == 0) return false;
  start(EventKind::Enable, static_cast<unsigned>(std::countr_zero(changes)), timing_.enable);
  return true;
}

void ReferencePort::start(EventKind kind, unsigned thread, unsigned cycles) {
  engine_ = Engine::Working;
  engine_due_ = now_ + cycles;
  event_.kind = kind;
  event_.thread = static_cast<std::uint8_t>(thread);
  event_.before = reference_.state(thread);
  event_.lines_before = reference_.lines(thread);
}

// --- Operations ------------------------------------------------------------------------------

void ReferencePort::answer_match() {
  const PresenterRequest request = presenter_.front().request;
  presenter_.pop();
  match_due_ = kNever;
  const PresenterResponse response = reference_.match(request);
  if (observer_ != nullptr) observer_->on_match(request, response, now_);
  client_called_ = true;
  client_->on_presenter_response(response, now_);
}

void ReferencePort::execute() {
  engine_due_ = kNever;
  replayed_ = 0;
  if (!issued_.empty()) reference_.set_state(event_.thread, event_.before);
  try {
    run_operation();
  } catch (const Unanswered&) {
    engine_ = Engine::WaitingMemory;
    report_lines(event_.thread, reference_.lines(event_.thread));
    return;
  }
  issued_.clear();
  engine_ = Engine::Idle;
  commit();
}

void ReferencePort::run_operation() {
  const unsigned thread = event_.thread;
  switch (event_.kind) {
    case EventKind::Mmio:
      event_.mmio_response = reference_.mmio(event_.mmio);
      event_.code = event_.mmio_response.code;
      break;
    case EventKind::Present:
    case EventKind::Bcast:
      event_.presenter_response = reference_.presenter(event_.presenter);
      event_.code = event_.presenter_response.code;
      break;
    case EventKind::Enable: {
      const auto bit = static_cast<std::uint8_t>(1U << thread);
      if ((enable_fell_ & bit) != 0) reference_.thread_reset(thread);
      enable_fell_ &= static_cast<std::uint8_t>(~bit);
      reference_.set_enabled(thread, (enable_target_ & bit) != 0);
      enabled_ = static_cast<std::uint8_t>((enabled_ & ~bit) | (enable_target_ & bit));
      event_.code = ErrorCode::None;
      break;
    }
    case EventKind::Reset:
      break;
  }
}

/// Tells the world: the event, the lines, the error pulse, the response, in this order. The request
/// leaves its queue first, so that the client may submit the next one from its callback.
void ReferencePort::commit() {
  const unsigned thread = event_.thread;
  const EventKind kind = event_.kind;
  if (kind == EventKind::Mmio) {
    if (!mmio_.empty()) mmio_.pop();
  } else if (kind != EventKind::Enable && direct_presenter_ == nullptr) {
    presenter_.pop();
  }
  event_.lines_after = reference_.lines(thread);
  if (observer_ != nullptr) {
    event_.cycle = now_;
    event_.after = reference_.state(thread);
    observer_->on_event(event_);
  }
  report_lines(thread, event_.lines_after);
  if (event_.code >= ErrorCode::Undef) {
    client_called_ = true;
    client_->on_error(thread, event_.code, now_);
  }
  if (kind == EventKind::Mmio && direct_ != nullptr) {
    *std::exchange(direct_, nullptr) = event_.mmio_response;
  } else if (kind == EventKind::Mmio) {
    client_called_ = true;
    client_->on_mmio_response(event_.mmio_response, now_);
  } else if (kind != EventKind::Enable && direct_presenter_ != nullptr) {
    *std::exchange(direct_presenter_, nullptr) = event_.presenter_response;
  } else if (kind != EventKind::Enable) {
    client_called_ = true;
    client_->on_presenter_response(event_.presenter_response, now_);
  }
}

void ReferencePort::report_lines(unsigned thread, const Lines& lines) {
  if (lines == reported_[thread]) return;
  reported_[thread] = lines;
  client_called_ = true;
  client_->on_lines(thread, lines, now_);
}

// --- Memory ----------------------------------------------------------------------------------

MemoryResponse ReferencePort::request(const MemoryRequest& request) {
  if (replayed_ < issued_.size()) {
    const Issued& known = issued_[replayed_++];
    if (known.request != request) {
      throw std::logic_error("reference TIMA: an operation took another way when executed again");
    }
    return known.response;
  }
  const bool posted = is_posted(request.op);
  issued_.push_back({request, {}, posted});
  ++replayed_;
  if (direct_ != nullptr && mmio_.empty()) mmio_.push({event_.mmio, submissions_++});
  if (observer_ != nullptr) observer_->on_memory(request, now_);
  client_called_ = true;
  in_memory_callback_ = true;
  client_->on_memory_request(request, now_);
  in_memory_callback_ = false;
  if (!issued_.back().answered) throw Unanswered{};
  return issued_.back().response;
}

void ReferencePort::respond(const MemoryResponse& response) {
  if (issued_.empty() || issued_.back().answered) {
    throw std::logic_error("reference TIMA port: respond() without an unanswered memory request");
  }
  issued_.back().response = response;
  issued_.back().answered = true;
  if (observer_ != nullptr) observer_->on_memory_answer(response, now_);
  if (in_memory_callback_) return;
  engine_ = Engine::Working;
  engine_due_ = now_ + 1;
}

}  // namespace xive::tima
