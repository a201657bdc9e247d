// SPDX-License-Identifier: Apache-2.0
// Cache watch, scrub, sync and kill (xive-chip.md 3.7, 3.8, 8.1), each bounded.
#include <fmt/format.h>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

namespace {
constexpr unsigned kWatchTries = 10;
constexpr unsigned kVpDwords = 8, kEndDwords = 4;
std::uint64_t entry(unsigned blk, std::uint32_t idx) {
  return std::uint64_t{blk} << 32U | idx;
}
}  // namespace

/// One try. The first dword that `modify` sees is live, it holds all that hardware changes in an
/// END; the others are what memory held before.
bool Firmware::commit_watch(Cpu& cpu, const Chip& chip, bool vp, std::uint32_t idx,
                            const std::function<void(std::uint64_t*)>& modify) {
  const std::uint32_t spec = vp ? hw::kVpcSpec : hw::kEqcSpec;
  const std::uint32_t data = vp ? hw::kVpcData : hw::kEqcData;
  const unsigned dwords = vp ? kVpDwords : kEndDwords;
  const std::uint64_t at = vp ? vp_address(cpu, chip, idx) : end_address(cpu, chip, idx);
  std::array<std::uint64_t, kVpDwords> image{};
  for (unsigned n = 1; n < dwords; ++n) image.at(n) = cpu.load64(at + 8ULL * n);
  set_reg(cpu, chip, spec, hw::kWatchFull | entry(chip.blk, idx));
  image[0] = reg(cpu, chip, data);
  modify(image.data());
  for (unsigned n = dwords; n-- > 0;) set_reg(cpu, chip, data + 8U * n, image.at(n));
  const std::uint64_t result = reg(cpu, chip, spec);
  return (result & hw::kWatchFull) == 0 || (result & hw::kWatchConflict) == 0;
}

namespace {

/// A change of an image of words, as a change of the dwords of a watch.
template <typename Image>
auto on_words(const std::function<void(Image&)>& modify) {
  return [&modify](std::uint64_t* dwords) {
    Image image;
    for (unsigned w = 0; w < image.size(); ++w) {
      image.at(w) = static_cast<std::uint32_t>(dwords[w / 2] >> (w % 2 == 0 ? 32U : 0U));
    }
    modify(image);
    for (unsigned d = 0; d < image.size() / 2; ++d) {
      dwords[d] = std::uint64_t{image.at(2U * d)} << 32U | image.at(2U * d + 1U);
    }
  };
}

}  // namespace

std::int64_t Firmware::update(Cpu& cpu, Chip& chip, bool vp, std::uint32_t idx, Retry retry,
                              const std::function<void(std::uint64_t*)>& change) {
  bool done = false;
  const unsigned tries = retry == Retry::Yes ? kWatchTries : 1U;
  for (unsigned n = 0; n < tries && !done; ++n) done = commit_watch(cpu, chip, vp, idx, change);
  if (vp) {
    scrub_vp(cpu, chip, idx);
  } else {
    scrub_end(cpu, chip, idx);
  }
  if (!done && retry == Retry::Yes) {
    say(fmt::format("{} {:x}.{:x}: too many retries of the cache watch", vp ? "VP" : "END",
                    chip.blk, idx));
  }
  return done ? rc::kSuccess : rc::kBusy;
}

std::int64_t Firmware::update_end(Cpu& cpu, Chip& chip, std::uint32_t idx, Retry retry,
                                  const std::function<void(EndImage&)>& modify) {
  return update(cpu, chip, false, idx, retry, on_words<EndImage>(modify));
}

std::int64_t Firmware::update_vp(Cpu& cpu, Chip& chip, std::uint32_t idx, Retry retry,
                                 const std::function<void(VpImage&)>& modify) {
  return update(cpu, chip, true, idx, retry, on_words<VpImage>(modify));
}

