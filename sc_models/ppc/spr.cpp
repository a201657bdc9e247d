// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/spr.h"

#include <algorithm>
#include <array>

#include "sc_models/ppc/core.h"
#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {
namespace {

enum class Access : std::uint8_t { User, Supervisor, Hypervisor };
/// Stored: no behaviour beyond its value. Everything else is handled by number.
enum class Kind : std::uint8_t { Stored, Live };

struct SprInfo {
  std::uint16_t number;
  Access read;
  Access write;
  Kind kind;
};

constexpr Access U = Access::User, S = Access::Supervisor, H = Access::Hypervisor;

constexpr auto kSprs = std::to_array<SprInfo>({
    {spr::kXer, U, U, Kind::Live},
    {spr::kLr, U, U, Kind::Live},
    {spr::kCtr, U, U, Kind::Live},
    {spr::kDscr, S, S, Kind::Stored},
    {spr::kDsisr, S, S, Kind::Live},
    {spr::kDar, S, S, Kind::Live},
    {spr::kDec, S, S, Kind::Live},
    {spr::kSrr0, S, S, Kind::Live},
    {spr::kSrr1, S, S, Kind::Live},
    {spr::kCfar, S, S, Kind::Stored},
    {spr::kAmr, S, S, Kind::Stored},
    {spr::kPidr, S, S, Kind::Stored},
    {spr::kIamr, S, S, Kind::Stored},
    {spr::kCtrlRead, U, S, Kind::Stored},
    {spr::kCtrlWrite, S, S, Kind::Stored},
    {spr::kFscr, S, S, Kind::Stored},
    {spr::kDpdes, H, H, Kind::Live},
    {spr::kRpr, H, H, Kind::Stored},
    {spr::kHfscr, H, H, Kind::Live},
    {spr::kVrsave, U, U, Kind::Stored},
    {spr::kUsprg3, U, S, Kind::Live},
    {spr::kTb, U, H, Kind::Live},
    {spr::kTbu, U, H, Kind::Live},
    {spr::kSprg0, S, S, Kind::Live},
    {spr::kSprg0 + 1, S, S, Kind::Live},
    {spr::kSprg0 + 2, S, S, Kind::Live},
    {spr::kSprg3, S, S, Kind::Live},
    {spr::kSprc, H, H, Kind::Stored},
    {spr::kSprd, H, H, Kind::Stored},
    {spr::kTblWrite, H, H, Kind::Live},
    {spr::kTbuWrite, H, H, Kind::Live},
    {spr::kTbu40, H, H, Kind::Live},
    {spr::kPvr, S, H, Kind::Live},
    {spr::kHsprg0, H, H, Kind::Live},
    {spr::kHsprg1, H, H, Kind::Live},
    {spr::kHdsisr, H, H, Kind::Stored},
    {spr::kHdar, H, H, Kind::Stored},
    {spr::kSpurr, S, H, Kind::Live},
    {spr::kPurr, S, H, Kind::Live},
    {spr::kHdec, H, H, Kind::Live},
    {spr::kHrmor, H, H, Kind::Stored},
    {spr::kHsrr0, H, H, Kind::Live},
    {spr::kHsrr1, H, H, Kind::Live},
    {spr::kTfmr, H, H, Kind::Stored},
    {spr::kLpcr, H, H, Kind::Live},
    {spr::kLpidr, H, H, Kind::Stored},
    {spr::kHmer, H, H, Kind::Live},
    {spr::kHmeer, H, H, Kind::Live},
    {spr::kPcr, H, H, Kind::Stored},
    {spr::kHeir, H, H, Kind::Stored},
    {spr::kAmor, H, H, Kind::Stored},
    {spr::kTir, H, H, Kind::Live},
    {spr::kPtcr, H, H, Kind::Stored},
    {spr::kSmfctrl, H, H, Kind::Stored},
    {spr::kPsscrSupervisor, S, S, Kind::Live},
    {spr::kPsscr, H, H, Kind::Live},
    {spr::kPpr, U, U, Kind::Stored},
    {spr::kTscr, H, H, Kind::Stored},
    {spr::kHid0, H, H, Kind::Stored},
    {spr::kPir, S, H, Kind::Live},
    // No behaviour behind these: what Linux saves and restores.
    {spr::kDscrUser, U, U, Kind::Stored},
    {spr::kAmrUser, U, U, Kind::Stored},
    {spr::kPpr32, U, U, Kind::Stored},
    {spr::kTidr, S, S, Kind::Stored},
    {spr::kUamor, S, S, Kind::Stored},
    {spr::kPspb, S, S, Kind::Stored},
    {spr::kDawr0, H, H, Kind::Stored},
    {spr::kDawr1, H, H, Kind::Stored},
    {spr::kCiabr, H, H, Kind::Stored},
    {spr::kDawrx0, H, H, Kind::Stored},
    {spr::kDawrx1, H, H, Kind::Stored},
    {spr::kUrmor, H, H, Kind::Stored},
    {spr::kUsrr0, H, H, Kind::Stored},
    {spr::kUsrr1, H, H, Kind::Stored},
    {spr::kSier, S, S, Kind::Stored},
    {spr::kMmcr2, S, S, Kind::Stored},
    {spr::kMmcra, S, S, Kind::Stored},
    {spr::kMmcr0, S, S, Kind::Stored},
    {spr::kMmcr1, S, S, Kind::Stored},
    {spr::kMmcrc, H, H, Kind::Stored},
    {spr::kMmcr3, S, S, Kind::Stored},
    {spr::kSier2, S, S, Kind::Stored},
    {spr::kSier3, S, S, Kind::Stored},
    {spr::kPmc1, S, S, Kind::Stored},
    {spr::kPmc1 + 1, S, S, Kind::Stored},
    {spr::kPmc1 + 2, S, S, Kind::Stored},
    {spr::kPmc1 + 3, S, S, Kind::Stored},
    {spr::kPmc1 + 4, S, S, Kind::Stored},
    {spr::kPmc1 + 5, S, S, Kind::Stored},
    {spr::kSiar, S, S, Kind::Stored},
    {spr::kSdar, S, S, Kind::Stored},
    {spr::kEbbhr, U, U, Kind::Stored},
    {spr::kEbbrr, U, U, Kind::Stored},
    {spr::kBescr, U, U, Kind::Stored},
    {spr::kTar, U, U, Kind::Stored},
    {spr::kAsdr, H, H, Kind::Stored},
    {spr::kIc, S, H, Kind::Stored},
    {spr::kVtb, S, H, Kind::Stored},
    {spr::kLdbar, H, H, Kind::Stored},
    {spr::kPmcr, H, H, Kind::Stored},
    {spr::kHid4, H, H, Kind::Stored},
    {spr::kTrig0, S, S, Kind::Stored},
    {spr::kTrig1, S, S, Kind::Stored},
    {spr::kTrig2, S, S, Kind::Stored},
});

constexpr std::uint8_t kNone = 0xff;
static_assert(kSprs.size() < kNone);

/// Row of each SPR number.
constexpr std::array<std::uint8_t, 1024> kRows = [] {
  std::array<std::uint8_t, 1024> rows{};
  rows.fill(kNone);
  for (std::size_t n = 0; n < kSprs.size(); ++n) {
    rows[kSprs[n].number] = static_cast<std::uint8_t>(n);
  }
  return rows;
}();

const SprInfo* find(unsigned number) {
  const std::uint8_t row = number < kRows.size() ? kRows[number] : kNone;
  return row == kNone ? nullptr : &kSprs[row];
}

/// Several numbers of one register, with different privilege.
unsigned storage_number(unsigned number) {
  switch (number) {
    case spr::kCtrlRead:
      return spr::kCtrlWrite;
    case spr::kDscrUser:
      return spr::kDscr;
    case spr::kAmrUser:
      return spr::kAmr;
    case spr::kPpr32:
      return spr::kPpr;
    default:
      return number;
  }
}

bool allowed(Access access, std::uint64_t msr_value) {
  if (access == Access::User) return true;
  if ((msr_value & msr::kPr) != 0) return false;
  return access == Access::Supervisor || (msr_value & msr::kHv) != 0;
}

/// Supervisor writes of PSSCR reach neither EC nor ESL: they belong to the hypervisor's PSSCR.
constexpr std::uint64_t kPsscrSupervisorMask = psscr::kRequestedLevel;

}  // namespace

