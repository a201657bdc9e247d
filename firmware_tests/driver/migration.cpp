// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/driver/migration.h"

namespace xive::driver {

namespace {
/// Pending bits inside word 0 of a ring and inside the saved state of a VP.
constexpr unsigned kIpbShift = 40;
}  // namespace

GuestState save_guest(Cpu& cpu, HostDriver& host, Guest& guest, MigrationFault fault,
                      const MigrationHooks& hooks) {
  const auto step = [&](unsigned n) {
    if (hooks.before_step) hooks.before_step(n);
  };
  GuestState state;
  // Sources go on collecting, but send nothing: P is set, a late event becomes Q.
  step(2);
  for (const auto& source : guest.sources()) {
    GuestState::Source saved;
    saved.eisn = source->eisn;
    saved.number = source->irq.number;
    saved.vcpu = source->vcpu;
    saved.prio = source->prio;
    saved.pq = source->irq.load(cpu, esb::kGet) & 3U;
    if (saved.pq != 1) {
      const auto stop = fault == MigrationFault::MaskedWithOff ? esb::kSet01 : esb::kSet10;
      saved.pq = source->irq.load(cpu, stop) & 3U;
    }
    state.sources.push_back(saved);
  }
  step(3);
  if (fault != MigrationFault::NoSync) {
    for (const auto& saved : state.sources) {
      host.opal().must(cpu, Token::XiveSync,
                       {opal::sync_type::kEas | opal::sync_type::kQueue, saved.number});
    }
  }
  step(4);
  for (unsigned n = 0; n < guest.vcpus().size(); ++n) {
    const Guest::Vcpu& vcpu = guest.vcpu(n);
    for (unsigned prio = 0; prio < vcpu.queues.size(); ++prio) {
      const Guest::Queue& config = vcpu.queues.at(prio);
      if (config.order == 0) continue;
      GuestState::Queue queue{n, prio, config, host.opal().queue_state(cpu, vcpu.vp, prio), {}};
      for (std::uint64_t at = 0; at < std::uint64_t{1} << config.order; at += 8) {
        queue.content.push_back(cpu.load64(config.page + at));
      }
      state.queues.push_back(std::move(queue));
    }
    // Events for a vCPU that was on no thread are in its VP.
    const std::uint64_t kept =
        fault == MigrationFault::NoVpState ? 0 : host.opal().vp_state(cpu, vcpu.vp);
    state.contexts.push_back(vcpu.saved | (kept >> kIpbShift & 0xffU) << kIpbShift);
  }
  for (std::size_t n = 0; n < state.sources.size(); ++n) {
    const Irq& irq = guest.sources()[n]->irq;
    state.sources[n].latest = irq.load(cpu, esb::kGet) & 3U;
  }
  return state;
}

std::int64_t restore_guest(Cpu& cpu, HostDriver& host, Guest& guest, const GuestState& state,
                           const std::function<std::uint64_t(unsigned vcpu, unsigned prio)>& page,
                           const std::function<std::uint32_t(const GuestState::Source&)>& source,
                           MigrationFault fault, const MigrationHooks& hooks) {
  const auto step = [&](unsigned n) {
    if (hooks.before_step) hooks.before_step(n);
  };
  try {
    const auto restore_queues = [&] {
      for (const auto& queue : state.queues) {
        const std::uint64_t at = page(queue.vcpu, queue.prio);
        for (std::size_t n = 0; n < queue.content.size(); ++n) {
          cpu.store64(at + 8ULL * n, queue.content[n]);
        }
        guest.set_queue(cpu, queue.vcpu, queue.prio, at, queue.config.order, queue.config.flags);
        if (fault == MigrationFault::NoGeneration) continue;
        host.opal().must(
            cpu, Token::XiveSetQueueState,
            {guest.vcpu(queue.vcpu).vp, queue.prio, queue.state.toggle, queue.state.index});
      }
    };
    std::vector<Guest::Source*> sources;
    const auto restore_routes = [&] {
      for (const auto& saved : state.sources) {
        Guest::Source& made =
            guest.attach_source(cpu, source(saved), saved.vcpu, saved.prio, saved.eisn);
        // An END that is no queue takes the event and loses it: refused here.
        if (guest.vcpu(saved.vcpu).queues.at(saved.prio).order == 0) {
          throw CallFailed(Token::XiveSetIrqConfig, opal::rc::kWrongState);
        }
        guest.route(cpu, made);
        sources.push_back(&made);
      }
    };
    if (fault == MigrationFault::RoutesFirst) restore_routes();
    step(5);
    restore_queues();
    step(6);
    if (fault != MigrationFault::RoutesFirst) restore_routes();
    step(7);
    for (unsigned n = 0; n < state.contexts.size(); ++n) guest.vcpu(n).saved = state.contexts[n];
    step(8);
    for (std::size_t n = 0; n < sources.size(); ++n) {
      const auto& saved = state.sources[n];
      const Irq& irq = sources[n]->irq;
      const bool late = saved.latest == 3 && saved.pq != 3;
      const std::uint64_t pq = saved.pq == 2 && late ? 3 : saved.pq;
      constexpr std::array kSet = {esb::kSet00, esb::kSet01, esb::kSet10, esb::kSet11};
      // Only what the setting itself returns tells of events up to this moment.
      const bool later = (irq.load(cpu, kSet[pq]) & 3U) == 3 && saved.pq != 3;
      if (saved.pq == 0 && (late || later)) irq.trigger(cpu);
      if (pq == 2 && later) irq.load(cpu, esb::kSet11);
    }
  } catch (const CallFailed& failed) {
    return failed.rc();
  }
  return opal::rc::kSuccess;
}

}  // namespace xive::driver
