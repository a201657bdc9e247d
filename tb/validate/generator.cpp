// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/generator.h"

#include <algorithm>

namespace xive::validate {
namespace {

constexpr std::uint32_t kConfigureMean = 12'000;

}  // namespace

Generator::Generator(const ShardConfig& config)
    : config_(config),
      vps_(config.seed, config.inputs),
      mmio_(config_, vps_),
      presenter_(config_, vps_),
      pace_random_(derive_seed(config.seed, "pace")),
      control_random_(derive_seed(config.seed, "control")) {
  next_enable_ = config_.enable_interval == 0 ? kNever : in_about(config_.enable_interval * 64U);
  next_reset_ = config_.reset_interval == 0 ? kNever : in_about(config_.reset_interval * 1024U);
  next_configure_ = in_about(kConfigureMean);
}

/// A count of operations between half and one and a half of `mean`.
std::uint64_t Generator::in_about(std::uint32_t mean) {
  return made_ + control_random_.range(mean / 2, mean + mean / 2);
}

tima::Cycle Generator::pause(const Pace& pace, Random& random) {
  const std::uint64_t bits = random.next();
  const auto kind = static_cast<std::uint32_t>(bits >> 56U);
  if (kind < pace.none) return 0;
  if (kind < std::uint32_t{pace.none} + pace.small) return 1 + (bits & 7U);
  // Once in a while nothing happens for long: idle time is there to be jumped over.
  if ((bits & 0x1f00U) == 0) return 100 + (bits >> 16U & 0xfffU);
  return 1 + (bits & 63U);
}

tima::Cycle Generator::due(tima::Cycle now) {
  if (finished()) return kNever;
  if (control_due()) return now;
  tima::Cycle earliest = kNever;
  if (mmio_stream_.under_way < config_.mmio.depth) earliest = mmio_stream_.due;
  if (presenter_stream_.under_way < config_.presenter.depth) {
    earliest = std::min(earliest, presenter_stream_.due);
  }
  return earliest;
}

const Operation& Generator::next(tima::Cycle now) {
  op_.cycle = now;
  if (control_due()) {
    make_control();
    ++made_;
    return op_;
  }
  const bool mmio_can = mmio_stream_.under_way < config_.mmio.depth && mmio_stream_.due <= now;
  const bool presenter_can =
      presenter_stream_.under_way < config_.presenter.depth && presenter_stream_.due <= now;
  if (presenter_can && (presenter_turn_ || !mmio_can)) {
    presenter_.make(op_);
    ++presenter_stream_.under_way;
    presenter_stream_.due = now + pause(config_.presenter, pace_random_);
    presenter_turn_ = false;
  } else {
    mmio_.make(op_);
    ++mmio_stream_.under_way;
    mmio_stream_.due = now + pause(config_.mmio, pace_random_);
    presenter_turn_ = true;
  }
  ++made_;
  return op_;
}

void Generator::make_control() {
  if (made_ == 0 || made_ >= next_enable_) {
    make_enable();
  } else if (made_ >= next_reset_) {
    op_.kind = OpKind::Reset;
    op_.op_class = OpClass::Reset;
    next_reset_ = in_about(config_.reset_interval * 1024U);
  } else {
    op_.kind = OpKind::Configure;
    op_.op_class = OpClass::Configure;
    op_.inputs = draw_inputs(control_random_.next(), config_.params.threads);
    presenter_.set_inputs(op_.inputs);
    next_configure_ = in_about(kConfigureMean);
  }
}

void Generator::make_enable() {
  const auto all = static_cast<std::uint8_t>((1U << config_.params.threads) - 1U);
  const std::uint8_t before = enabled_;
  if (made_ == 0 || (enabled_ != all && control_random_.chance(200))) {
    enabled_ = all;
  } else if (control_random_.chance(200)) {
    enabled_ = static_cast<std::uint8_t>(enabled_ &
                                         ~(1U << control_random_.below(config_.params.threads)));
  } else {
    enabled_ = static_cast<std::uint8_t>(control_random_.byte() & all);
  }
  op_.kind = OpKind::Enable;
  op_.op_class = OpClass::EnableChange;
  op_.enable = enabled_;
  for (unsigned t = 0; t < config_.params.threads; ++t) {
    if ((enabled_ & ~static_cast<unsigned>(before)) >> t & 1U) mmio_.bring_up(t);
  }
  if (config_.enable_interval == 0) {
    next_enable_ = kNever;
  } else if (enabled_ != all) {
    // A disabled thread is soon enabled again, sometimes at once: a fall that is followed by a rise
    // must still reset the thread.
    next_enable_ = made_ + 1 + (control_random_.coin() ? 0 : control_random_.below(60));
  } else {
    next_enable_ = in_about(config_.enable_interval * 64U);
  }
}

void Generator::on_mmio_response(const tima::MmioRequest& request,
                                 const tima::MmioResponse& response) {
  --mmio_stream_.under_way;
  mmio_.on_response(request, response);
}

void Generator::on_presenter_response(const tima::PresenterRequest& request,
                                      const tima::PresenterResponse& response) {
  --presenter_stream_.under_way;
  presenter_.on_response(request, response);
}

void Generator::on_lines(unsigned thread, const tima::Lines& lines) {
  mmio_.on_lines(thread, lines);
}

void Generator::on_reset() {
  mmio_stream_.under_way = 0;
  presenter_stream_.under_way = 0;
  mmio_.on_reset();
  presenter_.on_reset();
}

}  // namespace xive::validate