std::uint64_t* HardwareThread::storage_spr(unsigned number) {
  for (auto& [key, value] : storage_) {
    if (key == number) return &value;
  }
  return &storage_.emplace_back(static_cast<std::uint16_t>(number), 0).second;
}

std::uint64_t HardwareThread::stored_spr(unsigned number) const {
  for (const auto& [key, value] : storage_) {
    if (key == number) return value;
  }
  return 0;
}

bool HardwareThread::spr_exists(unsigned number) {
  return find(number) != nullptr;
}

bool HardwareThread::spr_accessible(unsigned number, bool write) const {
  const SprInfo* entry = find(number);
  return entry != nullptr && allowed(write ? entry->write : entry->read, regs_.msr);
}

Trap HardwareThread::mfspr(unsigned number, std::uint64_t& value) {
  const SprInfo* entry = find(number);
  if (entry == nullptr || !allowed(entry->read, regs_.msr)) return Trap::Privileged;
  if (entry->kind == Kind::Stored) {
    value = stored_spr(storage_number(number));
    if (number == spr::kPpr32) value >>= 32U;
    return Trap::None;
  }
  update_time();
  switch (number) {
    case spr::kXer:
      value = regs_.xer;
      break;
    case spr::kLr:
      value = regs_.lr;
      break;
    case spr::kCtr:
      value = regs_.ctr;
      break;
    case spr::kDsisr:
      value = regs_.dsisr;
      break;
    case spr::kDar:
      value = regs_.dar;
      break;
    case spr::kDec:
      value = dec_.read(timebase(), large_decrementer());
      break;
    case spr::kHdec:
      value = hdec_.read(timebase(), true);
      break;
    case spr::kSrr0:
      value = regs_.srr0;
      break;
    case spr::kSrr1:
      value = regs_.srr1;
      break;
    case spr::kHsrr0:
      value = regs_.hsrr0;
      break;
    case spr::kHsrr1:
      value = regs_.hsrr1;
      break;
    case spr::kDpdes:
      value = core_ != nullptr ? core_->read_dpdes(config_.thread)
                               : std::uint64_t{latches_.has(Cause::PrivilegedDoorbell)};
      break;
    case spr::kHfscr:
      value = regs_.hfscr;
      break;
    case spr::kUsprg3:
      value = regs_.sprg[3];
      break;
    case spr::kTb:
    case spr::kPurr:
    case spr::kSpurr:
      value = timebase();
      break;
    case spr::kTbu:
      value = timebase() >> 32U;
      break;
    case spr::kPvr:
      value = config_.pvr;
      break;
    case spr::kHsprg0:
      value = regs_.hsprg[0];
      break;
    case spr::kHsprg1:
      value = regs_.hsprg[1];
      break;
    case spr::kLpcr:
      value = regs_.lpcr;
      break;
    case spr::kHmer:
      value = regs_.hmer;
      break;
    case spr::kHmeer:
      value = regs_.hmeer;
      break;
    case spr::kTir:
      value = config_.thread;
      break;
    case spr::kPsscr:
      value = regs_.psscr;
      break;
    case spr::kPsscrSupervisor:
      value = regs_.psscr & kPsscrSupervisorMask;
      break;
    case spr::kPir:
      value = config_.pir;
      break;
    default:
      if (number >= spr::kSprg0 && number <= spr::kSprg3) {
        value = regs_.sprg[number - spr::kSprg0];
        break;
      }
      return Trap::Privileged;  // write-only (TBL, TBU, TBU40)
  }
  return Trap::None;
}

