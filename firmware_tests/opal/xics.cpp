// SPDX-License-Identifier: Apache-2.0
// The older interface over the same hardware (xive-chip.md 7.3): one queue and one priority per
// thread, state kept by the firmware.
#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

namespace {
constexpr std::uint64_t kTima = hw::kTmBase + hw::kPage;  // hypervisor page
constexpr std::uint64_t kAck = 0x830, kPhys = 0x30, kCppr = 0x31;
constexpr std::uint8_t kEmulationPrio = kPriorities - 1;
constexpr std::uint32_t kIpiIrq = 2;  ///< what every thread calls its own IPI
constexpr std::uint32_t kIrqMask = 0xffffff;

std::uint8_t emulated_prio(std::uint64_t prio) {
  const auto p = static_cast<std::uint8_t>(prio);
  return p == 0 || p == 0xff ? p : kEmulationPrio;
}
}  // namespace

void Firmware::write_cppr(Cpu& cpu, Thread& thread, std::uint8_t cppr) {
  thread.cppr = cppr;
  cpu.store8(kTima + kCppr, cppr);
}

/// Next entry of the thread's queue; 0: empty.
std::uint32_t Firmware::read_queue(Cpu& cpu, Thread& thread, bool peek) {
  constexpr std::uint32_t kEntries = kProvisionPageBytes / 4;
  const std::uint32_t word = cpu.load32(thread.queue + 4ULL * thread.queue_index);
  if (word >> 31U == thread.queue_gen) return 0;
  if (!peek) {
    thread.queue_index = (thread.queue_index + 1) % kEntries;
    if (thread.queue_index == 0) thread.queue_gen ^= 1U;
  }
  return word & kIrqMask;
}

void Firmware::trigger_ipi(Cpu& cpu, const Thread& thread) {
  cpu.sync();
  cpu.store8(find_source(thread.ipi)->trigger, 0);
}

/// The queue holds something that the current CPPR lets through.
bool Firmware::more_pending(Cpu& cpu, Thread& thread) {
  if (read_queue(cpu, thread, true) != 0) {
    thread.pending = static_cast<std::uint8_t>(thread.pending | 1U << kEmulationPrio);
  }
  return (thread.pending >> kEmulationPrio & 1U) != 0 && kEmulationPrio < thread.cppr;
}

std::int64_t Firmware::int_get_xirr(Cpu& cpu, const Args& a) {
  if (exploitation_) return rc::kWrongState;
  Thread* thread = thread_of_pir(cpu.pir());
  if (thread == nullptr || !thread->called_in) return rc::kInternalError;
  if (a[0] == 0) return rc::kParameter;
  const bool just_poll = a[1] != 0;
  const std::uint8_t old_cppr = thread->cppr;
  std::uint8_t pending = thread->pending;
  std::uint8_t hw_cppr = old_cppr;
  if (just_poll) {
    const std::uint64_t ring = cpu.load64(kTima + kPhys);
    const auto favoured = static_cast<unsigned>(ring & 0xffU);
    if (ring >> 62U == 2 && favoured < kPriorities) {
      pending = static_cast<std::uint8_t>(pending | 1U << favoured);
    }
  } else {
    const std::uint16_t ack = cpu.load16(kTima + kAck);
    hw_cppr = static_cast<std::uint8_t>(ack);
    if (ack >> 14U == 2 && hw_cppr < kPriorities) {
      pending = static_cast<std::uint8_t>(pending | 1U << hw_cppr);
    }
    thread->pending = pending;
  }
  std::uint32_t irq = 0;
  if ((pending >> kEmulationPrio & 1U) != 0 && kEmulationPrio < old_cppr) {
    cpu.lwsync();
    irq = read_queue(cpu, *thread, just_poll);
    if (irq == thread->ipi) irq = kIpiIrq;
  }
  put_result(cpu, a[0], 4, std::uint32_t{old_cppr} << 24U | irq);
  if (just_poll) return rc::kSuccess;
  // EOI looks at the queue again.
  thread->pending = static_cast<std::uint8_t>(thread->pending & ~(1U << kEmulationPrio));
  thread->cppr = irq != 0 ? kEmulationPrio : old_cppr;
  if (thread->cppr != hw_cppr) write_cppr(cpu, *thread, thread->cppr);
  return rc::kSuccess;
}

