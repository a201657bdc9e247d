// SPDX-License-Identifier: Apache-2.0
// Boot of the interrupt controllers (xive-chip.md 8.1, 8.3).
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

namespace {
constexpr std::uint64_t vsd_size(std::uint64_t bytes) {
  return static_cast<std::uint64_t>(std::countr_zero(bytes)) - 12U;
}
}  // namespace

void Firmware::boot(Cpu& cpu) {
  booting_ = true;
  for (Chip& chip : chips_) init_chip(cpu, chip);
  init_forwards(cpu);
  for (Thread& thread : threads_) init_thread(cpu, thread);
  booting_ = false;
  callin(cpu);
}

void Firmware::init_chip(Cpu& cpu, Chip& chip) {
  const std::uint64_t valid64 = hw::kBarValid | hw::kBar64K;
  const auto bar = [&](std::uint32_t x, std::uint64_t value) {
    xscom_write(cpu, chip, hw::kXiveScom + x, value);
  };
  bar(hw::kXIcBar, chip.ic | valid64);
  bar(hw::kXTm1Bar, hw::kTmBase | valid64);  // chip 0's address everywhere
  bar(hw::kXTm2Bar, 0);
  bar(hw::kXPcBar, 0);
  bar(hw::kXPcBarm, ~(hw::kPcBytes - 1) & hw::kPcBarmMask);
  bar(hw::kXPcBar, chip.pc | hw::kBarValid);
  bar(hw::kXVcBar, 0);
  bar(hw::kXVcBarm, ~(hw::kVcBytes - 1) & hw::kVcBarmMask);
  bar(hw::kXVcBar, chip.vc | hw::kBarValid);
  bar(hw::kXPbiCtl, hw::kPbi64K | hw::kPbiForceTmLocal);
  init_registers(cpu, chip);
  init_tables(cpu, chip);
}

void Firmware::init_registers(Cpu& cpu, Chip& chip) {
  const std::uint64_t blk = chip.blk;
  using hw::ppc;
  update_reg(cpu, chip, hw::kVcGlobal, 0, hw::kGlobalIndirect);
  update_reg(cpu, chip, hw::kPcGlobal, std::uint64_t{0xf} << 16U,
             hw::kGlobalIndirect | hw::kPcChipIdOverride | blk << 16U);
  // Block grouping, targets and logical servers on; no pressure relief; own block number.
  update_reg(cpu, chip, hw::kTctxtCfg,
             ppc(3) | ppc(4) | std::uint64_t{0xf} << 48U | std::uint64_t{3} << 32U,
             ppc(0) | ppc(1) | ppc(2) | ppc(8) | ppc(9) | blk << 48U | std::uint64_t{2} << 32U |
                 (config_.fused_cores ? ppc(4) : 0));
  update_reg(cpu, chip, hw::kCfgPbGen, std::uint64_t{3} << 48U, std::uint64_t{2} << 48U);
  update_reg(cpu, chip, hw::kSbcConfig, 0,
             hw::kNoUpdatePrefetch | (broken(Fault::B17StoreEoiEnabled) ? hw::kStoreEoi : 0));
  update_reg(cpu, chip, hw::kTctxtTrack, ppc(0), 0);
  update_reg(cpu, chip, hw::kAibOrder, 0, ppc(20));
  update_reg(cpu, chip, hw::kEqcConfig, 0, hw::kEnableS | hw::kEnableU);
  set_reg(cpu, chip, hw::kFirMaskOr, ppc(62) | ppc(63));
  set_reg(cpu, chip, hw::kFirMaskOr, ppc(19));

  constexpr unsigned kSets = 64, kIpiSets = 48, kPcSets = 16;
  set_reg(cpu, chip, hw::kTar, ppc(0) | ppc(15));
  for (std::uint64_t set = 0; set < kSets; ++set) {
    const bool ipi = set < kIpiSets;
    set_reg(cpu, chip, hw::kTdr,
            (ipi ? ppc(1) : ppc(0)) | blk << 48U | (ipi ? set : set - kIpiSets) << 32U);
  }
  set_reg(cpu, chip, hw::kTar, ppc(0) | ppc(14));
  for (std::uint64_t set = 0; set < kPcSets; ++set) {
    set_reg(cpu, chip, hw::kTdr, hw::kValid | blk << 48U | set << 32U);
  }
  const std::uint64_t pb = reg(cpu, chip, hw::kCfgPbGen);
  const std::uint64_t msgsnd = reg(cpu, chip, hw::kMsgSnd);
  say(fmt::format("XIVE {}: chip {}, PB {:016x}, cores {:016x}", chip.blk, chip.id, pb, msgsnd));
}

