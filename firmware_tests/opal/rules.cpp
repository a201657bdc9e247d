// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/rules.h"

#include <fmt/format.h>

#include <string>

namespace xive::opal {

namespace {
constexpr std::array<RuleInfo, static_cast<std::size_t>(FirmwareRule::kCount)> kRules = {{
    {"CHK-RC", "every call returns a result of its documented set, as a signed 64-bit number",
     "scenarios.md 0.1"},
    {"FW-P14", "a freed interrupt number keeps a valid, masked EAS", "xive-chip.md 9.1 P14"},
    {"FW-P40", "a call whose last cache watch was refused does not return SUCCESS",
     "xive-chip.md 9.1 P40"},
    {"FW-P42", "each END scrub is followed by the load that orders it", "xive-chip.md 9.1 P42"},
    {"FW-P43", "RESET syncs every chip between masking sources and cleaning queues",
     "xive-chip.md 9.1 P43"},
    {"FW-P46", "the thread selector is read back before the indirect access",
     "xive-chip.md 9.1 P46"},
    {"FW-P5", "store EOI is not switched on on POWER9", "xive-chip.md 9.1 P5"},
    {"FW-P33", "RESET clears and sets the enable of every thread", "xive-chip.md 9.1 P33"},
    {"FW-P58", "the forward descriptor of a remote VP table has the size of the PC window",
     "xive-chip.md 9.1 P58"},
    {"FW-P61", "interrupt numbers are given once, until none is left on any chip",
     "xive-chip.md 9.1 P61"},
    {"FW-P62", "VP blocks are given once, freed when no VP is enabled, and failing costs nothing",
     "xive-chip.md 9.1 P62"},
    {"FW-P65", "RESET leaves no page that was donated in the tables", "xive-chip.md 9.1 P65"},
}};
constexpr std::uint64_t kVpTableSize = 24;  // 64 GiB
}  // namespace

FirmwareRules::FirmwareRules(RuleBook& book, const Firmware& firmware, platform::MemoryPort& memory)
    : book_(book), firmware_(firmware), memory_(memory) {
  for (std::size_t n = 0; n < kRules.size(); ++n) index_.at(n) = book.add(kRules.at(n));
  for (const ChipConfig& config : firmware.config().chips) {
    const std::uint64_t shift = std::uint64_t{config.chip_id} << hw::kChipShift;
    Chip chip;
    chip.ic = hw::kIcBase + shift;
    chip.end_pages = hw::kVcBase + shift + hw::kEndPages;
    chips_.push_back(chip);
  }
}

void FirmwareRules::check(FirmwareRule rule, bool ok, const char* what, std::uint64_t value) {
  const auto index = index_.at(static_cast<std::size_t>(rule));
  book_.hit(index);
  if (!ok) book_.fire(index, calls_, fmt::format("{} ({:#x})", what, value));
}

std::uint64_t FirmwareRules::be64(std::uint64_t address) const {
  return platform::load_be<8>(memory_, address).value_or(0);
}

void FirmwareRules::on_access(std::uint32_t pir, std::uint64_t address, bool write,
                              std::uint64_t value) {
  for (Chip& chip : chips_) {
    if (address - chip.ic < 8 * hw::kPage) {
      ic_access(chip, pir, static_cast<std::uint32_t>(address - chip.ic), write, value);
      continue;
    }
    const auto wanted = chip.ordering.find(pir);
    if (wanted == chip.ordering.end() || wanted->second != address || write) continue;
    chip.ordering.erase(wanted);
    check(FirmwareRule::Scrub, true, "");
  }
}

void FirmwareRules::ic_access(Chip& chip, std::uint32_t pir, std::uint32_t offset, bool write,
                              std::uint64_t value) {
  const auto wanted = chip.ordering.find(pir);
  if (wanted != chip.ordering.end() && offset != hw::kEqcScrubTrig) {
    check(FirmwareRule::Scrub, false, "END scrub without its load, page", wanted->second);
    chip.ordering.erase(wanted);
  }
  if (offset >= hw::kIndirectPages) {
    check(FirmwareRule::Indirect, chip.selector.erase(pir) == 0,
          "indirect access right after the selector, offset", offset);
    return;
  }
  switch (offset) {
    case hw::kEqcScrubTrig:
      if (write) {
        chip.ordering[pir] = chip.end_pages + (value & 0xffffffU) * hw::kPair + hw::kEsbGet;
      }
      break;
    case hw::kIndir0:
      if (write && (value & hw::kValid) != 0) {
        chip.selector.insert(pir);
      } else {
        chip.selector.erase(pir);
      }
      break;
    case hw::kSbcConfig:
      if (write) {
        check(FirmwareRule::StoreEoi, (value & hw::kStoreEoi) == 0, "VC_SBC_CONFIG", value);
      }
      break;
    case hw::kVpcSpec:
    case hw::kEqcSpec:
      if (!write) {
        conflict_ = (value & hw::kWatchFull) != 0 && (value & hw::kWatchConflict) != 0;
      } else {
        end_of_masking(value);
      }
      break;
    case hw::kPcAtKill:
      end_of_masking(value);
      break;
    case hw::kIvcScrubTrig:
      if (write && resetting_) {
        masked_ = true;
        for (Chip& each : chips_) each.synced = false;
      }
      break;
    case hw::kNotifyPage + hw::kSyncIpi:
      chip.synced = true;
      break;
    case hw::kPcVsdAddr:
      if (write) chip.vp_select = value;
      break;
    case hw::kPcVsdData:
      if (write && (chip.vp_select >> 48U & 7U) == static_cast<std::uint64_t>(hw::Table::Vp) &&
          value >> 62U == 3) {
        check(FirmwareRule::RemoteVp, (value & 0x1fU) == kVpTableSize, "descriptor", value);
      }
      break;
    default: {
      const bool second = offset >= hw::kThreadEn1;
      const std::uint32_t base = second ? hw::kThreadEn1 : hw::kThreadEn0;
      if (!write || (offset != base + hw::kEnSet && offset != base + hw::kEnClr)) break;
      for (unsigned n = 0; n < 64; ++n) {
        if ((value & hw::ppc(n)) == 0) continue;
        const unsigned thread = (second ? 64U : 0U) + n;
        if (offset == base + hw::kEnClr) {
          end_of_masking(value);
          chip.cleared.insert(thread);
        } else {
          chip.enabled.insert(thread);
        }
      }
      break;
    }
  }
}

/// RESET takes the first thing away that an event on its way could still need.
void FirmwareRules::end_of_masking(std::uint64_t value) {
  if (resetting_ && masked_) {
    bool synced = true;
    for (const Chip& each : chips_) synced = synced && each.synced;
    check(FirmwareRule::ResetSync, synced, "queue or thread touched before the sync", value);
  }
  resetting_ = false;
}

void FirmwareRules::on_call(Cpu&, Token token, const Args&) {
  // Without the lock: it may come in the middle of another call.
  if (token == Token::XiveGetIrqConfig) return;
  ++calls_;
  conflict_ = false;
  if (token == Token::XiveReset) {
    resetting_ = true;
    masked_ = false;
    for (Chip& chip : chips_) {
      chip.cleared.clear();
      chip.synced = false;
    }
  }
  if (token == Token::XiveAllocateVpBlock) {
    for (unsigned blk = 0; blk < chips_.size(); ++blk) {
      chips_[blk].end_sets = firmware_.usage(blk).end_sets;
    }
  }
}

void FirmwareRules::on_result(Cpu&, Token token, const Args& args, std::int64_t result) {
  check(FirmwareRule::Result, rc_documented(token, result), to_string(token).data(),
        static_cast<std::uint64_t>(result));
  if (token == Token::XiveGetIrqConfig) return;
  if (conflict_) {
    check(FirmwareRule::Conflict, result != rc::kSuccess, to_string(token).data());
  }
  irq_result(token, args, result);
  vp_block_result(token, args, result);
  if (token == Token::XiveReset) {
    resetting_ = false;
    if (result == rc::kSuccess) after_reset(args);
  }
}

void FirmwareRules::irq_result(Token token, const Args& args, std::int64_t result) {
  if (token == Token::XiveAllocateIrq) {
    if (result > 0) {
      check(FirmwareRule::Numbers, irqs_.insert(static_cast<std::uint64_t>(result)).second,
            "number given twice", static_cast<std::uint64_t>(result));
    } else if (result == rc::kResource) {
      for (unsigned blk = 0; blk < chips_.size(); ++blk) {
        const bool asked = args[0] == kAnyChip || firmware_.config().chips[blk].chip_id == args[0];
        if (!asked) continue;
        const std::uint32_t left = firmware_.usage(blk).free_irqs;
        check(FirmwareRule::Numbers, left == 0, "numbers left when RESOURCE was returned", left);
      }
    }
    return;
  }
  if (token != Token::XiveFreeIrq || result == rc::kWrongState) return;
  const bool owned = irqs_.erase(args[0]) != 0;
  check(FirmwareRule::Numbers, owned == (result == rc::kSuccess), "FREE_IRQ of", args[0]);
  if (!owned) return;
  const std::uint64_t eas =
      be64(firmware_.eas_table(girq::block(args[0])) + 8ULL * girq::index(args[0]));
  check(FirmwareRule::Freed, (eas & hw::eas::kValid) != 0 && (eas & hw::eas::kMasked) != 0, "EAS",
        eas);
}

void FirmwareRules::vp_block_result(Token token, const Args& args, std::int64_t result) {
  const auto enabled_in = [&](std::uint64_t base, unsigned order) {
    const auto first = vps_.lower_bound(base);
    return first != vps_.end() && *first < base + (std::uint64_t{1} << order);
  };
  if (token == Token::XiveSetVpInfo && result == rc::kSuccess) {
    if ((args[1] & vp_flag::kEnabled) != 0) {
      vps_.insert(args[0]);
    } else {
      vps_.erase(args[0]);
    }
  } else if (token == Token::XiveAllocateVpBlock) {
    if (result > 0) {
      const auto base = static_cast<std::uint64_t>(result);
      check(FirmwareRule::Blocks, blocks_.emplace(base, vp_id::order(base)).second,
            "block given twice", base);
      return;
    }
    for (unsigned blk = 0; blk < chips_.size(); ++blk) {
      check(FirmwareRule::Blocks, firmware_.usage(blk).end_sets == chips_[blk].end_sets,
            "END sets kept by a call that failed, chip", blk);
    }
  } else if (token == Token::XiveFreeVpBlock && result != rc::kWrongState) {
    const auto block = blocks_.find(args[0]);
    if (block == blocks_.end()) {
      check(FirmwareRule::Blocks, result == rc::kParameter, "FREE_VP_BLOCK of no block", args[0]);
      return;
    }
    const bool active = enabled_in(block->first, block->second);
    check(FirmwareRule::Blocks, result == (active ? rc::kFreeActive : rc::kSuccess),
          "FREE_VP_BLOCK", args[0]);
    if (result == rc::kSuccess) blocks_.erase(block);
  }
}

void FirmwareRules::after_reset(const Args&) {
  irqs_.clear();
  blocks_.clear();
  vps_.clear();
  for (unsigned blk = 0; blk < chips_.size(); ++blk) {
    const Chip& chip = chips_[blk];
    for (const unsigned thread : chip.enabled) {
      check(FirmwareRule::ThreadReset, chip.cleared.count(thread) != 0, "thread was not reset",
            thread);
    }
    std::uint64_t foreign = 0;
    const auto scan = [&](std::uint64_t table, std::uint32_t entries) {
      for (std::uint32_t n = 0; n < entries; ++n) {
        const std::uint64_t vsd = be64(table + 8ULL * n);
        if (vsd != 0 && (vsd & hw::kVsdFirmware) == 0) foreign = vsd;
      }
    };
    scan(firmware_.vp_table(blk), hw::kVpTableEntries);
    scan(firmware_.end_table(blk), hw::kEndTableEntries);
    check(FirmwareRule::AfterReset, foreign == 0, "descriptor", foreign);
  }
}

}  // namespace xive::opal