/// The escalation EAS is dword 2 of an END whose state bits go on changing: light watch.
void Firmware::set_escalation(Cpu& cpu, Chip& chip, std::uint32_t idx, std::uint64_t eas) {
  set_reg(cpu, chip, hw::kEqcSpec, entry(chip.blk, idx));
  const std::uint64_t first = reg(cpu, chip, hw::kEqcData);
  set_reg(cpu, chip, hw::kEqcData + 16, eas);
  set_reg(cpu, chip, hw::kEqcData, first);
  reg(cpu, chip, hw::kEqcSpec);
  scrub_end(cpu, chip, idx);
}

void Firmware::scrub_end(Cpu& cpu, const Chip& chip, std::uint32_t idx) {
  set_reg(cpu, chip, hw::kEqcScrubMask, hw::kEndScrubMask);
  set_reg(cpu, chip, hw::kEqcScrubTrig, hw::kValid | hw::kScrubInval | entry(chip.blk, idx));
  poll(cpu, chip, hw::kEqcScrubTrig, hw::kValid, 0, "END scrub");
  cpu.sync();
  // The end of the scrub is not ordered with its data: a load that goes through the END cache is.
  // The END may be invalid, then the load fails, which is just as good.
  if (!broken(Fault::B9ScrubWithoutOrder)) cpu.probe(end_page(chip, idx) + hw::kEsbGet, 8);
}

void Firmware::scrub_vp(Cpu& cpu, const Chip& chip, std::uint32_t idx) {
  set_reg(cpu, chip, hw::kVpcScrubMask, hw::kVpScrubMask);
  set_reg(cpu, chip, hw::kVpcScrubTrig, hw::kValid | hw::kScrubInval | entry(chip.blk, idx));
  poll(cpu, chip, hw::kVpcScrubTrig, hw::kValid, 0, "VP scrub");
  cpu.sync();
  // Same ordering problem; here a watch that changes nothing does it.
  set_reg(cpu, chip, hw::kVpcSpec, entry(chip.blk, hw::kHwVpBase));
  set_reg(cpu, chip, hw::kVpcData, reg(cpu, chip, hw::kVpcData));
}

void Firmware::scrub_eas(Cpu& cpu, const Chip& chip, std::uint32_t idx) {
  cpu.sync();
  set_reg(cpu, chip, hw::kIvcScrubMask, hw::kEndScrubMask);
  set_reg(cpu, chip, hw::kIvcScrubTrig, hw::kValid | hw::kScrubInval | entry(chip.blk, idx));
  poll(cpu, chip, hw::kIvcScrubTrig, hw::kValid, 0, "EAS scrub");
  cpu.sync();
}

void Firmware::sync_chip(Cpu& cpu, const Chip& chip) {
  const std::uint64_t notify = chip.ic + hw::kNotifyPage;
  cpu.sync();
  // Escalations first: what they cause is behind the two other queues.
  for (const std::uint32_t offset :
       {hw::kSyncEsc1, hw::kSyncEsc2, hw::kSyncRedist, hw::kSyncIpi, hw::kSyncHw}) {
    cpu.store64(notify + offset, 0);
  }
  const std::uint64_t done = poll(cpu, chip, hw::kEqcConfig, hw::kSyncDone, hw::kSyncDone, "sync");
  set_reg(cpu, chip, hw::kEqcConfig, done & ~hw::kSyncDone);
  // Makes sure that the write has been seen before the next sync starts.
  reg(cpu, chip, hw::kVcGlobal);
  cpu.lwsync();
}

void Firmware::kill_indirect(Cpu& cpu, const Chip& chip, bool pc) {
  cpu.sync();
  const std::uint32_t kill = pc ? hw::kPcAtKill : hw::kVcAtKill;
  set_reg(cpu, chip, pc ? hw::kPcAtKillMask : hw::kVcAtKillMask, 0);
  // On the VC side the kind of cache is named: 3 = END.
  set_reg(cpu, chip, kill, hw::kValid | (pc ? 0 : std::uint64_t{3} << 48U));
  poll(cpu, chip, kill, hw::kValid, 0, "kill of indirect tables");
  cpu.sync();
}

}  // namespace xive::opal
