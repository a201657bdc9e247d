// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/driver/host_driver.h"

#include <bit>

namespace xive::driver {

namespace {
constexpr std::uint64_t kHvPage = 0x10000;
constexpr std::uint64_t kPoolW01 = 0x20, kPoolW2 = 0x28, kPullPool = 0x828;
constexpr std::uint32_t kValid = 0x80000000;
}  // namespace

void HostDriver::start(Cpu& cpu, const std::vector<std::uint32_t>& pirs) {
  opal_.must(cpu, Token::XiveReset, {opal::kModeExploitation});
  if (options_.pool) {
    const auto order = static_cast<unsigned>(std::bit_width(std::bit_ceil(pirs.size())) - 1);
    pool_ = opal_.allocate_vp_block(cpu, order);
  }
  std::uint64_t n = 0;
  for (const std::uint32_t pir : pirs) {
    Processor& processor = processors_[pir];
    processor.pir = pir;
    if (options_.pool) processor.pool_vp = pool_ + n;
    processor.consumer.window = RingWindow::host(options_.tima);
    processor.consumer.queues[options_.prio] =
        EventQueue(options_.queues + (n << options_.queue_order), options_.queue_order);
    ++n;
  }
}

void HostDriver::stop(Cpu& cpu) {
  opal_.must(cpu, Token::XiveReset, {opal::kModeEmulation});
  processors_.clear();
  irqs_.clear();
  pool_ = 0;
}

void HostDriver::prepare_cpu(Cpu& cpu, std::uint32_t pir) {
  Processor& target = processors_.at(pir);
  const EventQueue& queue = target.consumer.queues[options_.prio];
  for (std::uint64_t at = 0; at < std::uint64_t{1} << queue.order(); at += 8) {
    cpu.store64(queue.page() + at, 0);
  }
  opal_.queue_info(cpu, pir, options_.prio);
  opal_.must(cpu, Token::XiveSetQueueInfo,
             {pir, options_.prio, queue.page(), queue.order(),
              opal::queue_flag::kEnabled | opal::queue_flag::kAlwaysNotify});
  cpu.sync();
  const auto chip = opal_.vp_info(cpu, pir).chip;
  Irq& ipi = target.ipi;
  ipi.number = opal_.allocate_irq(cpu, chip);
  ipi.lirq = kIpiLirq;
  ipi.info = opal_.irq_info(cpu, ipi.number);
  ipi.vp = pir;
  ipi.prio = options_.prio;
  opal_.set_irq(cpu, ipi.number, pir, options_.prio, ipi.lirq);
  ipi.load(cpu, esb::kSet00);
  ipi.started = true;
  ipi.disabled = false;
}

void HostDriver::finish_cpu(Cpu& cpu) {
  Processor& self = processors_.at(cpu.pir());
  const std::uint64_t tima = options_.tima + kHvPage;
  if ((cpu.load32(tima + kPoolW2) & kValid) != 0) cpu.load64(tima + kPullPool);
  if (options_.pool) {
    opal_.must(cpu, Token::XiveSetVpInfo, {self.pool_vp, opal::vp_flag::kEnabled, 0});
    const auto cam = opal_.vp_info(cpu, self.pool_vp).cam;
    cpu.store32(tima + kPoolW01, 0xff);
    cpu.store32(tima + kPoolW2, kValid | static_cast<std::uint32_t>(cam));
  }
  self.consumer.set_cppr(cpu, 0xff);
}

void HostDriver::send_ipi(Cpu& cpu, std::uint32_t target_pir) {
  const Irq& ipi = processors_.at(target_pir).ipi;
  cpu.sync();
  cpu.store64(ipi.info.trigger, 0);
}

void HostDriver::handle(Cpu& cpu, std::uint32_t lirq) {
  if (on_entry) on_entry(cpu, lirq);
  if (lirq == kIpiLirq) {
    Irq& ipi = processors_.at(cpu.pir()).ipi;
    // Before the work: a request that comes now must not be taken for the one in hand.
    ipi.eoi(cpu);
    if (ipi_handler_) ipi_handler_(cpu);
    return;
  }
  const auto found = irqs_.find(lirq);
  if (found == irqs_.end()) {
    if (on_orphan) on_orphan(cpu, lirq);
    return;
  }
  if (found->second.handler) found->second.handler(cpu, found->second.irq);
  // The handler may have given the interrupt up.
  if (Irq* irq = find(lirq)) {
    while (irq->locked) cpu.delay(platform::kMicrosecond / 10);
    irq->locked = true;
    irq->eoi(cpu);
    irq->locked = false;
  }
}

Consumer::Seen HostDriver::receive(Cpu& cpu) {
  Processor& self = processors_.at(cpu.pir());
  const int moved = self.deferred;
  const Consumer::Seen seen =
      self.consumer.receive(cpu, [this](Cpu& c, std::uint32_t lirq) { handle(c, lirq); });
  self.total.acknowledges += seen.acknowledges;
  self.total.empty += seen.empty;
  self.total.entries += seen.entries;
  // The queue was seen empty: what had moved away before is not in it any more.
  self.deferred -= moved;
  return seen;
}

Irq& HostDriver::map(Cpu& cpu, std::uint32_t number, std::uint32_t lirq, Handler handler) {
  Entry& entry = irqs_[lirq];
  entry.irq = Irq{};
  entry.irq.number = number;
  entry.irq.lirq = lirq;
  entry.irq.info = opal_.irq_info(cpu, number);
  entry.irq.prio = options_.prio;
  entry.irq.load(cpu, esb::kSet01);
  entry.handler = std::move(handler);
  return entry.irq;
}

void HostDriver::startup(Cpu& cpu, Irq& irq, std::uint32_t target_pir) {
  irq.vp = target_pir;
  opal_.set_irq(cpu, irq.number, target_pir, irq.prio, irq.lirq);
  irq.started = true;
  unmask(cpu, irq);
}

void HostDriver::mask_source(Cpu& cpu, Irq& irq) {
  const bool gone = irq.mask(cpu);
  if (gone && options_.fault == DriverFault::AllOnesIsSavedP) irq.saved_p = true;
}

void HostDriver::unmask(Cpu& cpu, Irq& irq) {
  if (options_.fault == DriverFault::UnmaskDropsP) irq.saved_p = false;
  irq.unmask(cpu);
}

void HostDriver::set_affinity(Cpu& cpu, Irq& irq, std::uint32_t target_pir) {
  opal_.set_irq(cpu, irq.number, target_pir, irq.prio, irq.lirq);
  ++processors_.at(static_cast<std::uint32_t>(irq.vp)).deferred;
  irq.vp = target_pir;
}

bool HostDriver::shutdown(Cpu& cpu, Irq& irq, platform::Time patience) {
  mask_source(cpu, irq);
  if (irq.started) {
    opal_.set_irq(cpu, irq.number, irq.vp, opal::kPrioMasked, kBadLirq);
    ++processors_.at(static_cast<std::uint32_t>(irq.vp)).deferred;
    irq.started = false;
  }
  if (options_.fault == DriverFault::FreeWithoutQuery) return true;
  const auto active = [&] {
    if (options_.fault == DriverFault::AllOnesIsPending && irq.load(cpu, esb::kGet) == esb::kGone) {
      return true;
    }
    return irq.active(cpu);
  };
  const platform::Time end = cpu.now() + patience;
  while (active()) {
    if (cpu.now() >= end) return false;
    cpu.delay(platform::kMicrosecond / 2);
  }
  return true;
}

bool HostDriver::drain(Cpu& cpu, Irq& irq, platform::Time patience) {
  const auto pir = static_cast<std::uint32_t>(irq.vp);
  const platform::Time end = cpu.now() + patience;
  send_ipi(cpu, pir);
  while (processors_.at(pir).deferred != 0) {
    if (cpu.now() >= end) return false;
    cpu.delay(platform::kMicrosecond / 2);
  }
  return true;
}

void HostDriver::unmap(Irq& irq) {
  if (on_unmap) on_unmap(irq);
  irqs_.erase(irq.lirq);
}

void HostDriver::for_each_irq(const std::function<void(Irq&)>& action) {
  for (auto& [lirq, entry] : irqs_) action(entry.irq);
}

Irq* HostDriver::find(std::uint32_t lirq) {
  const auto found = irqs_.find(lirq);
  return found != irqs_.end() ? &found->second.irq : nullptr;
}

void HostDriver::offline_cpu(Cpu& cpu) {
  Processor& self = processors_.at(cpu.pir());
  self.consumer.set_cppr(cpu, 0);
  while (const auto lirq = self.consumer.queues[options_.prio].pop(cpu)) {
    if (*lirq == kIpiLirq) {
      // Dropped, but its source must be able to wake this processor again.
      self.ipi.source_eoi(cpu);
      continue;
    }
    Irq* irq = find(*lirq);
    if (irq == nullptr) {
      if (on_orphan) on_orphan(cpu, *lirq);
      continue;
    }
    irq->saved_p = false;
    if (irq->lsi()) {
      irq->source_eoi(cpu);
    } else {
      irq->retrigger(cpu);
    }
  }
  self.deferred = 0;
  self.consumer.set_cppr(cpu, 0xff);
}

void HostDriver::teardown_cpu(Cpu& cpu) {
  Processor& self = processors_.at(cpu.pir());
  self.consumer.set_cppr(cpu, 0);
  cpu.load64(options_.tima + kHvPage + kPullPool);
  if (options_.pool) opal_.must(cpu, Token::XiveSetVpInfo, {self.pool_vp, 0, 0});
  self.ipi.mask(cpu);
  opal_.set_irq(cpu, self.ipi.number, cpu.pir(), opal::kPrioMasked, kBadLirq);
  opal_.must(cpu, Token::XiveFreeIrq, {self.ipi.number});
  opal_.must(cpu, Token::XiveSetQueueInfo, {cpu.pir(), options_.prio, 0, 0, 0});
  self.ipi = Irq{};
}

}  // namespace xive::driver
