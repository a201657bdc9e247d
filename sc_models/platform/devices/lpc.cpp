// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/lpc.h"

#include <fmt/format.h>

#include <stdexcept>

namespace xive::platform {
namespace {

enum OpbReg : std::uint32_t {
  kRoute0 = 0x08,
  kRoute1 = 0x0c,
  kOpbStatus = 0x50,
  kOpbMask = 0x54,
  kOpbPolarity = 0x58,
  kOpbInput = 0x5c
};
enum HostReg : std::uint32_t {
  kSegment = 0x24,
  kReadSize = 0x28,
  kSerialControl = 0x30,
  kMask = 0x34,
  kStatus = 0x38,
  kErrorAddress = 0x40
};
constexpr std::uint32_t kOpbFromLpc = 0x00000800;
constexpr std::uint32_t kSerialEnable = 0x80000000, kAutoClear = 0x00800000;
constexpr std::uint32_t kAllSerial = 0xffff8000;

}  // namespace

void LpcBus::map_io(std::uint16_t first, std::uint16_t count, Target& device) {
  for (const Range& range : ranges_) {
    if (first < range.first + range.count && range.first < first + count) {
      throw std::invalid_argument(fmt::format("LPC ports [{:#x}, {:#x}] overlap [{:#x}, {:#x}]",
                                              first, first + count - 1, range.first,
                                              range.first + range.count - 1));
    }
  }
  ranges_.push_back({first, count, &device});
}

void LpcBus::set_interrupt(unsigned number, bool level) {
  const std::uint32_t bit = kSerialInterrupt0 >> number;
  levels_ = level ? levels_ | bit : levels_ & ~bit;
  update();
}

unsigned LpcBus::route(unsigned number) const {
  // Two bits for each: 0 to 13 in the second register from bit 4 on, the others in the first.
  const std::uint32_t reg = number < 14 ? route1_ : route0_;
  const unsigned shift = number < 14 ? 26 - 2 * number : 22 - 2 * (number - 14);
  return reg >> shift & 3U;
}

void LpcBus::update() {
  if ((serial_control_ & kSerialEnable) != 0) {
    if ((serial_control_ & kAutoClear) != 0) status_ &= ~kAllSerial;
    status_ |= levels_;
  }
  const std::uint32_t active = status_ & mask_;
  std::array<bool, kRoutes> routed{};
  for (unsigned n = 0; n < kSerialInterrupts; ++n) {
    if ((active & kSerialInterrupt0 >> n) != 0) routed.at(route(n)) = true;
  }
  for (unsigned n = 0; n < kRoutes; ++n) {
    if (routed.at(n) == routed_.at(n)) continue;
    routed_.at(n) = routed.at(n);
    if (routed_output_) routed_output_(n, routed.at(n));
  }
  if ((active & ~kAllSerial) != 0) opb_latched_ |= kOpbFromLpc;
  const bool error = (opb_latched_ & opb_mask_) != 0;
  if (error == error_line_) return;
  error_line_ = error;
  if (error_output_) error_output_(error);
}

std::uint32_t* LpcBus::opb_register(std::uint32_t offset) {
  switch (offset) {
    case kRoute0:
      return &route0_;
    case kRoute1:
      return &route1_;
    case kOpbStatus:
      return &opb_latched_;
    case kOpbMask:
      return &opb_mask_;
    case kOpbPolarity:
      return &opb_polarity_;
    default:
      return nullptr;
  }
}

std::uint32_t* LpcBus::host_register(std::uint32_t offset) {
  switch (offset) {
    case kSegment:
      return &segment_;
    case kReadSize:
      return &read_size_;
    case kSerialControl:
      return &serial_control_;
    case kMask:
      return &mask_;
    case kStatus:
      return &status_;
    case kErrorAddress:
      return &error_address_;
    default:
      return nullptr;
  }
}

Response LpcBus::registers(const Request& request, std::uint32_t offset, bool opb) {
  if (request.size != 4 || (offset & 3U) != 0) return error_response(Status::SizeError, request);
  const bool load = request.command == Command::Load;
  const auto value = static_cast<std::uint32_t>(request.data);
  if (opb && offset == kOpbInput) {
    return {.data = load && (status_ & mask_ & ~kAllSerial) != 0 ? kOpbFromLpc : 0U};
  }
  std::uint32_t* const reg = opb ? opb_register(offset) : host_register(offset);
  if (reg == nullptr) return {};  // reads 0, ignores stores
  if (load) return {.data = *reg};
  const bool clears = (opb && offset == kOpbStatus) || (!opb && offset == kStatus);
  if (clears) {
    *reg &= ~value;
  } else if (opb || offset != kErrorAddress) {
    *reg = value;
  }
  update();
  return {};
}

Response LpcBus::nobody(const Request& request, std::uint32_t address) {
  status_ |= kNoResponse;
  error_address_ = address;
  update();
  return {.data = request.command == Command::Load ? all_ones(request.size) : 0};
}

Response LpcBus::io(const Request& request, std::uint32_t port) {
  std::uint64_t data = 0;
  bool answered = false;
  for (unsigned n = 0; n < request.size; ++n) {
    const std::uint32_t at = port + n;
    Request byte = request;
    byte.size = 1;
    byte.address = at;
    // Byte n of the processor's access, most significant first, goes to port + n.
    byte.data = request.data >> 8U * (request.size - 1U - n) & 0xffU;
    std::uint64_t value = 0xff;
    for (const Range& range : ranges_) {
      if (at < range.first || at - range.first >= range.count) continue;
      const Response response = range.device->access(byte);
      answered = answered || response.ok();
      if (response.ok()) value = response.data;
    }
    data = data << 8U | value;
  }
  if (!answered) return nobody(request, kIo + port);
  return {.data = request.command == Command::Load ? data : 0};
}

Response LpcBus::access(const Request& request) {
  const auto offset = static_cast<std::uint32_t>(request.address - base_);
  constexpr std::uint32_t kBlock = 0x1000, kPorts = 0x10000;
  if (offset >= kOpbMaster && offset - kOpbMaster < kBlock) {
    return registers(request, offset - kOpbMaster, true);
  }
  if (offset >= kHostController && offset - kHostController < kBlock) {
    return registers(request, offset - kHostController, false);
  }
  if (offset >= kIo && offset - kIo < kPorts && request.size <= 4) {
    return io(request, offset - kIo);
  }
  return nobody(request, offset);
}

}  // namespace xive::platform
