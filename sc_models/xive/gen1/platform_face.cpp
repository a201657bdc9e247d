// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/gen1/platform_face.h"

#include <bit>
#include <stdexcept>
#include <utility>

namespace xive::ic::gen1 {

using platform::Status;

PlatformFace::PlatformFace(XiveChip& chip, PlatformFaceConfig config, Map map, Unmap unmap)
    : chip_(chip), config_(std::move(config)), map_(std::move(map)), unmap_(std::move(unmap)) {
  follow_windows();
}

PlatformFace::PlatformFace(XiveChip& chip, PlatformFaceConfig config, platform::Bus& bus)
    : PlatformFace(
          chip, std::move(config),
          [&bus](const platform::Bus::Window& window) { return bus.map(window); },
          [&bus](platform::Bus::WindowId id) { bus.unmap(id); }) {}

void PlatformFace::follow_windows() {
  const Registers& regs = chip_.registers();
  if (version_ == regs.windows_version()) return;
  version_ = regs.windows_version();
  for (const auto id : windows_) unmap_(id);
  windows_.clear();
  const auto add = [&](const Registers::Window& window, const char* part) {
    constexpr std::uint64_t kEnd = std::uint64_t{1} << platform::kPhysicalAddressBits;
    if (!window.valid() || window.base() >= kEnd || window.size() > kEnd - window.base()) return;
    platform::Bus::Window made;
    made.name = config_.name + "." + part;
    made.base = window.base();
    made.size = window.size();
    made.target = this;
    made.priority = config_.priority;
    try {
      windows_.push_back(map_(made));
    } catch (const std::invalid_argument&) {
      // Firmware put it where something else is; on hardware both would answer.
      chip_.fir().report(FirId::CiBadAddress, window.base());
    }
  };
  add(regs.ic(), "ic");
  add(regs.vc(), "vc");
  add(regs.pc(), "pc");
  if (config_.map_tm) {
    add(regs.tm(0), "tm1");
    add(regs.tm(1), "tm2");
  }
}

platform::Response PlatformFace::access(const platform::Request& request) {
  BusAccess access;
  access.address = request.address;
  access.size = request.size;
  access.write = request.command == platform::Command::Store;
  access.data = request.data;
  const Registers& regs = chip_.registers();
  const bool tm = regs.tm(0).contains(request.address) || regs.tm(1).contains(request.address);
  const platform::Requester& who = request.requester;
  if (tm && (!who.is_thread() || who.chip >= config_.first_core.size())) {
    return platform::error_response(Status::CommandError, request, config_.latency);
  }
  if (tm) {
    access.core = config_.first_core[who.chip] + who.core;
    access.thread = who.thread;
  }
  const BusReply reply = chip_.access(access);
  if (access.write) follow_windows();
  platform::Response response;
  response.latency = config_.latency;
  response.data = access.write ? 0 : access.data;
  if (reply == BusReply::Ok) return response;
  const bool size_ok = std::has_single_bit(access.size) && access.size <= 8 &&
                       (request.address & (access.size - 1U)) == 0;
  const Status status = reply == BusReply::Unclaimed ? Status::AddressError
                        : size_ok                    ? Status::DeviceError
                                                     : Status::SizeError;
  return platform::error_response(status, request, config_.latency);
}

bool PlatformFace::read(std::uint32_t offset, std::uint64_t& value) {
  return chip_.xscom_read(offset, value);
}

bool PlatformFace::write(std::uint32_t offset, std::uint64_t value) {
  const bool ok = chip_.xscom_write(offset, value);
  follow_windows();
  return ok;
}

}  // namespace xive::ic::gen1