Trap HardwareThread::mtspr(unsigned number, std::uint64_t value) {
  const SprInfo* entry = find(number);
  if (entry == nullptr || !allowed(entry->write, regs_.msr)) return Trap::Privileged;
  if (entry->kind == Kind::Stored) {
    *storage_spr(storage_number(number)) = number == spr::kPpr32 ? value << 32U : value;
    return Trap::None;
  }
  update_time();
  const std::uint64_t tb = timebase();
  switch (number) {
    case spr::kXer:
      regs_.xer = value;
      break;
    case spr::kLr:
      regs_.lr = value;
      break;
    case spr::kCtr:
      regs_.ctr = value;
      break;
    case spr::kDsisr:
      regs_.dsisr = value;
      break;
    case spr::kDar:
      regs_.dar = value;
      break;
    case spr::kDec:
      dec_.write(tb, value, large_decrementer());
      timer_edge();
      break;
    case spr::kHdec:
      hdec_.write(tb, value, true);
      // Written positive, the exception ceases to exist; written negative, it begins.
      if (!hdec_.negative(tb, true)) latches_.set(Cause::HypervisorDecrementer, false);
      timer_edge();
      break;
    case spr::kSrr0:
      regs_.srr0 = value;
      break;
    case spr::kSrr1:
      regs_.srr1 = value;
      break;
    case spr::kHsrr0:
      regs_.hsrr0 = value;
      break;
    case spr::kHsrr1:
      regs_.hsrr1 = value;
      break;
    case spr::kDpdes:
      if (core_ != nullptr) {
        core_->write_dpdes(config_.thread, value);
      } else {
        set_doorbell(Cause::PrivilegedDoorbell, (value & 1U) != 0);
      }
      break;
    case spr::kHfscr:
      regs_.hfscr = value;
      break;
    case spr::kTb:
      timebase_.set(now(), value);
      break;
    case spr::kTblWrite:
      timebase_.set(now(), (tb & ~0xffffffffULL) | (value & 0xffffffffU));
      break;
    case spr::kTbuWrite:
      timebase_.set(now(), value << 32U | (tb & 0xffffffffU));
      break;
    case spr::kTbu40:
      timebase_.set(now(), (value & ~0xffffffULL) | (tb & 0xffffffU));
      break;
    case spr::kHsprg0:
      regs_.hsprg[0] = value;
      break;
    case spr::kHsprg1:
      regs_.hsprg[1] = value;
      break;
    case spr::kLpcr:
      set_lpcr(value);
      break;
    case spr::kHmer:
      regs_.hmer &= value;  // software can only clear
      recompute();
      break;
    case spr::kHmeer:
      regs_.hmeer = value;
      recompute();
      break;
    case spr::kPsscr:
      regs_.psscr = value;
      break;
    case spr::kPsscrSupervisor:
      regs_.psscr = (regs_.psscr & ~kPsscrSupervisorMask) | (value & kPsscrSupervisorMask);
      break;
    default:
      if (number >= spr::kSprg0 && number <= spr::kSprg3) {
        regs_.sprg[number - spr::kSprg0] = value;
        break;
      }
      return Trap::Privileged;  // read-only (TBU, PVR, PURR, TIR, PIR ...)
  }
  return Trap::None;
}

}  // namespace xive::ppc
