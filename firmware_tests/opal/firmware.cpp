// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/firmware.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

namespace xive::opal {

/// One call at a time. A caller that waits lets time pass; the owner is another thread.
class Firmware::Lock {
 public:
  Lock(Firmware& firmware, Cpu& cpu) : firmware_(firmware) {
    std::uint64_t turn = firmware_.lock_turns_;
    for (unsigned n = 0; firmware_.locked_; ++n) {
      // Many may want it: patience is for one owner.
      if (std::exchange(turn, firmware_.lock_turns_) != firmware_.lock_turns_) n = 0;
      if (n == firmware_.config_.poll_limit) {
        throw FirmwareError(FirmwareError::Kind::LockTimeout, cpu.pir(),
                            "the lock of the interrupt controller is never released");
      }
      cpu.delay(firmware_.config_.poll_interval);
    }
    firmware_.locked_ = true;
    ++firmware_.lock_turns_;
  }
  ~Lock() {
    if (!keep_) firmware_.locked_ = false;
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  void keep() { keep_ = true; }

 private:
  Firmware& firmware_;
  bool keep_ = false;
};

Firmware::Firmware(Config config) : config_(std::move(config)) {
  const std::size_t count = config_.chips.size();
  if (count == 0 || count > 16 || !std::has_single_bit(count)) {
    throw std::invalid_argument("the number of chips must be 1, 2, 4, 8 or 16");
  }
  if (config_.irq_order < 12 || config_.irq_order > 20) {
    throw std::invalid_argument("irq_order must be 12 to 20");
  }
  block_bits_ = static_cast<unsigned>(std::countr_zero(count));
  const std::uint32_t irqs = std::uint32_t{1} << config_.irq_order;
  for (unsigned blk = 0; blk < count; ++blk) {
    const ChipConfig& given = config_.chips[blk];
    const std::uint64_t shift = std::uint64_t{given.chip_id} << hw::kChipShift;
    Chip chip;
    chip.blk = blk;
    chip.id = given.chip_id;
    chip.ic = hw::kIcBase + shift;
    chip.vc = hw::kVcBase + shift;
    chip.pc = hw::kPcBase + shift;
    chip.memory_next = given.memory;
    chip.memory_end = given.memory + given.memory_bytes;
    // Small numbers are left to what older software means by them.
    chip.ipi_first = blk == 0 ? 0x10 : 0;
    chip.ipi_top = chip.ipi_first;
    chip.hw_bottom = irqs;
    chip.irq_used.assign(irqs, false);
    chip.irq_enabled.assign(irqs, false);
    chip.end_sets.assign(hw::kEnds / hw::kEndsPerSet, false);
    chip.end_sets[0] = true;  // END 0 means "none"
    chips_.push_back(std::move(chip));
    for (const std::uint32_t pir : given.pirs) {
      Thread thread;
      thread.pir = pir;
      thread.blk = blk;
      thread.vp = hw::kHwVpBase | (pir & 0x7fU);
      threads_.push_back(thread);
    }
  }
  vps_.reserve(hw::kHwVpBase, hw::kHwVpOrder);
}

void Firmware::callin(Cpu& cpu) {
  Thread* thread = thread_of_pir(cpu.pir());
  if (thread == nullptr) {
    throw FirmwareError(FirmwareError::Kind::ThreadEnable, cpu.pir(),
                        fmt::format("thread {:#x} is unknown", cpu.pir()));
  }
  Lock lock(*this, cpu);
  enable_thread(cpu, *thread, false);
  thread->called_in = true;
}

bool Firmware::has(Token token) const {
  return to_string(token) != "?" &&
         std::find(config_.absent.begin(), config_.absent.end(), token) == config_.absent.end();
}

std::int64_t Firmware::call(Cpu& cpu, Token token, const Args& args) {
  if (!has(token)) return rc::kParameter;
  if (token == Token::CheckToken) return has(static_cast<Token>(args[0])) ? 1 : 0;
  if (busy_ > 0 && token != Token::XiveReset && token != Token::XiveGetIrqInfo) {
    unsigned& refused = refused_[cpu.pir()];
    if (refused < busy_) {
      ++refused;
      return rc::kBusy;
    }
    refused = 0;
  }
  const std::uint64_t msr = cpu.mfmsr();
  if ((msr & ppc::msr::kEe) != 0) cpu.mtmsr(msr & ~ppc::msr::kEe);
  std::int64_t result = 0;
  if (token == Token::XiveGetIrqConfig) {
    // Reads tables only: a debugger may ask while a thread that it has stopped holds the lock.
    for (CallObserver* observer : observers_) observer->on_call(cpu, token, args);
    result = dispatch(cpu, token, args);
    for (CallObserver* observer : observers_) observer->on_result(cpu, token, args, result);
  } else {
    Lock lock(*this, cpu);
    for (CallObserver* observer : observers_) observer->on_call(cpu, token, args);
    result = dispatch(cpu, token, args);
    for (CallObserver* observer : observers_) observer->on_result(cpu, token, args, result);
    if (broken(Fault::B12LockKept) && token == Token::XiveSetVpInfo && result != rc::kSuccess) {
      lock.keep();
    }
  }
  if ((msr & ppc::msr::kEe) != 0) cpu.mtmsr(msr);
  return result;
}

std::int64_t Firmware::dispatch(Cpu& cpu, Token token, const Args& a) {
  switch (token) {
    case Token::SetXive:
      return set_xive(cpu, a);
    case Token::GetXive:
      return get_xive(cpu, a);
    case Token::IntGetXirr:
      return int_get_xirr(cpu, a);
    case Token::IntSetCppr:
      return int_set_cppr(cpu, a);
    case Token::IntEoi:
      return int_eoi(cpu, a);
    case Token::IntSetMfrr:
      return int_set_mfrr(cpu, a);
    case Token::XiveReset:
      return reset(cpu, a);
    case Token::XiveGetIrqInfo:
      return get_irq_info(cpu, a);
    case Token::XiveGetIrqConfig:
      return get_irq_config(cpu, a);
    case Token::XiveSetIrqConfig:
      return set_irq_config(cpu, a);
    case Token::XiveGetQueueInfo:
      return get_queue_info(cpu, a);
    case Token::XiveSetQueueInfo:
      return set_queue_info(cpu, a);
    case Token::XiveDonatePage:
      return donate_page(cpu, a);
    case Token::XiveAllocateVpBlock:
      return allocate_vp_block(cpu, a);
    case Token::XiveFreeVpBlock:
      return free_vp_block(cpu, a);
    case Token::XiveGetVpInfo:
      return get_vp_info(cpu, a);
    case Token::XiveSetVpInfo:
      return set_vp_info(cpu, a);
    case Token::XiveAllocateIrq:
      return allocate_irq(cpu, a);
    case Token::XiveFreeIrq:
      return free_irq(cpu, a);
    case Token::XiveSync:
      return sync(cpu, a);
    case Token::XiveDump:
      return dump(cpu, a);
    case Token::XiveGetQueueState:
      return get_queue_state(cpu, a);
    case Token::XiveSetQueueState:
      return set_queue_state(cpu, a);
    case Token::XiveGetVpState:
      return get_vp_state(cpu, a);
    case Token::CheckToken:
      break;
  }
  return rc::kParameter;
}

Firmware::Usage Firmware::usage(unsigned blk) const {
  const Chip& chip = chips_.at(blk);
  Usage result;
  std::uint32_t end = chip.hw_bottom;
  if (config_.allocatable_irqs != 0) {
    end = std::min(end, chip.ipi_top + config_.allocatable_irqs);
  }
  for (std::uint32_t idx = chip.ipi_top; idx < end; ++idx) {
    result.free_irqs += chip.irq_used[idx] ? 0U : 1U;
  }
  result.end_sets =
      static_cast<std::uint32_t>(std::count(chip.end_sets.begin() + 1, chip.end_sets.end(), true));
  result.donated_pages = chip.donated_count;
  return result;
}

}  // namespace xive::opal
