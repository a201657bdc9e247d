// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

/// XIVE_DUMP (xive-chip.md 7.2: 142): lines of text in the log, no effect.
std::int64_t Firmware::dump(Cpu& cpu, const Args& a) {
  if (a[0] > static_cast<std::uint64_t>(DumpType::Emulation)) return rc::kParameter;
  const auto type = static_cast<DumpType>(a[0]);
  if (type == DumpType::Vp) {
    const auto vp = decode_vp(a[1]);
    const std::uint64_t at = vp ? vp_address(cpu, *vp->chip, vp->idx) : 0;
    if (at == 0) return rc::kParameter;
    scrub_vp(cpu, *vp->chip, vp->idx);
    const VpImage image = read_vp(cpu, at);
    std::string line = fmt::format("VP {:x}.{:x}:", vp->chip->blk, vp->idx);
    for (unsigned w = 0; w < 8; ++w) line += fmt::format(" W{} {:08x}", w, image.at(w));
    say(std::move(line));
    return rc::kSuccess;
  }
  const Thread* thread = thread_of_pir(a[1]);
  if (thread == nullptr) return rc::kParameter;
  if (!thread->called_in) return rc::kInternalError;  // its context must not be touched
  if (type == DumpType::Emulation) {
    say(fmt::format("thread {:#x}: CPPR {:02x} MFRR {:02x} pending {:02x} queue index {:#x}",
                    thread->pir, thread->cppr, thread->mfrr, thread->pending, thread->queue_index));
    return rc::kSuccess;
  }
  // Register rings from the highest address: physical, pool, OS, user.
  const std::uint64_t ring = 0x30 - 0x10 * a[0];
  with_indirect(cpu, *thread, [&](std::uint64_t tima) {
    const std::uint64_t w01 = cpu.load64(tima + ring);
    const std::uint64_t w2 =
        type == DumpType::Phys ? cpu.load8(tima + ring + 8) : cpu.load32(tima + ring + 8);
    say(fmt::format("thread {:#x} ring {:#x}: {:016x} {:x}", thread->pir, ring, w01, w2));
  });
  return rc::kSuccess;
}

}  // namespace xive::opal
