// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/presenter/tima_port_bus.h"

#include <stdexcept>
#include <utility>

namespace xive::ic {

class TimaPortBus::Client final : public tima::TimaClient {
 public:
  Client(TimaPortBus& bus, unsigned core) : bus_(bus), core_(core) {}

  void on_mmio_response(const tima::MmioResponse& response, tima::Cycle) override {
    mmio_ = response;
    mmio_done_ = true;
  }
  void on_presenter_response(const tima::PresenterResponse& response, tima::Cycle) override {
    PresenterSink* sink = sinks_.front();
    sinks_.pop_front();
    if (sink == nullptr) {
      presenter_ = response;
      presenter_done_ = true;
    } else {
      sink->on_presenter_answer(core_, response);
    }
  }
  void on_memory_request(const tima::MemoryRequest& request, tima::Cycle) override {
    const auto answer = bus_.service_.execute(bus_.cores_[core_].chip, request);
    if (!tima::is_posted(request.op)) bus_.cores_[core_].port->respond(answer);
  }
  void on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) override {
    if (bus_.listener_ != nullptr) bus_.listener_->on_lines(core_, thread, lines, cycle);
  }
  void on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) override {
    if (bus_.listener_ != nullptr) bus_.listener_->on_tima_error(core_, thread, code, cycle);
  }

  TimaPortBus& bus_;
  unsigned core_;
  std::deque<PresenterSink*> sinks_;  ///< of the requests in flight; null = somebody waits here
  tima::MmioResponse mmio_{};
  tima::PresenterResponse presenter_{};
  bool mmio_done_ = false;
  bool presenter_done_ = false;
  bool advancing_ = false;
};

TimaPortBus::TimaPortBus(std::vector<Core> cores, MemoryService& service, VpFilter* filter,
                         Timing timing)
    : cores_(std::move(cores)), service_(service), timing_(timing) {
  for (unsigned n = 0; n < cores_.size(); ++n) {
    Core& core = cores_[n];
    clients_.push_back(std::make_unique<Client>(*this, n));
    core.port->bind(*clients_.back());
    core.port->configure(core.inputs);
    if (filter != nullptr) {
      feeds_.emplace_back(*filter, n, core.port->params());
      feeds_.back().configure(core.inputs);
      core.port->observe(&feeds_.back());
    }
  }
}

TimaPortBus::~TimaPortBus() {
  for (Core& core : cores_) core.port->observe(nullptr);
}

void TimaPortBus::observe(unsigned core, tima::Observer* observer) {
  if (feeds_.empty()) {
    cores_[core].port->observe(observer);
  } else {
    feeds_[core].chain(observer);
  }
}

tima::Cycle TimaPortBus::advance(unsigned core, tima::Cycle horizon) {
  Client& client = *clients_[core];
  if (client.advancing_) throw std::logic_error("TimaPortBus: advance() from inside advance()");
  client.advancing_ = true;
  try {
    const tima::Cycle now = cores_[core].port->advance(horizon);
    client.advancing_ = false;
    return now;
  } catch (...) {
    client.advancing_ = false;
    throw;
  }
}

std::optional<tima::PresenterResponse> TimaPortBus::present(unsigned core,
                                                            const tima::PresenterRequest& request,
                                                            PresenterSink& sink, bool) {
  Client& client = *clients_[core];
  // From inside a callback of this port the message can only be queued.
  const bool wait = timing_ == Timing::Immediate && !client.advancing_;
  client.sinks_.push_back(wait ? nullptr : &sink);
  cores_[core].port->submit(request);
  if (!wait) return std::nullopt;
  client.presenter_done_ = false;
  while (!client.presenter_done_) advance(core, cores_[core].port->now() + kSlice);
  return client.presenter_;
}

tima::MmioResponse TimaPortBus::mmio(unsigned core, const tima::MmioRequest& request) {
  Client& client = *clients_.at(core);
  if (request.thread >= cores_[core].port->params().threads) {
    tima::MmioResponse none;
    none.err = true;
    none.code = tima::ErrorCode::NoAccess;
    none.rdata = request.write ? 0 : ~std::uint64_t{0};
    return none;
  }
  client.mmio_done_ = false;
  cores_[core].port->submit(request);
  while (!client.mmio_done_) advance(core, cores_[core].port->now() + kSlice);
  return client.mmio_;
}

void TimaPortBus::settle(unsigned core) {
  if (clients_[core]->advancing_) return;
  while (!cores_[core].port->idle()) advance(core, cores_[core].port->now() + kSlice);
}

void TimaPortBus::set_thread_enable(unsigned core, std::uint8_t mask) {
  cores_[core].port->set_thread_enable(mask);
  if (timing_ == Timing::Immediate) settle(core);
}

void TimaPortBus::set_block(unsigned core, std::uint8_t blk) {
  if (cores_[core].inputs.blk == blk) return;
  settle(core);  // static inputs may change only while the TIMA is idle
  cores_[core].inputs.blk = blk;
  cores_[core].port->configure(cores_[core].inputs);
  if (!feeds_.empty()) feeds_[core].configure(cores_[core].inputs);
}

}  // namespace xive::ic
