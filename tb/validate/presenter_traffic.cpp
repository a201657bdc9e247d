// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/presenter_traffic.h"

namespace xive::validate {

PresenterTraffic::PresenterTraffic(const ShardConfig& config, VpPool& vps)
    : config_(config),
      vps_(vps),
      inputs_(config.inputs),
      random_(derive_seed(config.seed, "presenter")),
      pick_(std::span(config.weights).subspan(kFirstPresenter, kPresenterClasses)) {}

std::uint8_t PresenterTraffic::priority() {
  return random_.chance(244) ? static_cast<std::uint8_t>(random_.below(8)) : random_.byte();
}

void PresenterTraffic::aim_at_vp(tima::PresenterRequest& request, unsigned vp) {
  request.blk = vps_.at(vp).blk;
  request.idx = vps_.at(vp).idx;
}

/// The HW CAM of a thread (spec 4.1).
void PresenterTraffic::aim_at_thread(tima::PresenterRequest& request) {
  const unsigned thread =
      random_.coin() ? config_.hot_thread : random_.below(config_.params.threads);
  request.blk = inputs_.blk;
  request.idx = 0x80U | (inputs_.pir.at(thread) & 0x7fU);
}

void PresenterTraffic::make_match(Operation& op, OpClass op_class) {
  tima::PresenterRequest& request = op.presenter;
  request.cmd = tima::PresenterCmd::Match;
  request.prio = priority();
  const unsigned thread = random_.below(config_.params.threads);
  switch (op_class) {
    case OpClass::MatchThread:
      aim_at_thread(request);
      break;
    case OpClass::MatchAny:
      request.blk = static_cast<std::uint8_t>(random_.below(16));
      request.idx = random_.below(random_.coin() ? 1U << 19U : 1U << 24U);
      // One bit beside something that is there.
      if (random_.coin()) {
        aim_at_vp(request, vps_.any(random_));
        request.idx ^= 1U << random_.below(24);
      }
      break;
    case OpClass::MatchUser:
      aim_at_vp(request, vps_.on_os(thread));
      request.format = true;
      request.logic_serv = random_.chance(200) ? random_.below(3)
                                               : static_cast<std::uint32_t>(random_.next() >> 33U);
      break;
    case OpClass::MatchGroup:
      if (random_.coin()) {
        aim_at_vp(request, vps_.on_os(thread));
      } else {
        aim_at_thread(request);
      }
      request.ignore = random_.chance(200);
      request.crowd = random_.coin();
      request.format = random_.chance(24);
      break;
    default:
      // On some thread, as OS or as POOL context; or any of the few.
      switch (random_.below(4)) {
        case 0:
        case 1:
          aim_at_vp(request, vps_.on_os(thread));
          break;
        case 2:
          aim_at_vp(request, vps_.on_pool(thread));
          break;
        default:
          aim_at_vp(request, vps_.any(random_));
          break;
      }
      break;
  }
}

void PresenterTraffic::make_blind(tima::PresenterRequest& request) {
  request.cmd = tima::PresenterCmd::Present;
  request.thread = static_cast<std::uint8_t>(random_.below(config_.params.threads));
  request.ring = static_cast<tima::Ring>(random_.below(4));
  request.prio = priority();
  switch (random_.below(4)) {
    case 0:
      aim_at_vp(request, vps_.on_os(request.thread));
      break;
    case 1:
      aim_at_vp(request, vps_.on_pool(request.thread));
      break;
    case 2:
      aim_at_thread(request);
      break;
    default:
      aim_at_vp(request, vps_.any(random_));
      break;
  }
  if (random_.chance(40)) request.level = static_cast<std::uint8_t>(random_.below(64));
  if (random_.chance(24)) request.ignore = true;
  if (random_.chance(24)) request.crowd = true;
  if (random_.chance(24)) request.format = true;
}

void PresenterTraffic::make(Operation& op) {
  op.kind = OpKind::Presenter;
  op.presenter = {};
  if (!found_.empty() && random_.chance(224)) {
    op.op_class = OpClass::PresentFollow;
    op.presenter = found_.front();
    found_.pop();
    old_.at(old_count_++ & 7U) = op.presenter;
    return;
  }
  op.op_class = static_cast<OpClass>(kFirstPresenter + pick_.pick(random_));
  switch (op.op_class) {
    case OpClass::PresentStale:
      if (old_count_ == 0) {
        op.op_class = OpClass::MatchPushed;
        make_match(op, op.op_class);
        break;
      }
      op.presenter = old_.at(random_.below(old_count_ < 8 ? old_count_ : 8));
      if (random_.coin()) op.presenter.prio = priority();
      break;
    case OpClass::PresentBlind:
      make_blind(op.presenter);
      break;
    case OpClass::Bcast:
      make_match(op, random_.coin() ? OpClass::MatchGroup : OpClass::MatchPushed);
      op.presenter.cmd = tima::PresenterCmd::Bcast;
      break;
    default:
      make_match(op, op.op_class);
      break;
  }
}

void PresenterTraffic::on_response(const tima::PresenterRequest& request,
                                   const tima::PresenterResponse& response) {
  if (request.cmd != tima::PresenterCmd::Match) return;
  if (response.match == 0) {
    if (!request.format && !request.ignore) vps_.post(request.blk, request.idx, request.prio);
    return;
  }
  if (request.format || random_.chance(20)) return;
  // To the first one found, as spec 4.5 asks; a careless router now and then takes another.
  unsigned thread = 0;
  while ((response.match >> thread & 1U) == 0) ++thread;
  if (random_.chance(24)) {
    for (unsigned t = thread + 1; t < config_.params.threads; ++t) {
      if ((response.match >> t & 1U) != 0) thread = t;
    }
  }
  tima::PresenterRequest present = request;
  present.cmd = tima::PresenterCmd::Present;
  present.thread = static_cast<std::uint8_t>(thread);
  present.ring = response.ring.at(thread);
  found_.push(present);
}

}  // namespace xive::validate
