// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/driver/opal_client.h"

#include <fmt/format.h>

namespace xive::driver {

namespace rc = opal::rc;

CallFailed::CallFailed(Token token, std::int64_t rc)
    : std::runtime_error(
          fmt::format("{} returned {} ({})", opal::to_string(token), opal::rc_name(rc), rc)),
      token_(token),
      rc_(rc) {}

std::int64_t OpalClient::call(Cpu& cpu, Token token, std::initializer_list<std::uint64_t> args) {
  const bool retry = token != Token::XiveReset && token != Token::XiveGetIrqInfo;
  std::int64_t result = rc::kBusy;
  for (unsigned n = 0; n < kTries; ++n) {
    result = firmware_.call(cpu, token, args);
    if (result != rc::kBusy || !retry) break;
    cpu.delay(platform::kMicrosecond);
  }
  return result;
}

std::int64_t OpalClient::must(Cpu& cpu, Token token, std::initializer_list<std::uint64_t> args) {
  const std::int64_t result = call(cpu, token, args);
  if (result < 0) throw CallFailed(token, result);
  return result;
}

OpalClient::IrqInfo OpalClient::irq_info(Cpu& cpu, std::uint64_t number) {
  const auto at = [&](unsigned word) { return scratch(cpu, word); };
  must(cpu, Token::XiveGetIrqInfo, {number, at(0), at(1), at(2), at(3), at(4)});
  return {take(cpu, 0), take(cpu, 1), take(cpu, 2), take32(cpu, 3), take32(cpu, 4)};
}

OpalClient::QueueInfo OpalClient::queue_info(Cpu& cpu, std::uint64_t vp, unsigned prio) {
  const auto at = [&](unsigned word) { return scratch(cpu, word); };
  must(cpu, Token::XiveGetQueueInfo, {vp, prio, at(0), at(1), at(2), at(3), at(4)});
  return {take(cpu, 0), take(cpu, 1), take(cpu, 2), take(cpu, 4), take32(cpu, 3)};
}

OpalClient::VpInfo OpalClient::vp_info(Cpu& cpu, std::uint64_t vp) {
  const auto at = [&](unsigned word) { return scratch(cpu, word); };
  must(cpu, Token::XiveGetVpInfo, {vp, at(0), at(1), at(2), at(3)});
  return {take(cpu, 0), take(cpu, 1), take(cpu, 2), take32(cpu, 3)};
}

OpalClient::QueueState OpalClient::queue_state(Cpu& cpu, std::uint64_t vp, unsigned prio) {
  must(cpu, Token::XiveGetQueueState, {vp, prio, scratch(cpu, 0), scratch(cpu, 1)});
  return {take32(cpu, 0), take32(cpu, 1)};
}

std::uint64_t OpalClient::vp_state(Cpu& cpu, std::uint64_t vp) {
  must(cpu, Token::XiveGetVpState, {vp, scratch(cpu, 0)});
  return take(cpu, 0);
}

std::uint32_t OpalClient::allocate_irq(Cpu& cpu, std::uint64_t chip) {
  const std::int64_t result = must(cpu, Token::XiveAllocateIrq, {chip});
  if (static_cast<std::uint64_t>(result) == opal::kNoIrq) {
    throw CallFailed(Token::XiveAllocateIrq, rc::kResource);
  }
  return static_cast<std::uint32_t>(result);
}

void OpalClient::set_irq(Cpu& cpu, std::uint64_t number, std::uint64_t vp, unsigned prio,
                         std::uint32_t lirq) {
  must(cpu, Token::XiveSetIrqConfig, {number, vp, prio, lirq});
}

std::uint64_t OpalClient::allocate_vp_block(Cpu& cpu, unsigned order) {
  constexpr unsigned kMostPages = 4096;
  for (unsigned n = 0; n < kMostPages; ++n) {
    const std::int64_t result = call(cpu, Token::XiveAllocateVpBlock, {order});
    if (result > 0) return static_cast<std::uint64_t>(result);
    if (result != rc::kProvisioning) throw CallFailed(Token::XiveAllocateVpBlock, result);
    for (const opal::ChipConfig& chip : firmware_.config().chips) {
      must(cpu, Token::XiveDonatePage, {chip.chip_id, memory_.pages});
      memory_.pages += opal::kProvisionPageBytes;
    }
  }
  throw CallFailed(Token::XiveAllocateVpBlock, rc::kProvisioning);
}

}  // namespace xive::driver