void Firmware::write_vsd(Cpu& cpu, const Chip& chip, hw::Table table, unsigned index,
                         std::uint64_t vsd, bool pc) {
  const std::uint64_t select = static_cast<std::uint64_t>(table) << 48U | std::uint64_t{index}
                                                                              << 32U;
  set_reg(cpu, chip, hw::kVcVsdAddr, select);
  set_reg(cpu, chip, hw::kVcVsdData, vsd);
  if (!pc) return;
  set_reg(cpu, chip, hw::kPcVsdAddr, select);
  set_reg(cpu, chip, hw::kPcVsdData, vsd);
}

void Firmware::init_tables(Cpu& cpu, Chip& chip) {
  constexpr unsigned kOverflowQueues = 6;
  const std::uint64_t eas_bytes = std::uint64_t{8} << config_.irq_order;
  // Four sources a byte, but no table is smaller than a 4 KiB page.
  const std::uint64_t esb_bytes =
      std::max<std::uint64_t>(std::uint64_t{1} << (config_.irq_order - 2U), 0x1000);
  chip.eas_table = take_memory(chip, eas_bytes, eas_bytes);
  chip.esb_table = take_memory(chip, esb_bytes, esb_bytes);
  chip.end_table = take_memory(chip, kProvisionPageBytes, kProvisionPageBytes);
  chip.vp_table = take_memory(chip, kProvisionPageBytes, kProvisionPageBytes);
  for (std::uint64_t at = 0; at < esb_bytes; at += 8) {
    cpu.store64(chip.esb_table + at, 0x5555555555555555);
  }
  if (!config_.memory_cleared) {
    memory_zero(cpu, chip.eas_table, eas_bytes);
    memory_zero(cpu, chip.end_table, 8ULL * hw::kEndTableEntries);
    memory_zero(cpu, chip.vp_table, 8ULL * hw::kVpTableEntries);
  }
  provide_page(cpu, chip, chip.vp_table, 0);
  const std::uint64_t overflow =
      take_memory(chip, kOverflowQueues * kProvisionPageBytes, kProvisionPageBytes);
  cpu.sync();

  write_vsd(cpu, chip, hw::Table::Eas, chip.blk,
            hw::kVsdExclusive | chip.eas_table | vsd_size(eas_bytes));
  write_vsd(cpu, chip, hw::Table::Esb, chip.blk,
            hw::kVsdExclusive | chip.esb_table | vsd_size(esb_bytes));
  const std::uint64_t indirect = hw::kVsdExclusive | hw::kVsdIndirect | hw::kVsd64K;
  write_vsd(cpu, chip, hw::Table::End, chip.blk, indirect | chip.end_table);
  write_vsd(cpu, chip, hw::Table::Vp, chip.blk, indirect | chip.vp_table);
  for (unsigned n = 0; n < kOverflowQueues; ++n) {
    write_vsd(cpu, chip, hw::Table::Irq, n,
              hw::kVsdExclusive | (overflow + n * kProvisionPageBytes) | hw::kVsd64K, false);
    constexpr std::uint64_t kToMemory = 0x40000 | 0x4000;  // enable, size 4
    update_reg(cpu, chip, hw::kIrqConfig + 8U * n, 0, kToMemory);
  }
}

void Firmware::init_forwards(Cpu& cpu) {
  for (const Chip& chip : chips_) {
    for (const Chip& other : chips_) {
      if (other.blk == chip.blk) continue;
      const std::uint64_t notify = hw::kVsdForward | (other.ic + hw::kNotifyPage);
      write_vsd(cpu, chip, hw::Table::Eas, other.blk, notify);
      write_vsd(cpu, chip, hw::Table::Esb, other.blk, notify);
      write_vsd(cpu, chip, hw::Table::End, other.blk, notify);
      const std::uint64_t size = broken(Fault::B8RemoteVpWithoutSize) ? 0 : vsd_size(hw::kPcBytes);
      write_vsd(cpu, chip, hw::Table::Vp, other.blk, hw::kVsdForward | other.pc | size);
    }
  }
}

