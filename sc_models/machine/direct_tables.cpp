// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/direct_tables.h"

#include <stdexcept>

#include <fmt/format.h>

#include "sc_models/xive/bits.h"
#include "sc_models/xive/router/eas.h"
#include "sc_models/xive/router/trigger_data.h"

namespace xive::machine {

namespace reg = ic::gen1::reg;
using ic::bit64;

namespace {

constexpr unsigned kSubPage = 4;  // 64 KiB, as a page size of VSDs
constexpr std::uint64_t kExclusive = 0x8000000000000000, kForward = 0xc000000000000000,
                        kIndirect = 0x80;
constexpr std::uint64_t kEndSpace = 0x6000000000;  // ENDs begin at set 48 of the VC window

}  // namespace

DirectTables::DirectTables(Machine& machine) : machine_(machine) {
  if (machine.config().memory_bytes < machine.chips() * kStride) {
    throw std::invalid_argument(fmt::format("{} chips need {:#x} bytes of memory for their tables",
                                            machine.chips(), machine.chips() * kStride));
  }
  for (unsigned n = 0; n < machine.chips(); ++n) program(n);
}

void DirectTables::put32(std::uint64_t address, std::uint32_t value) {
  platform::store_be<4>(machine_.memory(), address, value);
}

void DirectTables::put64(std::uint64_t address, std::uint64_t value) {
  platform::store_be<8>(machine_.memory(), address, value);
}

void DirectTables::program(unsigned chip) {
  const std::uint64_t base = chip * kStride;
  std::array<std::uint8_t, 4096> off{};
  off.fill(0x55);
  for (std::uint64_t at = 0; at < 0x40000; at += off.size()) {
    machine_.memory().write(base + kEsb + at, off);
  }
  for (unsigned page = 0; page < kEndPages; ++page) {
    put64(base + kEndTop + 8U * page, kExclusive | (base + kEnds + page * 0x10000ULL) | kSubPage);
  }
  for (unsigned page = 0; page < kVpPages; ++page) {
    put64(base + kVpTop + 8U * page, kExclusive | (base + kVps + page * 0x10000ULL) | kSubPage);
  }
  ic::gen1::XiveChip& xive = machine_.chip(chip);
  const auto xscom = [&](std::uint32_t x, std::uint64_t value) { xive.xscom_write(x, value); };
  xscom(0x10, kForward | machine_.chip_address(chip, kIc));  // BAR valid, 64K pages
  xscom(0x12, kForward | kTm);
  xscom(0x17, 0x3000000000);
  xscom(0x16, kExclusive | machine_.chip_address(chip, kPc));
  xscom(0x19, 0x78000000000);
  xscom(0x18, kExclusive | machine_.chip_address(chip, kVc));
  xscom(0x20, 0x0600000000000000);  // PC and VC pages of 64K, two pages per source
  ic::gen1::Registers& regs = xive.registers();
  regs.write(reg::kVcGlobalConfig, reg::kGlobalIndirect);
  regs.write(reg::kPcGlobalConfig, reg::kGlobalIndirect | bit64(40));
  regs.write(reg::kTctxtCfg, reg::kTctxtOverride | reg::kTctxtChipId.put(0, chip));
  regs.write(reg::kEqcConfig, reg::kEnableU | reg::kEnableS);
  regs.write(reg::kTar, reg::kTarAutoInc | reg::kTarEdt);
  for (std::uint64_t i = 0; i < 48; ++i) {
    regs.write(reg::kTdr, bit64(1) | std::uint64_t{chip} << 48U | i << 32U);
  }
  for (std::uint64_t i = 0; i < 16; ++i) {
    regs.write(reg::kTdr, bit64(0) | std::uint64_t{chip} << 48U | i << 32U);
  }
  for (unsigned blk = 0; blk < machine_.chips(); ++blk) {
    const bool own = blk == chip;
    const auto vsd = [&](std::uint64_t table, std::uint64_t value) {
      const std::uint64_t select = table << 48U | std::uint64_t{blk} << 32U;
      regs.write(reg::kVcVsdAddr, select);
      regs.write(reg::kVcVsdData, value);
      regs.write(reg::kPcVsdAddr, select);
      regs.write(reg::kPcVsdData, value);
    };
    const std::uint64_t remote = kForward | notify_page(blk);
    vsd(0, own ? kExclusive | (base + kEas) | 11 : remote);
    vsd(1, own ? kExclusive | (base + kEsb) | 6 : remote);
    vsd(2, own ? kExclusive | kIndirect | (base + kEndTop) | kSubPage : remote);
    vsd(3, own ? kExclusive | kIndirect | (base + kVpTop) | kSubPage
               : kForward | machine_.chip_address(blk, kPc) | 24);
  }
  const unsigned first = chip * machine_.config().cores * machine_.config().threads;
  for (unsigned t = 0; t < machine_.config().cores * machine_.config().threads; ++t) {
    const unsigned pir7 = machine_.pir(first + t) & 0x7fU;
    regs.write(pir7 < 64 ? reg::kThreadEn0Set : reg::kThreadEn1Set, bit64(pir7 & 0x3fU));
  }
}

std::uint64_t DirectTables::trigger_page(unsigned blk, std::uint32_t source) const {
  return machine_.chip_address(blk, kVc) + (std::uint64_t{source} << 17U);
}

std::uint64_t DirectTables::management_page(unsigned blk, std::uint32_t source) const {
  return trigger_page(blk, source) + 0x10000;
}

std::uint64_t DirectTables::end_page(unsigned blk, std::uint32_t end, bool escalation) const {
  return machine_.chip_address(blk, kVc) + kEndSpace + (std::uint64_t{end} << 17U) +
         (escalation ? 0x10000U : 0U);
}

void DirectTables::set_end(unsigned blk, std::uint32_t end, const EndSetup& setup) {
  if (end >= kEndCount) throw std::out_of_range(fmt::format("END {:#x}", end));
  namespace w0 = ic::gen1::end_w0;
  const std::uint64_t at = end_address(blk, end);
  put32(at, setup.flags | w0::kQsize.put(0, setup.qsize));
  put32(at + 4, ic::end_w1::kGeneration);
  put32(at + 8, static_cast<std::uint32_t>(setup.queue >> 32U));
  put32(at + 12, static_cast<std::uint32_t>(setup.queue));
  put32(at + 16,
        ic::gen1::kEscBlock.put(0, setup.esc_blk) | ic::gen1::kEscIndex.put(0, setup.esc_end));
  put32(at + 20, setup.esc_data);
  put32(at + 24, ic::gen1::vp_id(setup.vp_blk, setup.vp));
  put32(at + 28, ic::gen1::end_w67::kPriority.put(0, setup.prio));
}

void DirectTables::set_eas(unsigned blk, std::uint32_t source, unsigned end_blk, std::uint32_t end,
                           std::uint32_t data, bool masked) {
  put64(eas_address(blk, source), ic::eas::kValid | std::uint64_t{end_blk} << 56U |
                                      std::uint64_t{end} << 32U | (masked ? ic::eas::kMasked : 0U) |
                                      data);
}

void DirectTables::set_vp(unsigned blk, std::uint32_t vp, bool valid) {
  if (vp >= kVpCount) throw std::out_of_range(fmt::format("VP {:#x}", vp));
  put32(vp_address(blk, vp), valid ? ic::gen1::nvt_w0::kValid : 0U);
}

void DirectTables::arm(unsigned blk, std::uint32_t source) {
  machine_.peek(management_page(blk, source) + 0xc00, 8, blk);
}

std::uint8_t DirectTables::backlog(unsigned blk, std::uint32_t vp) {
  const auto word = platform::load_be<4>(machine_.memory(), vp_address(blk, vp) + 16);
  return static_cast<std::uint8_t>(*word >> 8U);
}

void DirectTables::connect_unit(unsigned chip, unsigned blk, std::uint32_t first) {
  ic::SourceUnit& unit = machine_.source_unit(chip);
  unit.set_offset(ic::trigger_data::for_eas(blk, first, true));
  unit.set_notify_valid(true);
}

}  // namespace xive::machine
