// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/tima_driver.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace xive::machine {

TimaDriver::TimaDriver(unsigned core, std::unique_ptr<tima::TimaPort> port,
                       ppc::host::Executor& executor, const Timing& timing, TimaOwner& owner,
                       Profile& profile)
    : core_(core),
      port_(std::move(port)),
      executor_(executor),
      timing_(timing),
      owner_(owner),
      profile_(profile) {
  if (timing.period == 0) throw std::invalid_argument("TIMA clock period of 0 ps");
  port_->bind(*this);
  serve_ = executor.keep([this] {
    if (armed_ == executor_.now()) armed_ = platform::kNever;
    service();
    arm();
  });
}

// ---- Requests

tima::MmioResponse TimaDriver::mmio(const tima::MmioRequest& request, bool may_wait) {
  catch_up();
  tima::MmioResponse response;
  if (answered_at_once(request, response)) {
    const Time due = timing_.access.leave(time_of(port_->now()), kRegister);
    drain();
    if (may_wait) {
      deliver_due(executor_.now());
      while (due > executor_.now()) wait_for(due);
    } else {
      run_ahead();
    }
  } else {
    response = answered_later(may_wait);
  }
  arm();
  return response;
}

bool TimaDriver::answered_at_once(const tima::MmioRequest& request, tima::MmioResponse& response) {
  const PartScope scope(profile_, Part::Timas);
  return port_->access(request, response);
}

tima::MmioResponse TimaDriver::answered_later(bool may_wait) {
  const std::uint64_t number = first_ticket_ + tickets_.size();
  tickets_.push_back({});
  const auto ticket = [&]() -> Ticket& { return tickets_[number - first_ticket_]; };
  drain();
  if (may_wait) {
    deliver_due(executor_.now());
    while (ticket().due > executor_.now()) wait_for(ticket().due);
  } else {
    while (ticket().due == platform::kNever) {
      if (inbox_.empty() && memory_.empty()) no_answer();
      run_ahead();
    }
    run_ahead();
  }
  // Threads of the core may leave in another order than they came.
  const tima::MmioResponse response = ticket().response;
  ticket().taken = true;
  while (!tickets_.empty() && tickets_.front().taken) {
    tickets_.erase(tickets_.begin());
    ++first_ticket_;
  }
  return response;
}

/// Until the answer or something else is due.
void TimaDriver::wait_for(Time answer) {
  const Time due = std::min(answer, next_due());
  if (due == platform::kNever) no_answer();
  // No event of our own is needed: this agent is there when something is due.
  executor_.wait_until(std::max(due, executor_.now()));
  service();
}

/// Everything there is, whatever its time.
void TimaDriver::run_ahead() {
  deliver_due(platform::kNever - 1);
  if (memory_.empty()) return;
  answer_memory();
  drain();
}

void TimaDriver::no_answer() const {
  throw std::logic_error(fmt::format("TIMA of core {}: no answer to an access", core_));
}

std::optional<tima::PresenterResponse> TimaDriver::present(const tima::PresenterRequest& request,
                                                           ic::PresenterSink& sink, bool alone) {
  const Time now = executor_.now();
  const Time due = timing_.broadcast.admit(now, kSearch);
  if (due != now && !(alone && executor_.pass_to(due))) {
    executor_.get().at(due, [this, request, &sink] { give(request, sink, false); });
    return std::nullopt;
  }
  return give(request, sink, alone);
}

/// The answer, if nobody else does anything until it has come and may do so (`alone`).
std::optional<tima::PresenterResponse> TimaDriver::give(const tima::PresenterRequest& request,
                                                        ic::PresenterSink& sink, bool alone) {
  catch_up();
  tima::PresenterResponse response;
  const bool answered = port_->access(request, response);
  std::optional<tima::PresenterResponse> answer;
  Time due = 0;
  if (answered) due = timing_.presenter.admit(time_of(port_->now()), kAnswer);
  if (answered && alone && sinks_.empty() && !configuration_ && port_->idle() && pass_to(due)) {
    answer = response;
  } else {
    sinks_.push_back(&sink);
    if (answered) {
      post(response, due);
    } else {
      ++presenter_in_port_;
    }
    drain();
  }
  arm();
  return answer;
}

/// Lets time pass, with all that the port has told until then.
bool TimaDriver::pass_to(Time due) {
  while (!inbox_.empty() && inbox_.front().due <= due) {
    if (!executor_.pass_to(inbox_.front().due)) return false;
    deliver_first();
  }
  return executor_.pass_to(due);
}

void TimaDriver::set_thread_enable(std::uint8_t mask) {
  catch_up();
  port_->set_thread_enable(mask);
  drain();
  arm();
}

void TimaDriver::configure(const tima::StaticInputs& inputs) {
  configuration_ = inputs;
  catch_up();
  apply_configuration();
}

void TimaDriver::reset() {
  catch_up();
  port_->reset();
  memory_.clear();
  const Time now = executor_.now();
  for (; presenter_in_port_ > 0; --presenter_in_port_) {
    post(tima::PresenterResponse{}, timing_.presenter.admit(now, kAnswer));
  }
  while (next_response_ < first_ticket_ + tickets_.size()) {
    answer({~std::uint64_t{0}, true, tima::ErrorCode::NoAccess}, now);
  }
  drain();
  arm();
}

