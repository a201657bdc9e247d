// SPDX-License-Identifier: Apache-2.0
/// The PSI host bridge of a POWER9 chip as far as firmware without a service processor uses it: a
/// base address register by XSCOM, registers by MMIO, and 14 level-sensitive sources with one 4 KiB
/// ESB page each (skiboot-boot.md 6.5, xive-chip.md 5.3 to 5.5).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/xscom.h"
#include "sc_models/xive/source/source_unit.h"

namespace xive::platform {

class PsiBridge final : public XscomUnit {
 public:
  static constexpr std::uint32_t kP9Xscom = 0x5012900, kXscomCount = 0x20;
  static constexpr std::uint64_t kP9Base = 0x0006030203000000, kWindow = 0x100000;
  static constexpr std::uint64_t kP9EsbBase = 0x00060302031c0000, kEsbWindow = 0x10000;
  static constexpr unsigned kSources = 14;

  /// Numbers of the sources.
  enum Source : unsigned {
    Psi = 0,
    Occ,
    Fsi,
    LpcHost,
    LocalError,
    GlobalError,
    External,
    LpcSerial0
  };

  struct Config {
    std::string name = "psi";
    std::uint8_t id = 0;           ///< of its source unit, in observer events
    std::uint64_t base = kP9Base;  ///< where the register window is at reset
    Hop* hop = nullptr;            ///< to registers and ESB pages; not owned
    int priority = 1;              ///< of the bus windows
  };

  /// The windows appear on `bus` as firmware programs them. `env` and `port` are those of the
  /// chip's interrupt controller. None is owned.
  PsiBridge(const Config& config, Bus& bus, ic::Environment& env, ic::NotifyPort& port);

  bool read(std::uint32_t offset, std::uint64_t& value) override;
  bool write(std::uint32_t offset, std::uint64_t value) override;

  /// Level of an input.
  void set_level(unsigned source, bool asserted) { sources_.set_level(source, asserted); }
  ic::SourceUnit& sources() { return sources_; }

 private:
  /// One of the two windows.
  class Window final : public Target {
   public:
    using Function = Response (PsiBridge::*)(const Request&);
    Window(PsiBridge& bridge, Function function) : bridge_(bridge), function_(function) {}
    Response access(const Request& request) override { return (bridge_.*function_)(request); }

   private:
    PsiBridge& bridge_;
    Function function_;
  };

  Response register_access(const Request& request);
  Response esb_access(const Request& request);
  void store(std::uint32_t offset, std::uint64_t value);
  void move(Bus::WindowId& id, const char* part, std::uint64_t base, std::uint64_t size, bool valid,
            Target& target);
  void place_registers();
  void place_esb();

  Config config_;
  Bus& bus_;
  ic::SourceUnit sources_;
  Window register_window_, esb_window_;
  Bus::WindowId register_id_ = 0, esb_id_ = 0;
  std::array<std::uint64_t, kXscomCount> xscom_{};
  std::array<std::uint64_t, 32> registers_{};  ///< MMIO offsets 0x00 to 0xf8
  std::uint64_t esb_base_ = 0;
  std::uint64_t base_ = 0;
};

}  // namespace xive::platform
