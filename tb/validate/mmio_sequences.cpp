// SPDX-License-Identifier: Apache-2.0
/// The sequences of software: what a hypervisor and its guests really do with a TIMA (spec 5.3).
#include "tb/validate/mmio_traffic.h"

namespace xive::validate {
namespace {

constexpr unsigned kHv = 1, kOs = 2;

}  // namespace

void MmioTraffic::add(OpClass op_class, const tima::MmioRequest& request) {
  steps_.push({Do::Access, op_class, request, 0});
}

void MmioTraffic::make_step(Operation& op) {
  const Step step = steps_.front();
  steps_.pop();
  answer(op, 0, true);
  op.op_class = step.op_class;
  op.mmio = step.request;
  switch (step.what) {
    case Do::Access:
      break;
    case Do::Restore:
      make_restore(op, step.request.thread, step.vp);
      break;
    case Do::Push:
      make_push(op, step.request.thread, step.vp);
      break;
    case Do::PoolPush:
      make_pool_push(op, step.request.thread, step.vp);
      break;
  }
}

void MmioTraffic::bring_up(unsigned thread) {
  if (random_.coin()) add(OpClass::RestoreStore, store(thread, kHv, 0x030, 2, 0x00ff00ff));
  add(OpClass::VtStore, store(thread, kHv, 0x038, 0, 0x80));
  add(OpClass::VtPoll, access(thread, kHv, 0x038, 0));
  add(OpClass::CpprStore, store(thread, kHv, 0x031, 0, 0xff));
}

void MmioTraffic::sequence_handler_os(unsigned thread) {
  add(OpClass::Ack, access(thread, kOs, 0x810, 1));
  if (random_.chance(40)) add(OpClass::Ack, access(thread, kOs, 0x810, 1));
  if (random_.chance(40)) add(OpClass::SetPending, store(thread, kOs, 0x812, 0, random_.below(8)));
  add(OpClass::CpprStore, store(thread, kOs, 0x011, 0, random_.chance(200) ? 0xffU : cppr()));
}

void MmioTraffic::sequence_handler_hv(unsigned thread) {
  add(OpClass::Ack, access(thread, kHv, 0x830, 1));
  if (random_.chance(40)) add(OpClass::Ack, access(thread, kHv, 0x830, 1));
  add(OpClass::CpprStore, store(thread, kHv, 0x031, 0, random_.chance(200) ? 0xffU : cppr()));
}

void MmioTraffic::sequence_guest_exit(unsigned thread) {
  add(OpClass::PullOs, access(thread, kHv, 0x818, random_.coin() ? 2 : 3));
  add(OpClass::SaveLoad, access(thread, kHv, 0x010, 3));
}

void MmioTraffic::sequence_guest_entry(unsigned thread, unsigned vp) {
  tima::MmioRequest where;
  where.thread = static_cast<std::uint8_t>(thread);
  steps_.push({Do::Restore, OpClass::RestoreStore, where, static_cast<std::uint8_t>(vp)});
  steps_.push({Do::Push, OpClass::PushOs, where, static_cast<std::uint8_t>(vp)});
}

void MmioTraffic::sequence_pool(unsigned thread) {
  tima::MmioRequest where;
  where.thread = static_cast<std::uint8_t>(thread);
  const auto vp = static_cast<std::uint8_t>(vps_.any(random_));
  add(OpClass::PullPool, access(thread, kHv, 0x828, random_.coin() ? 2 : 3));
  if (random_.coin()) {
    add(OpClass::RawStore, store(thread, 0, 0x020, 2, std::uint64_t{sparse_byte()} << 8U));
  }
  steps_.push({Do::PoolPush, OpClass::PoolStore, where, vp});
  add(OpClass::RawLoad, access(thread, kHv, 0x028, 2));
  if (random_.coin()) add(OpClass::CpprStore, store(thread, kHv, 0x031, 0, cppr()));
}

void MmioTraffic::sequence_phys(unsigned thread) {
  add(OpClass::CpprStore, store(thread, kHv, 0x031, 0, 0));
  add(OpClass::PullPhys, access(thread, kHv, 0x838, 0));
  bring_up(thread);
}

void MmioTraffic::start_sequence(unsigned thread) {
  const unsigned vp = vps_.any(random_);
  switch (random_.below(10)) {
    case 0:
    case 1:
      sequence_handler_os(thread);
      break;
    case 2:
    case 3:
      sequence_handler_hv(thread);
      break;
    case 4:
      sequence_guest_exit(thread);
      break;
    case 5:
      sequence_guest_entry(thread, vp);
      break;
    case 6:  // exit and entry of the same guest
      sequence_guest_exit(thread);
      sequence_guest_entry(thread, vps_.on_os(thread));
      break;
    case 7:  // the guest moves to another thread
      sequence_guest_exit(thread);
      sequence_guest_entry(random_.below(config_.params.threads), vps_.on_os(thread));
      break;
    case 8:
      sequence_pool(thread);
      break;
    default:
      random_.coin() ? sequence_phys(thread) : bring_up(thread);
      break;
  }
}

void MmioTraffic::on_response(const tima::MmioRequest& request,
                              const tima::MmioResponse& response) {
  // The image that software keeps when it has pulled a guest.
  if (!request.write && request.size_log2 == 3 && (request.offset & 0xc3fU) == 0x010 &&
      !response.err) {
    vps_.at(vps_.on_os(request.thread)).image = response.rdata;
  }
}

void MmioTraffic::on_lines(unsigned thread, const tima::Lines& lines) {
  const tima::Lines before = lines_.at(thread);
  lines_.at(thread) = lines;
  if (lines.os_ext && !before.os_ext && random_.chance(config_.handler_share)) {
    sequence_handler_os(thread);
  }
  if (lines.hv_ext && !before.hv_ext && random_.chance(config_.handler_share)) {
    sequence_handler_hv(thread);
  }
}

void MmioTraffic::on_reset() {
  steps_.clear();
  lines_ = {};
}

}  // namespace xive::validate
