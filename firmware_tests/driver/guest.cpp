// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/driver/guest.h"

#include <algorithm>
#include <bit>

namespace xive::driver {

namespace {
constexpr std::uint64_t kWord2 = 0x08, kPullOs = 0x808;
constexpr std::uint32_t kValid = 0x80000000;
constexpr std::uint64_t kLsmfb = std::uint64_t{0xff} << 32U, kAckInc = 0xffU << 24U;
}  // namespace

void Guest::create(Cpu& cpu) {
  const std::size_t chips = host_.opal().firmware().config().chips.size();
  const auto bits = static_cast<unsigned>(std::bit_width(chips) - 1);
  const auto part = static_cast<unsigned>(
      std::bit_width(std::bit_ceil(std::max<std::size_t>(options_.vcpus, 2))) - 1);
  // A block has the same number of VPs on every chip; those of one chip lie together.
  block_ = host_.opal().allocate_vp_block(cpu, part + bits);
  const std::uint64_t first = block_ + (std::uint64_t{options_.chip} << part);
  vcpus_.resize(options_.vcpus);
  for (unsigned n = 0; n < options_.vcpus; ++n) {
    Vcpu& vcpu = vcpus_[n];
    vcpu.vp = first + n;
    const std::uint64_t flags = opal::vp_flag::kEnabled |
                                (options_.single_escalation ? opal::vp_flag::kSingleEscalation : 0);
    host_.opal().must(cpu, Token::XiveSetVpInfo, {vcpu.vp, flags, 0});
    vcpu.cam = kValid | static_cast<std::uint32_t>(host_.opal().vp_info(cpu, vcpu.vp).cam);
    vcpu.saved = kFreshContext;
  }
}

void Guest::set_queue(Cpu& cpu, unsigned n, unsigned prio, std::uint64_t page, unsigned order,
                      std::uint64_t flags) {
  Vcpu& vcpu = vcpus_.at(n);
  const auto before = host_.opal().queue_info(cpu, vcpu.vp, prio);
  host_.opal().must(cpu, Token::XiveSetQueueInfo, {vcpu.vp, prio, page, order, flags});
  vcpu.queues.at(prio) = {page, order, flags};
  const bool need = (flags & opal::queue_flag::kEscalate) != 0 &&
                    (vcpu.escalation == nullptr || !options_.single_escalation);
  if (!need) return;
  const std::uint32_t lirq =
      options_.escalation_lirq + 8U * n + (options_.single_escalation ? 0 : prio);
  Irq& irq = host_.map(cpu, before.escalation, lirq, [this, n](Cpu& c, Irq&) { escalated(c, n); });
  irq.no_eoi = true;
  irq.vp = cpu.pir();
  host_.opal().set_irq(cpu, irq.number, irq.vp, irq.prio, lirq);
  irq.started = true;
  // Off until the vCPU cedes.
  irq.load(cpu, esb::kSet01);
  irq.disabled = false;
  vcpu.escalation = &irq;
}

Guest::Source& Guest::add_source(Cpu& cpu, unsigned vcpu, unsigned prio, std::uint32_t eisn,
                                 std::uint64_t chip) {
  const std::uint32_t number = host_.opal().allocate_irq(cpu, chip);
  owned_.push_back(number);
  Source& source = attach_source(cpu, number, vcpu, prio, eisn);
  route(cpu, source);
  source.irq.load(cpu, esb::kSet00);
  return source;
}

Guest::Source& Guest::attach_source(Cpu& cpu, std::uint32_t number, unsigned vcpu, unsigned prio,
                                    std::uint32_t eisn) {
  sources_.push_back(std::make_unique<Source>());
  Source& source = *sources_.back();
  source.irq.number = number;
  source.irq.lirq = eisn;
  source.irq.info = host_.opal().irq_info(cpu, number);
  source.irq.in_guest = true;
  source.vcpu = vcpu;
  source.prio = prio;
  source.eisn = eisn;
  return source;
}

void Guest::route(Cpu& cpu, Source& source) {
  host_.opal().set_irq(cpu, source.irq.number, vcpus_.at(source.vcpu).vp, source.prio, source.eisn);
  source.routed = true;
}

void Guest::unroute(Cpu& cpu, Source& source) {
  source.irq.load(cpu, esb::kSet01);
  host_.opal().set_irq(cpu, source.irq.number, vcpus_.at(source.vcpu).vp, opal::kPrioMasked,
                       kBadLirq);
  source.routed = false;
}

void Guest::enter(Cpu& cpu, unsigned n) {
  Vcpu& vcpu = vcpus_.at(n);
  if (vcpu.cam == 0) return;
  cpu.eieio();
  cpu.store64(os_ring(), vcpu.saved);
  cpu.store32(os_ring() + kWord2, vcpu.cam);
  cpu.eieio();
  vcpu.pushed = true;
  vcpu.ceded = false;
  vcpu.irq_pending = false;
  ++vcpu.entries;
  if (vcpu.esc_on && vcpu.escalation != nullptr) {
    // On a thread it needs no escalation. One that has fired is still handled by the host.
    const std::uint64_t old = vcpu.escalation->load(cpu, esb::kSet01);
    cpu.sync();
    if ((old & esb::kP) == 0) vcpu.esc_on = false;
  }
}

void Guest::exit(Cpu& cpu, unsigned n) {
  Vcpu& vcpu = vcpus_.at(n);
  if (!vcpu.pushed) return;
  cpu.eieio();
  cpu.load32(os_ring() + kPullOs);
  // What hardware keeps in the other bytes means nothing at the next push.
  vcpu.saved = (cpu.load64(os_ring()) & ~kLsmfb) | kAckInc;
  vcpu.pushed = false;
  cpu.eieio();
}

bool Guest::cede(Cpu& cpu, unsigned n) {
  Vcpu& vcpu = vcpus_.at(n);
  if (vcpu.escalation != nullptr) {
    if (vcpu.esc_on && options_.fault != GuestFault::ArmsTwice) {
      // An escalation is still unhandled: keep it pending, there is work.
      vcpu.escalation->load(cpu, esb::kSet10);
      return false;
    }
    vcpu.esc_on = true;
    cpu.sync();
    if (options_.fault != GuestFault::NeverArms) vcpu.escalation->load(cpu, esb::kSet00);
  }
  cpu.sync();
  vcpu.ceded = true;
  exit(cpu, n);
  return true;
}

void Guest::escalated(Cpu& cpu, unsigned n) {
  Vcpu& vcpu = vcpus_.at(n);
  vcpu.irq_pending = true;
  cpu.sync();
  if (vcpu.ceded) {
    ++vcpu.kicks;
    if (on_kick) on_kick(cpu, n);
  }
  vcpu.esc_on = false;
}

bool Guest::destroy(Cpu& cpu) {
  for (auto& source : sources_) unroute(cpu, *source);
  bool quiet = true;
  for (Vcpu& vcpu : vcpus_) {
    exit(cpu, static_cast<unsigned>(&vcpu - vcpus_.data()));
    if (vcpu.escalation != nullptr) {
      // P stays set after an escalation was handled; only if none is on its way is it stale.
      Irq& irq = *vcpu.escalation;
      irq.stale_p = false;
      cpu.sync();
      if (!vcpu.esc_on) irq.stale_p = true;
      quiet = host_.shutdown(cpu, irq) && quiet;
      host_.unmap(irq);
      vcpu.escalation = nullptr;
    }
    host_.opal().must(cpu, Token::XiveSetVpInfo, {vcpu.vp, 0, 0});
    vcpu.cam = 0;
    for (unsigned prio = 0; prio < vcpu.queues.size(); ++prio) {
      if (vcpu.queues.at(prio).order == 0) continue;
      host_.opal().must(cpu, Token::XiveSetQueueInfo, {vcpu.vp, prio, 0, 0, 0});
      vcpu.queues.at(prio) = {};
    }
  }
  for (const std::uint32_t number : owned_) {
    host_.opal().must(cpu, Token::XiveFreeIrq, {number});
  }
  owned_.clear();
  sources_.clear();
  host_.opal().must(cpu, Token::XiveFreeVpBlock, {block_});
  vcpus_.clear();
  return quiet;
}

}  // namespace xive::driver