// ---- Running the port

/// Brings a port that has been idle, or that waits for memory, up to now.
void TimaDriver::catch_up() {
  const Time now = executor_.now();
  // A port that is ahead costs no division.
  for (tima::Cycle cycle = port_->now(); time_of(cycle) < now;)
    cycle = port_->advance(cycle_at(now));
}

/// Runs the port until it has no work, or until it can only wait for memory.
void TimaDriver::drain() {
  if (port_->idle() && !configuration_) return;
  const PartScope scope(profile_, Part::Timas);
  while (!port_->idle()) {
    tima::Cycle horizon = port_->now() + kChunk;
    if (!memory_.empty()) {
      // MATCH is answered while an operation waits (order O4); anything else has to wait too.
      const tima::Cycle limit = cycle_at(memory_.front().due);
      if (presenter_in_port_ == 0 || port_->now() >= limit) return;
      horizon = std::min(horizon, limit);
    }
    port_->advance(horizon);
  }
  apply_configuration();
}

void TimaDriver::apply_configuration() {
  if (!configuration_ || !port_->idle()) return;
  port_->configure(*configuration_);
  configuration_.reset();
}

/// Everything that is due now, and what follows from it.
void TimaDriver::service() {
  const Time now = executor_.now();
  deliver_due(now);
  while (!memory_.empty() && memory_.front().due <= now) {
    catch_up();
    answer_memory();
    drain();
    deliver_due(now);
  }
}

void TimaDriver::answer_memory() {
  const Waiting waiting = memory_.front();
  memory_.erase(memory_.begin());
  port_->respond(owner_.on_memory(core_, waiting.request));
}

Time TimaDriver::next_due() const {
  const Time message = inbox_.empty() ? platform::kNever : inbox_.front().due;
  return memory_.empty() ? message : std::min(message, memory_.front().due);
}

/// Makes sure that service() is called when the next thing is due.
void TimaDriver::arm() {
  const Time due = next_due();
  if (due >= armed_) return;
  armed_ = std::max(due, executor_.now());
  executor_.at(armed_, serve_);
}

// ---- What the port tells

void TimaDriver::post(const Message& message, Time due) {
  auto place = inbox_.end();
  while (place != inbox_.begin() && std::prev(place)->due > due) --place;
  inbox_.insert(place, message)->due = due;
}

void TimaDriver::post(const tima::PresenterResponse& response, Time due) {
  Message message;
  message.kind = Message::Kind::Presenter;
  message.presenter = response;
  post(message, due);
}

void TimaDriver::deliver_first() {
  const Message message = inbox_.front();
  inbox_.erase(inbox_.begin());
  deliver(message);
}

void TimaDriver::deliver(const Message& message) {
  switch (message.kind) {
    case Message::Kind::Lines:
      owner_.on_lines(core_, message.thread, message.lines);
      return;
    case Message::Kind::Error:
      owner_.on_tima_error(core_, message.thread, message.code);
      return;
    case Message::Kind::Presenter: {
      ic::PresenterSink* sink = sinks_.front();
      sinks_.erase(sinks_.begin());
      arm();  // with the answer a router may let time pass, but not past what else is due here
      sink->on_presenter_answer(core_, message.presenter);
      return;
    }
  }
}

/// The next one in the order in which the operations were submitted.
void TimaDriver::answer(const tima::MmioResponse& response, Time now) {
  Ticket& ticket = tickets_[next_response_++ - first_ticket_];
  ticket.response = response;
  ticket.due = timing_.access.leave(now, kRegister);
}

void TimaDriver::on_mmio_response(const tima::MmioResponse& response, tima::Cycle cycle) {
  answer(response, time_of(cycle));
}

void TimaDriver::on_presenter_response(const tima::PresenterResponse& response, tima::Cycle cycle) {
  --presenter_in_port_;
  post(response, timing_.presenter.admit(time_of(cycle), kAnswer));
}

void TimaDriver::on_memory_request(const tima::MemoryRequest& request, tima::Cycle cycle) {
  if (timing_.memory.config().free() || tima::is_posted(request.op)) {
    begin_telling(cycle);
    const tima::MemoryResponse response = owner_.on_memory(core_, request);
    end_telling();
    if (!tima::is_posted(request.op)) port_->respond(response);
    return;
  }
  memory_.push_back({request, timing_.memory.admit(time_of(cycle), kRegister)});
}

void TimaDriver::on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) {
  Message message;
  message.kind = Message::Kind::Lines;
  message.thread = static_cast<std::uint8_t>(thread);
  message.lines = lines;
  post(message, timing_.line.admit(time_of(cycle), kLines));
}

void TimaDriver::on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) {
  Message message;
  message.kind = Message::Kind::Error;
  message.thread = static_cast<std::uint8_t>(thread);
  message.code = code;
  post(message, time_of(cycle));
}

}  // namespace xive::machine
