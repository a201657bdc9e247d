// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/psi_bridge.h"

#include <stdexcept>

namespace xive::platform {
namespace {

constexpr std::uint32_t kXscomBar = 0x0a;
constexpr std::uint64_t kValid = 1;  ///< bit 63 of BAR, ESB base and notify address
constexpr std::uint32_t kInterruptControl = 0x58, kEsbBase = 0x60, kNotifyAddress = 0x68,
                        kIvtOffset = 0x70;
constexpr std::uint64_t kReset = std::uint64_t{1} << 62U;
constexpr std::uint64_t kAddress = 0x00fffffffff00000, kEsbAddress = 0x00ffffffffff0000;

}  // namespace

PsiBridge::PsiBridge(const Config& config, Bus& bus, ic::Environment& env, ic::NotifyPort& port)
    : config_(config),
      bus_(bus),
      sources_({.id = config.id, .count = kSources, .page_shift = 12, .first_lsi = 0}, env, port),
      register_window_(*this, &PsiBridge::register_access),
      esb_window_(*this, &PsiBridge::esb_access) {
  xscom_[kXscomBar] = config.base | kValid;
  place_registers();
}

bool PsiBridge::read(std::uint32_t offset, std::uint64_t& value) {
  if (offset >= kXscomCount) return false;
  value = xscom_.at(offset);
  return true;
}

bool PsiBridge::write(std::uint32_t offset, std::uint64_t value) {
  if (offset >= kXscomCount) return false;
  xscom_.at(offset) = value;
  if (offset == kXscomBar) place_registers();
  return true;
}

void PsiBridge::move(Bus::WindowId& id, const char* part, std::uint64_t base, std::uint64_t size,
                     bool valid, Target& target) {
  bus_.unmap(id);
  id = 0;
  if (!valid) return;
  try {
    id = bus_.map({.name = config_.name + part,
                   .base = base,
                   .size = size,
                   .target = &target,
                   .priority = config_.priority,
                   .hop = config_.hop});
  } catch (const std::invalid_argument&) {
    // Firmware put it where another device is: that one keeps the addresses.
  }
}

void PsiBridge::place_registers() {
  base_ = xscom_[kXscomBar] & kAddress;
  move(register_id_, "", base_, kWindow, (xscom_[kXscomBar] & kValid) != 0, register_window_);
}

void PsiBridge::place_esb() {
  const std::uint64_t value = registers_[kEsbBase / 8];
  esb_base_ = value & kEsbAddress;
  move(esb_id_, ".esb", esb_base_, kEsbWindow, (value & kValid) != 0, esb_window_);
}

void PsiBridge::store(std::uint32_t offset, std::uint64_t value) {
  registers_.at(offset / 8) = value;
  switch (offset) {
    case kInterruptControl:
      if ((value & kReset) != 0) sources_.reset();
      registers_[kInterruptControl / 8] &= ~kReset;  // the reset is over at once
      break;
    case kEsbBase:
      place_esb();
      break;
    case kNotifyAddress:
      sources_.set_notify_valid((value & kValid) != 0);
      break;
    case kIvtOffset:
      sources_.set_offset(value >> 32U);
      break;
    default:
      break;
  }
}

Response PsiBridge::register_access(const Request& request) {
  if (request.size != 8) return error_response(Status::SizeError, request);
  const std::uint64_t offset = request.address - base_;
  if (offset >= 8 * registers_.size()) return {};  // not modelled: reads 0
  if (request.command == Command::Load) return {.data = registers_.at(offset / 8)};
  store(static_cast<std::uint32_t>(offset), request.data);
  return {};
}

Response PsiBridge::esb_access(const Request& request) {
  std::uint64_t data = request.data;
  const bool write = request.command == Command::Store;
  if (!sources_.access(request.address - esb_base_, request.size, write, data)) {
    return error_response(Status::DeviceError, request);
  }
  return {.data = write ? 0 : data};
}

}  // namespace xive::platform