std::int64_t Firmware::int_set_cppr(Cpu& cpu, const Args& a) {
  if (exploitation_) return rc::kWrongState;
  Thread* thread = thread_of_pir(cpu.pir());
  if (thread == nullptr || !thread->called_in) return rc::kInternalError;
  write_cppr(cpu, *thread, emulated_prio(a[0]));
  // A request that was masked until now has had no effect yet.
  if (thread->mfrr < thread->cppr && !broken(Fault::B14MfrrNotReevaluated)) {
    trigger_ipi(cpu, *thread);
  }
  return rc::kSuccess;
}

std::int64_t Firmware::int_eoi(Cpu& cpu, const Args& a) {
  if (exploitation_) {
    const auto source = find_source(a[0]);
    if (!source) return rc::kParameter;
    const std::uint64_t at = eas_address(cpu, a[0]);
    if (at == 0) return rc::kParameter;
    if ((cpu.load64(at) & hw::eas::kMasked) == 0) eoi_source(cpu, *source);
    return rc::kSuccess;
  }
  Thread* thread = thread_of_pir(cpu.pir());
  if (thread == nullptr || !thread->called_in) return rc::kInternalError;
  const auto irq = static_cast<std::uint32_t>(a[0] & kIrqMask);
  const std::uint8_t cppr = emulated_prio(a[0] >> 24U & 0xffU);
  if (irq == kIpiIrq) {
    const Source source = *find_source(thread->ipi);
    if ((cpu.load8(source.eoi + hw::kEsbSet00) & hw::kQ) != 0) cpu.store8(source.trigger, 0);
  } else if (irq != 0) {
    const auto source = find_source(irq);
    if (!source) return rc::kParameter;
    if ((cpu.load64(eas_address(cpu, irq)) & hw::eas::kMasked) == 0) eoi_source(cpu, *source);
  }
  write_cppr(cpu, *thread, cppr);
  if (irq == kIpiIrq && thread->mfrr < cppr) trigger_ipi(cpu, *thread);
  return more_pending(cpu, *thread) ? 1 : rc::kSuccess;
}

std::int64_t Firmware::int_set_mfrr(Cpu& cpu, const Args& a) {
  if (exploitation_) return rc::kWrongState;
  Thread* thread = thread_of_pir(a[0]);
  if (thread == nullptr || !thread->called_in) return rc::kParameter;
  const std::uint8_t old = thread->mfrr;
  thread->mfrr = static_cast<std::uint8_t>(a[1]);
  if (thread->mfrr < old && thread->mfrr < thread->cppr) trigger_ipi(cpu, *thread);
  return rc::kSuccess;
}

std::int64_t Firmware::set_xive(Cpu& cpu, const Args& a) {
  const auto prio = static_cast<std::uint8_t>(a[2]);
  const auto source = find_source(a[0]);
  const auto before = route_of(cpu, a[0]);
  if (!source || !before) return rc::kParameter;
  Chip* old_target = nullptr;
  const std::int64_t result =
      retarget(cpu, a[0], a[1] >> 2U, prio == kPrioMasked ? kPrioMasked : kEmulationPrio,
               static_cast<std::uint32_t>(a[0]), old_target);
  if (result != rc::kSuccess) return result;
  // Off before the sync, on after it.
  if (prio == kPrioMasked && before->prio != kPrioMasked) set_esb(cpu, *source, hw::kEsbSet01);
  sync_chip(cpu, chips_[girq::block(a[0])]);
  if (old_target != nullptr) sync_chip(cpu, *old_target);
  if (prio != kPrioMasked && before->prio == kPrioMasked) set_esb(cpu, *source, hw::kEsbSet00);
  return rc::kSuccess;
}

std::int64_t Firmware::get_xive(Cpu& cpu, const Args& a) {
  const auto route = route_of(cpu, a[0]);
  if (!route) return rc::kParameter;
  put_result(cpu, a[1], 2, route->vp << 2U);
  put_result(cpu, a[2], 1, route->prio);
  return rc::kSuccess;
}

}  // namespace xive::opal
