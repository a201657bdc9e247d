// SPDX-License-Identifier: Apache-2.0
/// The chip as a target of the platform's bus and as a unit of its XSCOM. With platform/tlm it gets
/// its TLM-2.0 sockets without further code.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/xscom.h"
#include "sc_models/xive/gen1/chip.h"

namespace xive::ic::gen1 {

struct PlatformFaceConfig {
  std::string name = "xive";
  /// Number on the presenter bus of core 0 of each chip, by Requester::chip.
  std::vector<unsigned> first_core{0};
  /// The TM window has the same address on all chips and finds its thread by the requester: one
  /// chip maps it for all.
  bool map_tm = true;
  platform::Time latency = 0;  ///< of every access
  int priority = 0;            ///< of the windows
};

class PlatformFace final : public platform::Target, public platform::XscomUnit {
 public:
  using Map = std::function<platform::Bus::WindowId(const platform::Bus::Window&)>;
  using Unmap = std::function<void(platform::Bus::WindowId)>;

  /// Windows appear and disappear through `map` and `unmap` as firmware programs the BARs.
  PlatformFace(XiveChip& chip, PlatformFaceConfig config, Map map, Unmap unmap);
  PlatformFace(XiveChip& chip, PlatformFaceConfig config, platform::Bus& bus);

  platform::Response access(const platform::Request& request) override;
  /// Offsets from 0x5013000.
  bool read(std::uint32_t offset, std::uint64_t& value) override;
  bool write(std::uint32_t offset, std::uint64_t value) override;

 private:
  void follow_windows();

  XiveChip& chip_;
  PlatformFaceConfig config_;
  Map map_;
  Unmap unmap_;
  unsigned version_ = 0;
  std::vector<platform::Bus::WindowId> windows_;
};

}  // namespace xive::ic::gen1
