// SPDX-License-Identifier: Apache-2.0
/// The LPC bus of a POWER9 chip as its processor sees it: a 4 GiB window over the on-chip
/// peripheral bus, with the OPB master, the LPC host controller and the I/O, memory and firmware
/// spaces of the LPC bus (skiboot-boot.md 6.2). Registers, bits and the routing of serial
/// interrupts are facts from open-power/skiboot hw/lpc.c and qemu hw/ppc/pnv_lpc.c.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sc_models/platform/target.h"

namespace xive::platform {

class LpcBus final : public Target {
 public:
  static constexpr std::uint64_t kP9Base = 0x0006030000000000;
  static constexpr std::uint64_t kSize = std::uint64_t{1} << 32U;
  /// Offsets in the window.
  static constexpr std::uint32_t kOpbMaster = 0xc0010000, kHostController = 0xc0012000,
                                 kIo = 0xd0010000, kMemory = 0xe0000000, kFirmware = 0xf0000000;
  static constexpr unsigned kSerialInterrupts = 17;
  static constexpr unsigned kRoutes = 4;

  /// Bits of the host controller's interrupt status.
  static constexpr std::uint32_t kSerialInterrupt0 = 0x80000000, kNoResponse = 0x40;

  explicit LpcBus(std::uint64_t base) : base_(base) {}

  /// Ports first .. first + count - 1 of the I/O space. The device is accessed with the port as
  /// address; not owned. Overlap: std::invalid_argument.
  void map_io(std::uint16_t first, std::uint16_t count, Target& device);

  /// Level of serial interrupt `number` (below kSerialInterrupts).
  void set_interrupt(unsigned number, bool level);
  /// Told when the level of one of the four routed outputs changes (PSI sources LPC SIRQ 0 to 3).
  void set_routed_output(std::function<void(unsigned route, bool level)> output) {
    routed_output_ = std::move(output);
  }
  /// Told when the level of the error output changes (PSI source LPCHC).
  void set_error_output(std::function<void(bool level)> output) {
    error_output_ = std::move(output);
  }

  /// Registers: 4 bytes. I/O: 1, 2 and 4 bytes, one device access per byte. Where nobody answers
  /// loads give all ones and the status shows "no response": no bus error towards the processor.
  Response access(const Request& request) override;

  std::uint32_t status() const { return status_; }

 private:
  struct Range {
    std::uint16_t first, count;
    Target* device;
  };

  Response registers(const Request& request, std::uint32_t offset, bool opb);
  Response io(const Request& request, std::uint32_t port);
  Response nobody(const Request& request, std::uint32_t address);
  std::uint32_t* opb_register(std::uint32_t offset);
  std::uint32_t* host_register(std::uint32_t offset);
  unsigned route(unsigned number) const;
  void update();

  std::uint64_t base_;
  std::vector<Range> ranges_;
  std::function<void(unsigned, bool)> routed_output_;
  std::function<void(bool)> error_output_;

  // OPB master
  std::uint32_t route0_ = 0, route1_ = 0;
  std::uint32_t opb_latched_ = 0, opb_mask_ = 0, opb_polarity_ = 0;
  // LPC host controller
  std::uint32_t segment_ = 0, read_size_ = 0, serial_control_ = 0;
  std::uint32_t mask_ = 0, status_ = 0, error_address_ = 0;
  std::uint32_t levels_ = 0;  ///< serial interrupt inputs, places of the status register

  std::array<bool, kRoutes> routed_{};
  bool error_line_ = false;
};

}  // namespace xive::platform
