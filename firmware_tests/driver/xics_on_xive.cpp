// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/driver/xics_on_xive.h"

#include <bit>

namespace xive::driver {

namespace {
constexpr std::uint32_t kOsCppr = 0x20011, kOsAck = 0x20810;
constexpr unsigned kNone = 0xff;

unsigned most_favoured(std::uint8_t pending) {
  return pending == 0 ? kNone : static_cast<unsigned>(std::countr_zero(pending));
}
}  // namespace

void XicsOnXive::create(Cpu& cpu, unsigned device_prio) {
  vcpus_.resize(guest_.vcpus().size());
  for (unsigned n = 0; n < vcpus_.size(); ++n) {
    Vcpu& vcpu = vcpus_[n];
    for (const unsigned prio : {kIpiPrio, device_prio}) {
      const std::uint64_t page = options_.queues + ((8ULL * n + prio) << options_.queue_order);
      for (std::uint64_t at = 0; at < std::uint64_t{1} << options_.queue_order; at += 8) {
        cpu.store64(page + at, 0);
      }
      guest_.set_queue(cpu, n, prio, page, options_.queue_order);
      vcpu.queues.at(prio) = EventQueue(page, options_.queue_order);
    }
    vcpu.ipi = &guest_.add_source(cpu, n, kIpiPrio, kIpi);
    vcpu.hardware = 0;
    cpu.store8(cppr_cell(n), 0);
    cpu.store8(mfrr_cell(n), kNone);
  }
  cpu.sync();
}

void XicsOnXive::h_ipi(Cpu& cpu, unsigned server, std::uint8_t mfrr) {
  shared(cpu);
  cpu.store8(mfrr_cell(server), mfrr);
  // Either the target sees the request when it lowers its priority, or we see that it did.
  if (options_.fault != XicsFault::NoSenderBarrier) {
    shared(cpu);
    cpu.sync();
  }
  shared(cpu);
  const std::uint8_t cppr = cpu.load8(cppr_cell(server));
  if (mfrr >= cppr) return;
  shared(cpu);
  cpu.store64(vcpus_.at(server).ipi->irq.info.trigger, 0);
}

void XicsOnXive::set_cppr(Cpu& cpu, unsigned vcpu, std::uint8_t cppr) {
  shared(cpu);
  cpu.store8(cppr_cell(vcpu), cppr);
  if (options_.fault != XicsFault::NoTargetBarrier) {
    shared(cpu);
    cpu.sync();
  }
}

void XicsOnXive::set_hardware_cppr(Cpu& cpu, Vcpu& self, std::uint8_t cppr) {
  self.hardware = cppr;
  cpu.store8(host_.options().tima + kOsCppr, cppr);
}

/// What waits and was kept back until now must raise the line again.
void XicsOnXive::rearm(Cpu& cpu, unsigned vcpu) {
  shared(cpu);
  const std::uint8_t mfrr = cpu.load8(mfrr_cell(vcpu));
  std::uint8_t pending = vcpus_.at(vcpu).pending;
  if (mfrr < 8) pending = static_cast<std::uint8_t>(pending | 1U << mfrr);
  if (pending != 0) guest_.set_pending(cpu, most_favoured(pending));
}

void XicsOnXive::h_cppr(Cpu& cpu, unsigned vcpu, std::uint8_t cppr) {
  Vcpu& self = vcpus_.at(vcpu);
  const std::uint8_t old = cpu.load8(cppr_cell(vcpu));
  set_cppr(cpu, vcpu, cppr);
  if (cppr > old) rearm(cpu, vcpu);
  set_hardware_cppr(cpu, self, cppr);
}

std::uint32_t XicsOnXive::h_xirr(Cpu& cpu, unsigned vcpu) {
  Vcpu& self = vcpus_.at(vcpu);
  const std::uint8_t old = cpu.load8(cppr_cell(vcpu));
  const std::uint16_t ack = cpu.load16(host_.options().tima + kOsAck);
  cpu.sync();
  if ((ack & 0x8000U) != 0) {
    self.hardware = static_cast<std::uint8_t>(ack);
    if (self.hardware < 8) {
      self.pending = static_cast<std::uint8_t>(self.pending | 1U << self.hardware);
    }
  }
  std::uint32_t source = 0;
  unsigned prio = kNone;
  for (;;) {
    const std::uint8_t mfrr = cpu.load8(mfrr_cell(vcpu));
    prio = most_favoured(self.pending);
    if (prio >= old || prio > 7) {
      if (mfrr < old) {
        prio = mfrr;
        source = kIpi;
      }
      break;
    }
    EventQueue& queue = self.queues.at(prio);
    const auto entry = queue.exists() ? queue.peek(cpu) : std::nullopt;
    if (entry && *entry == kIpi) {
      // Only says that MFRR has changed. Its source may fire again from now on.
      queue.pop(cpu);
      self.ipi->irq.source_eoi(cpu);
      continue;
    }
    if (!entry) {
      self.pending = static_cast<std::uint8_t>(self.pending & ~(1U << prio));
    }
    const std::uint8_t again = cpu.load8(mfrr_cell(vcpu));
    if (again <= prio && again < old) {
      prio = again;
      source = kIpi;
      break;
    }
    if (entry) {
      source = *entry;
      queue.pop(cpu);
      break;
    }
  }
  if (source != 0) {
    cpu.store8(cppr_cell(vcpu), static_cast<std::uint8_t>(prio));
    if (self.hardware != prio) set_hardware_cppr(cpu, self, static_cast<std::uint8_t>(prio));
  } else if (self.hardware != old) {
    set_hardware_cppr(cpu, self, old);
  }
  return std::uint32_t{old} << 24U | source;
}

void XicsOnXive::h_eoi(Cpu& cpu, unsigned vcpu, std::uint32_t xirr,
                       const std::function<void(std::uint32_t)>& eoi) {
  const std::uint32_t source = xirr & 0xffffffU;
  if (source > kIpi && eoi) eoi(source);
  Vcpu& self = vcpus_.at(vcpu);
  const auto cppr = static_cast<std::uint8_t>(xirr >> 24U);
  set_cppr(cpu, vcpu, cppr);
  // Entries of the own source that say nothing new are taken out here, too.
  for (EventQueue& queue : self.queues) {
    while (queue.exists()) {
      const auto entry = queue.peek(cpu);
      if (!entry || *entry != kIpi) break;
      queue.pop(cpu);
      self.ipi->irq.source_eoi(cpu);
    }
  }
  rearm(cpu, vcpu);
  set_hardware_cppr(cpu, self, cppr);
}

}  // namespace xive::driver
