// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/driver/passthrough.h"

namespace xive::driver {

/// Against the end of interrupt on another thread; interrupts are off, because the handler of this
/// one would wait for ever. The end is a call, not a destructor: a program that is abandoned must
/// not execute instructions while its frames are unwound.
class Passthrough::Ownership {
 public:
  Ownership(Cpu& cpu, Irq& irq) : cpu_(cpu), irq_(irq), msr_(cpu.mfmsr()) {
    cpu_.mtmsr(msr_ & ~ppc::msr::kEe);
    while (irq_.locked) cpu_.delay(platform::kMicrosecond / 10);
    irq_.locked = true;
  }
  Ownership(const Ownership&) = delete;
  Ownership& operator=(const Ownership&) = delete;
  void end() {
    irq_.locked = false;
    cpu_.mtmsr(msr_);
  }

 private:
  Cpu& cpu_;
  Irq& irq_;
  std::uint64_t msr_;
};

void Passthrough::to_guest(Cpu& cpu, unsigned vcpu, unsigned prio, std::uint32_t eisn) {
  Ownership ownership(cpu, irq_);
  const std::uint64_t old = irq_.load(cpu, esb::kSet10);
  irq_.in_guest = true;
  if (!irq_.stale_p) {
    irq_.saved_p = old != esb::kGone && (old & esb::kP) != 0;
    irq_.stale_p = !irq_.saved_p;
  }
  if (irq_.saved_p) {
    // The event has an entry in a host queue, or will have: remember that it is wanted elsewhere.
    irq_.load(cpu, esb::kSet11);
    irq_.forward = fault_ != PassthroughFault::NotSentOn && fault_ != PassthroughFault::SentAtOnce;
    if (fault_ != PassthroughFault::NoSync) {
      host_.opal().must(cpu, Token::XiveSync, {opal::sync_type::kEas, irq_.number});
    }
  } else if ((old & esb::kQ) != 0) {
    irq_.load(cpu, esb::kSet11);
  }
  host_.opal().set_irq(cpu, irq_.number, guest_.vcpu(vcpu).vp, prio, eisn);
  if (!irq_.saved_p || fault_ == PassthroughFault::SentAtOnce) irq_.source_eoi(cpu);
  ownership.end();
}

void Passthrough::to_host(Cpu& cpu) {
  Ownership ownership(cpu, irq_);
  const std::uint64_t old = irq_.load(cpu, esb::kSet10);
  const bool p = old != esb::kGone && (old & esb::kP) != 0;
  // With saved_p the host has the entry, else whoever has it is the guest.
  guest_p_ = p && !irq_.saved_p;
  if ((old & esb::kQ) != 0) irq_.load(cpu, esb::kSet11);
  host_.opal().must(cpu, Token::XiveSync, {opal::sync_type::kEas, irq_.number});
  host_.opal().set_irq(cpu, irq_.number, irq_.vp, irq_.prio, irq_.lirq);
  irq_.in_guest = false;
  irq_.forward = false;
  irq_.stale_p = false;
  if (!irq_.saved_p && !guest_p_) irq_.source_eoi(cpu);
  ownership.end();
}

void Passthrough::guest_eoi(Cpu& cpu) {
  Ownership ownership(cpu, irq_);
  if (irq_.in_guest) {
    irq_.source_eoi(cpu);
  } else if (guest_p_) {
    guest_p_ = false;
    irq_.source_eoi(cpu);
  }
  ownership.end();
}

}  // namespace xive::driver
