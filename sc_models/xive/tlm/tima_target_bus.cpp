// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/tlm/tima_target_bus.h"

#include <array>
#include <stdexcept>

namespace xive::ic {

class TimaTargetBus::Side final : public tima::TimaChip {
 public:
  Side(TimaTargetBus& bus, unsigned core, const Core& config)
      : bus_(bus), core_(core), config_(config) {}

  std::optional<tima::MemoryResponse> on_memory_request(const tima::MemoryRequest& request,
                                                        const sc_core::sc_time&) override {
    return bus_.service_.execute(config_.chip, request);
  }
  void on_lines(unsigned thread, const tima::Lines& lines, const sc_core::sc_time& when) override {
    if (bus_.listener_ != nullptr) bus_.listener_->on_lines(core_, thread, lines, when);
  }
  void on_error(unsigned thread, tima::ErrorCode code, const sc_core::sc_time& when) override {
    if (bus_.listener_ != nullptr) bus_.listener_->on_tima_error(core_, thread, code, when);
  }

  TimaTargetBus& bus_;
  unsigned core_;
  Core config_;
  tima::TimaTarget* target_ = nullptr;
  std::unique_ptr<FilterFeed> feed_;
};

TimaTargetBus::TimaTargetBus(std::vector<Core> cores, MemoryService& service, VpFilter* filter)
    : service_(service), filter_(filter) {
  for (unsigned n = 0; n < cores.size(); ++n) {
    sides_.push_back(std::make_unique<Side>(*this, n, cores[n]));
  }
}

TimaTargetBus::~TimaTargetBus() = default;

tima::TimaChip& TimaTargetBus::side(unsigned core) {
  return *sides_.at(core);
}

void TimaTargetBus::attach(unsigned core, tima::TimaTarget& target, tima::Observer* next) {
  Side& side = *sides_.at(core);
  side.target_ = &target;
  tima::TimaPort& port = target.port();
  port.configure(side.config_.inputs);
  if (filter_ == nullptr) {
    port.observe(next);
    return;
  }
  side.feed_ = std::make_unique<FilterFeed>(*filter_, core, port.params());
  side.feed_->configure(side.config_.inputs);
  side.feed_->chain(next);
  port.observe(side.feed_.get());
}

std::optional<tima::PresenterResponse> TimaTargetBus::present(unsigned core,
                                                              const tima::PresenterRequest& request,
                                                              PresenterSink& sink) {
  sides_[core]->target_->presenter_async(request,
                                         [&sink, core](const tima::PresenterResponse& response) {
                                           sink.on_presenter_answer(core, response);
                                         });
  return std::nullopt;
}

tima::MmioResponse TimaTargetBus::mmio(unsigned core, const tima::MmioRequest& request) {
  tima::TimaTarget& target = *sides_.at(core)->target_;
  const unsigned size = 1U << request.size_log2;
  std::array<std::uint8_t, 8> bytes{};
  for (unsigned i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(request.wdata >> 8U * (size - 1U - i));
  }
  tima::RequesterExtension requester(request.thread);
  tlm::tlm_generic_payload trans;
  trans.set_command(request.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  trans.set_address(static_cast<sc_dt::uint64>(request.page) << 16U | request.offset);
  trans.set_data_ptr(bytes.data());
  trans.set_data_length(size);
  trans.set_streaming_width(size);
  trans.set_extension(&requester);
  sc_core::sc_time delay;
  target.b_transport(trans, delay);
  trans.clear_extension(&requester);
  const auto process = sc_core::sc_get_current_process_handle();
  if (delay != sc_core::SC_ZERO_TIME && process.valid() &&
      process.proc_kind() == sc_core::SC_THREAD_PROC_) {
    sc_core::wait(delay);
  }
  tima::MmioResponse response;
  response.err = trans.is_response_error();
  if (response.err) {
    response.code = trans.get_response_status() == tlm::TLM_BURST_ERROR_RESPONSE
                        ? tima::ErrorCode::Align
                        : tima::ErrorCode::NoAccess;
    response.rdata = request.write ? 0 : ~std::uint64_t{0};
  } else if (!request.write) {
    for (unsigned i = 0; i < size; ++i) response.rdata = response.rdata << 8U | bytes[i];
  }
  return response;
}

void TimaTargetBus::set_thread_enable(unsigned core, std::uint8_t mask) {
  sides_.at(core)->target_->set_thread_enable(mask);
}

void TimaTargetBus::set_block(unsigned core, std::uint8_t blk) {
  Side& side = *sides_.at(core);
  if (side.config_.inputs.blk == blk) return;
  side.config_.inputs.blk = blk;
  if (side.target_ == nullptr) return;  // attach() will configure it
  side.target_->port().configure(side.config_.inputs);
  if (side.feed_) side.feed_->configure(side.config_.inputs);
}

}  // namespace xive::ic