void Firmware::init_thread(Cpu& cpu, Thread& thread) {
  Chip& chip = chips_[thread.blk];
  const std::uint32_t core = thread.pir >> 2U & 0x1fU;
  if ((thread.pir & 3U) == 0) {
    xscom_write(cpu, chip, hw::ncu_spec_bar(core), hw::kTmBase | hw::kBarValid | hw::kBar64K);
  }
  thread.ipi = girq::make(chip.blk, chip.ipi_top);
  ++chip.ipi_top;
  cpu.store64(chip.eas_table + 8ULL * girq::index(thread.ipi),
              hw::eas::kValid | hw::eas::kMasked | thread.ipi);
  const EndSet set = allocate_end_set(cpu, chip);
  thread.ends = set.base;
  thread.queue = take_memory(chip, kProvisionPageBytes, kProvisionPageBytes);
  init_thread_vp(cpu, thread);
}

/// Hardware VP, and in emulation mode the queue and the IPI. Also the end of a reset.
void Firmware::init_thread_vp(Cpu& cpu, Thread& thread) {
  Chip& chip = chips_[thread.blk];
  if (!exploitation_) init_emulation_queue(cpu, thread);
  update_vp(cpu, chip, thread.vp, Retry::Yes, [&](VpImage& vp) {
    vp.fill(0);
    vp[0] = 0x80000000;
    vp[1] = chip.blk << 28U | thread.ends;
  });
  if (exploitation_) return;
  Chip* old_target = nullptr;
  retarget(cpu, thread.ipi, thread.pir, kPriorities - 1, thread.ipi, old_target);
  cpu.load64(find_source(thread.ipi)->eoi + hw::kEsbSet00);
  sync_chip(cpu, chip);
  if (old_target != nullptr) sync_chip(cpu, *old_target);
}

void Firmware::init_emulation_queue(Cpu& cpu, Thread& thread) {
  Chip& chip = chips_[thread.blk];
  constexpr std::uint32_t kPrio = kPriorities - 1;
  thread.queue_index = thread.queue_gen = 0;
  thread.cppr = 0;
  thread.mfrr = 0xff;
  thread.pending = 0;
  if (!booting_ || !config_.memory_cleared) memory_zero(cpu, thread.queue, kProvisionPageBytes);
  update_end(cpu, chip, thread.ends + kPrio, Retry::Yes, [&](EndImage& end) {
    end.fill(0);
    end[0] =
        hw::end::kValid | hw::end::kEnqueue | hw::end::kNotify | 4U << 16U | hw::end::kFirmware;
    end[1] = hw::end::kGeneration;
    end[2] = static_cast<std::uint32_t>(thread.queue >> 32U);
    end[3] = static_cast<std::uint32_t>(thread.queue);
    end[6] = chip.blk << 19U | thread.vp;
    end[7] = kPrio << 16U;
  });
}

void Firmware::with_indirect(Cpu& cpu, const Thread& thread,
                             const std::function<void(std::uint64_t)>& action) {
  const Chip& chip = chips_[thread.blk];
  set_reg(cpu, chip, hw::kIndir0, hw::kValid | std::uint64_t{thread.pir & 0x7fU} << 48U);
  // The selector is in another queue than the pages: wait for it.
  if (!broken(Fault::B19IndirectWithoutReadback)) reg(cpu, chip, hw::kIndir0);
  action(chip.ic + hw::kIndirectPages);
  set_reg(cpu, chip, hw::kIndir0, 0);
}

void Firmware::enable_thread(Cpu& cpu, const Thread& thread, bool indirect) {
  constexpr std::uint64_t kValidByte = 0x38;
  const Chip& chip = chips_[thread.blk];
  const unsigned number = thread.pir & 0x7fU;
  const std::uint32_t enable = number < 64 ? hw::kThreadEn0 : hw::kThreadEn1;
  const std::uint64_t bit = hw::ppc(number & 63U);
  set_reg(cpu, chip, enable + hw::kEnClr, bit);
  set_reg(cpu, chip, enable + hw::kEnSet, bit);
  if ((reg(cpu, chip, enable) & bit) == 0) {
    say(fmt::format("Failed to enable thread {:#x}", thread.pir));
  }
  const auto set_valid = [&](std::uint64_t tima) {
    if ((cpu.load8(tima + kValidByte) & 0x80U) != 0) {
      say(fmt::format("thread {:#x}: already enabled", thread.pir));
    }
    cpu.store8(tima + kValidByte, 0x80);
    if ((cpu.load8(tima + kValidByte) & 0x80U) == 0) {
      throw FirmwareError(FirmwareError::Kind::ThreadEnable, thread.pir,
                          fmt::format("thread {:#x} has no valid context", thread.pir));
    }
  };
  if (indirect) {
    with_indirect(cpu, thread, set_valid);
  } else {
    set_valid(hw::kTmBase + hw::kPage);
  }
}

}  // namespace xive::opal
