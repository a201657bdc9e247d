// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/chip_registers.h"

#include <fmt/format.h>

namespace xive::platform {

std::uint32_t ChipRegisters::ncu_special_bar(unsigned core) {
  return ((core & 0x1cU) + 0x40U) << 22U | 0x11010U | (core & 2U) << 9U;
}

ChipRegisters::ChipRegisters(const Config& config, XscomRouter& router) {
  id_.set(0, config.id);
  router.map(0xf000f, 1, id_, "chip id");
  ecid_.set(0, 0);
  router.map(0x18002, 1, ecid_, "ECID");
  // BARs and masks 0: firmware puts HOMER and the OCC area into memory of its own (6.6).
  for (unsigned n = 0; n < 8; ++n) pba_.set(n, 0, true);
  router.map(0x5012b00, 8, pba_, "PBA");
  for (const std::uint32_t offset : {0x2U, 0x3U, 0x8U}) engine_.set(offset, 0, true);
  router.map(0x90010, 0x10, engine_, "XSCOM engine");
  for (unsigned core = 0; core < config.small_cores; core += 2) {
    ncu_.emplace_back().set(0, 0, true);
    router.map(ncu_special_bar(core), 1, ncu_.back(), fmt::format("NCU of core {}", core));
  }
}

std::uint64_t ChipRegisters::ncu_bar(unsigned core) {
  std::uint64_t value = 0;
  ncu_.at(core / 2).read(0, value);
  return value;
}

}  // namespace xive::platform
