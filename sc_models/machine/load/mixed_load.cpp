// SPDX-License-Identifier: Apache-2.0
// Length: one load with its handlers and its account, which share all their state.
#include "sc_models/machine/load/mixed_load.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace xive::machine {

using ppc::host::Cpu;
using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;
namespace end_w0 = ic::gen1::end_w0;

namespace {

constexpr std::uint32_t kFirstVp = 0x100;      // 0x80..0xff belong to hardware threads
constexpr std::uint32_t kFirstPoolVp = 0x400;  // of hardware threads, behind kMostVps
constexpr std::uint32_t kFirstSource = 0x100;  // below: source units
constexpr unsigned kHostPriority = 7;
constexpr unsigned kMaxDrainRounds = 64;
constexpr unsigned kMostVps = 512;  ///< of one chip
static_assert(kFirstVp + kMostVps <= kFirstPoolVp);

constexpr std::uint64_t kEoi = 0x000, kSetReset = 0xc00;

}  // namespace

// ---- Set-up

MixedLoad::MixedLoad(Machine& machine, DirectTables& tables, const LoadConfig& config)
    : machine_(machine), tables_(tables), config_(config), device_(config.seed, ~0ULL) {
  if (config.priorities < 1 || config.priorities > 7) {
    throw std::invalid_argument("mixed load: 1 to 7 priorities expected");
  }
  if (config.vps == 0 || config.vps > machine.chips() * kMostVps) {
    throw std::invalid_argument(
        fmt::format("mixed load: {} virtual processors on {} chips: 1 to {} expected", config.vps,
                    machine.chips(), machine.chips() * kMostVps));
  }
  for (unsigned chip = 0; chip < machine.chips(); ++chip) {
    queue_memory_.push_back(tables.queue_area(chip));
    next_source_.push_back(kFirstSource);
  }
  const std::uint64_t device_triggers = config.triggers * config.device_percent / 100;
  const std::uint64_t thread_triggers = config.triggers - device_triggers;
  for (unsigned t = 0; t < machine.threads(); ++t) {
    Thread thread{Random(config.seed, 2ULL * t), Random(config.seed, 2ULL * t + 1), 0, -1, {}};
    thread.budget =
        thread_triggers / machine.threads() + (t < thread_triggers % machine.threads() ? 1U : 0U);
    threads_.push_back(thread);
  }
  make_host_queues();
  make_vps();
  make_sources();
  for (unsigned n = 0; n < machine.chips(); ++n) machine.chip(n).observe_queues(this);
  working_ = machine.threads();
  for (unsigned t = 0; t < machine.threads(); ++t) {
    machine.set_program(t, [this, t](Cpu& cpu) { thread_main(t, cpu); });
  }
  if (!device_sources_.empty()) device_budget_ = device_triggers;
  // Devices keep pace with the threads.
  device_gap_ = std::max<Time>(1, config.pause * std::max(1U, 100 - config.device_percent) /
                                      (std::max(1U, config.device_percent) * machine.threads()));
  if (device_budget_ > 0) {
    machine.executor().at(platform::kMicrosecond * 5, [this] { device_step(); });
  }
}

MixedLoad::Queue MixedLoad::make_queue(unsigned blk, std::uint32_t end, unsigned qsize) {
  Queue queue;
  queue.base = queue_memory_[blk];
  queue_memory_[blk] += std::uint64_t{4096} << qsize;
  queue.mask = (1024U << qsize) - 1U;
  queue.blk = blk;
  queue.end = end;
  return queue;
}

std::uint32_t MixedLoad::pool_vp(unsigned t) const {
  return kFirstPoolVp + (machine_.pir(t) & 0x7fU);
}

void MixedLoad::make_host_queues() {
  for (unsigned t = 0; t < machine_.threads(); ++t) {
    const unsigned blk = tables_.block_of_thread(t);
    const std::uint32_t vp = tables_.hardware_vp(t);
    const std::uint32_t end = vp * 8 + kHostPriority;
    tables_.set_vp(blk, vp);
    tables_.set_vp(blk, pool_vp(t));
    threads_[t].queue = make_queue(blk, end, 1);
    tables_.set_end(blk, end,
                    {.qsize = 1,
                     .queue = threads_[t].queue.base,
                     .vp_blk = blk,
                     .vp = vp,
                     .prio = kHostPriority});
  }
}

void MixedLoad::make_vps() {
  Random random(config_.seed, 0x10000);
  for (unsigned n = 0; n < config_.vps; ++n) {
    Vp vp;
    vp.blk = n % machine_.chips();
    vp.idx = kFirstVp + n / machine_.chips();
    tables_.set_vp(vp.blk, vp.idx);
    for (unsigned p = 0; p < config_.priorities; ++p) {
      const unsigned prio = p * 7 / config_.priorities;
      const std::uint32_t end = vp.idx * 8 + prio;
      const auto qsize = static_cast<unsigned>(random.below(3));
      Queue queue = make_queue(vp.blk, end, qsize);
      DirectTables::EndSetup setup;
      setup.qsize = qsize;
      setup.queue = queue.base;
      setup.vp_blk = vp.blk;
      setup.vp = vp.idx;
      setup.prio = prio;
      queue.coalesced = random.chance(25);
      if (queue.coalesced) setup.flags &= ~end_w0::kUcondNotify;
      if (random.chance(60)) {
        const auto to = static_cast<unsigned>(random.below(machine_.threads()));
        setup.flags |= end_w0::kEscalate;
        setup.esc_blk = tables_.block_of_thread(to);
        setup.esc_end = threads_[to].queue.end;
        setup.esc_data = kEscalation | n << 4U | p;
      }
      tables_.set_end(vp.blk, end, setup);
      vp.queues.push_back(queue);
      vp.priorities.push_back(prio);
    }
    vps_.push_back(std::move(vp));
  }
}

std::uint32_t MixedLoad::add_source(Source source, unsigned end_blk, std::uint32_t end) {
  const auto id = static_cast<std::uint32_t>(sources_.size());
  tables_.set_eas(source.blk, source.idx, end_blk, end, id);
  if (source.kind == SourceKind::Ipi || source.kind == SourceKind::Msi) {
    tables_.arm(source.blk, source.idx);
  } else {
    const std::uint64_t page =
        machine_.chip_address(source.chip, Machine::kSourceUnit) + source.unit * 0x10000ULL;
    machine_.peek(page + kSetReset, 8, source.chip);
  }
  sources_.push_back(source);
  return id;
}

void MixedLoad::make_sources() {
  Random random(config_.seed, 0x10001);
  const auto random_end = [&](unsigned& blk, std::uint32_t& end) {
    // Half of the sources target an eighth of the virtual processors, so that some queues wrap.
    const auto hot = std::max<std::uint64_t>(1, vps_.size() / 8);
    const Vp& vp = vps_[random.below(random.chance(50) ? hot : vps_.size())];
    const Queue& queue = vp.queues[random.below(vp.queues.size())];
    blk = queue.blk;
    end = queue.end;
  };
  unsigned blk = 0;
  std::uint32_t end = 0;
  for (unsigned t = 0; t < machine_.threads(); ++t) {
    for (unsigned n = 0; n < config_.host_sources; ++n) {
      const unsigned chip = tables_.block_of_thread(t);
      const bool device = n == 0 && config_.device_percent > 0;
      const Source source{device ? SourceKind::Msi : SourceKind::Ipi, chip, next_source_[chip]++};
      const std::uint32_t id = add_source(source, threads_[t].queue.blk, threads_[t].queue.end);
      (device ? device_sources_ : ipis_).push_back(id);
    }
  }
  for (unsigned n = 0; n < config_.guest_sources; ++n) {
    random_end(blk, end);
    const unsigned chip = n % machine_.chips();
    // Threads have something to trigger in any case.
    const bool last_chance = ipis_.empty() && n + 1 == config_.guest_sources;
    const bool device = config_.device_percent > 0 && random.chance(25) && !last_chance;
    const Source source{device ? SourceKind::Msi : SourceKind::Ipi, chip, next_source_[chip]++};
    const std::uint32_t id = add_source(source, blk, end);
    (device ? device_sources_ : ipis_).push_back(id);
  }
  const unsigned units = machine_.config().msi_sources + machine_.config().lsi_sources;
  for (unsigned chip = 0; chip < machine_.chips() && config_.device_percent > 0 && units > 0;
       ++chip) {
    // A power of two, as the offset is OR-ed into the message.
    constexpr std::uint32_t kFirstUnitSource = 0x40;
    tables_.connect_unit(chip, chip, kFirstUnitSource);
    for (unsigned n = 0; n < units && n < kFirstUnitSource; ++n) {
      if (random.chance(50)) {
        random_end(blk, end);
      } else {
        const Queue& queue = threads_[random.below(threads_.size())].queue;
        blk = queue.blk;
        end = queue.end;
      }
      const SourceKind kind = machine_.is_lsi(n) ? SourceKind::Lsi : SourceKind::UnitMsi;
      device_sources_.push_back(add_source({kind, chip, kFirstUnitSource + n, chip, n}, blk, end));
    }
  }
}

// ---- What the router put into queues

void MixedLoad::on_entry(std::uint32_t data) {
  if ((data & kEscalation) != 0) {
    ++escalations_written_;
  } else if (data < sources_.size()) {
    ++sources_[data].written;
  }
}

// ---- Devices

void MixedLoad::device_step() {
  const std::uint32_t id = device_sources_[device_.below(device_sources_.size())];
  Source& source = sources_[id];
  --device_budget_;
  bool sent = true;
  switch (source.kind) {
    case SourceKind::Ipi:
    case SourceKind::Msi:
      machine_.poke(tables_.trigger_page(source.blk, source.idx), 8, 0, source.blk);
      break;
    case SourceKind::UnitMsi:
      machine_.raise(source.chip, source.unit);
      break;
    case SourceKind::Lsi:
      // A level that is high already says nothing new.
      sent = !machine_.source_unit(source.chip).level(source.unit);
      machine_.set_level(source.chip, source.unit, true);
      break;
  }
  if (sent) {
    ++source.sent;
    ++result_.sent;
    ++result_.sent_by_kind[static_cast<unsigned>(source.kind)];
  }
  if (device_budget_ > 0) {
    const Time gap = 1 + device_.below(2 * device_gap_);
    machine_.executor().at(machine_.executor().now() + gap, [this] { device_step(); });
  }
}

// ---- Threads

void MixedLoad::thread_main(unsigned t, Cpu& cpu) {
  Thread& self = threads_[t];
  cpu.set_handler(VectorSpace::Host, 0xea0,
                  [this, t](Cpu& c, InterruptFrame&) { host_interrupt(t, c); });
  cpu.set_handler(VectorSpace::Host, 0x500,
                  [this, t](Cpu& c, InterruptFrame&) { guest_interrupt(t, c); });
  cpu.set_handler(VectorSpace::Host, 0x900, ppc::host::rewind_decrementer);
  cpu.store8(DirectTables::tima(0, 0x38), 0x80);
  // Without a pool context no virtual processor belongs to the hardware (spec/tima.md 0.3).
  cpu.store32(DirectTables::tima(0, 0x20), 0xff);
  cpu.store32(DirectTables::tima(0, 0x28),
              DirectTables::os_word2(tables_.block_of_thread(t), pool_vp(t)));
  cpu.store8(DirectTables::tima(1, 0x31), 0xff);
  cpu.set_ee(true);
  while (self.budget > 0) {
    cpu.delay(1 + self.choices.below(config_.pause));
    if (self.choices.chance(config_.dispatch_percent)) dispatch(t, cpu);
    trigger(t, cpu);
  }
  put_away(t, cpu);
  --working_;
  drain(t, cpu);
  ++finished_;
}

void MixedLoad::trigger(unsigned t, Cpu& cpu) {
  Thread& self = threads_[t];
  Source& source = sources_[ipis_[self.triggers.below(ipis_.size())]];
  --self.budget;
  ++source.sent;
  ++result_.sent;
  ++result_.sent_by_kind[static_cast<unsigned>(source.kind)];
  cpu.store64(tables_.trigger_page(source.blk, source.idx), 0);
}

void MixedLoad::dispatch(unsigned t, Cpu& cpu) {
  put_away(t, cpu);
  Random& random = threads_[t].choices;
  if (!wanted_.empty() && random.chance(50)) {
    const unsigned vp = wanted_.front();
    wanted_.pop_front();
    vps_[vp].wanted = false;
    if (!vps_[vp].running) return enter(t, cpu, vp);
  }
  for (unsigned attempt = 0; attempt < 8; ++attempt) {
    const auto vp = static_cast<unsigned>(random.below(vps_.size()));
    if (!vps_[vp].running) return enter(t, cpu, vp);
  }
}

/// spec/scenarios.md 6.8, entry.
void MixedLoad::enter(unsigned t, Cpu& cpu, unsigned vp) {
  vps_[vp].running = true;
  ++result_.dispatches;
  cpu.set_ee(false);
  cpu.eieio();
  cpu.store64(DirectTables::tima(1, 0x10), vps_[vp].saved);
  threads_[t].vp = static_cast<int>(vp);
  cpu.store32(DirectTables::tima(1, 0x18), DirectTables::os_word2(vps_[vp].blk, vps_[vp].idx));
  cpu.eieio();
  cpu.set_ee(true);
}

/// spec/scenarios.md 6.8, exit: the words are kept for the next entry, with LSMFB 0 and ACK# 0xff.
void MixedLoad::put_away(unsigned t, Cpu& cpu) {
  if (threads_[t].vp < 0) return;
  Vp& vp = vps_[static_cast<unsigned>(threads_[t].vp)];
  cpu.set_ee(false);
  cpu.eieio();
  cpu.load32(DirectTables::tima(1, 0x818));
  const std::uint64_t words = cpu.load64(DirectTables::tima(1, 0x10));
  vp.saved = (words & ~0x000000ffff000000ULL) | 0x00000000ff000000ULL;
  threads_[t].vp = -1;
  cpu.eieio();
  vp.running = false;
  cpu.set_ee(true);
}

void MixedLoad::host_interrupt(unsigned t, Cpu& cpu) {
  ++result_.host_interrupts;
  const std::uint16_t ack = cpu.load16(DirectTables::tima(1, 0x830));
  if ((ack & 0xc000U) == 0) {
    ++result_.spurious;
    return;
  }
  pop_all(cpu, threads_[t].queue);
  cpu.store8(DirectTables::tima(1, 0x31), 0xff);
}

void MixedLoad::guest_interrupt(unsigned t, Cpu& cpu) {
  ++result_.guest_interrupts;
  const std::uint16_t ack = cpu.load16(DirectTables::tima(2, 0x810));
  if ((ack & 0x8000U) == 0 || threads_[t].vp < 0) {
    ++result_.spurious;
    return;
  }
  Vp& vp = vps_[static_cast<unsigned>(threads_[t].vp)];
  const unsigned prio = ack & 0xffU;
  for (std::size_t n = 0; n < vp.queues.size(); ++n) {
    if (vp.priorities[n] != prio) continue;
    pop_all(cpu, vp.queues[n]);
    if (vp.queues[n].coalesced) {
      cpu.load64(tables_.end_page(vp.queues[n].blk, vp.queues[n].end, false) + kEoi);
    }
  }
  cpu.store8(DirectTables::tima(2, 0x11), 0xff);
}

void MixedLoad::pop_all(Cpu& cpu, Queue& queue) {
  for (;;) {
    const std::uint32_t word = cpu.load32(queue.base + 4ULL * queue.index);
    if (word >> 31U == queue.toggle) return;
    queue.index = (queue.index + 1) & queue.mask;
    if (queue.index == 0) queue.toggle ^= 1U;
    handle(cpu, word & 0x7fffffffU);
  }
}

void MixedLoad::handle(Cpu& cpu, std::uint32_t data) {
  if ((data & kEscalation) != 0) {
    ++result_.escalations;
    const unsigned number = data >> 4U & 0xffffU;
    Vp& vp = vps_.at(number);
    const Queue& queue = vp.queues.at(data & 0xfU);
    cpu.load64(tables_.end_page(queue.blk, queue.end, true) + kEoi);
    if (!vp.wanted) {
      vp.wanted = true;
      wanted_.push_back(number);
    }
    return;
  }
  Source& source = sources_.at(data);
  ++source.handled;
  ++result_.handled;
  ++result_.handled_by_kind[static_cast<unsigned>(source.kind)];
  end_of_interrupt(cpu, source);
}

void MixedLoad::end_of_interrupt(Cpu& cpu, const Source& source) {
  if (source.kind == SourceKind::Ipi || source.kind == SourceKind::Msi) {
    const std::uint64_t page = tables_.management_page(source.blk, source.idx);
    if (source.idx % 2 == 0) {
      cpu.load64(page + kEoi);
    } else if ((cpu.load64(page + kSetReset) & 1U) != 0) {
      // spec/scenarios.md 6.5, edge load form.
      cpu.store64(tables_.trigger_page(source.blk, source.idx), 0);
    }
    return;
  }
  if (source.kind == SourceKind::Lsi) machine_.set_level(source.chip, source.unit, false);
  cpu.load64(machine_.chip_address(source.chip, Machine::kSourceUnit) + source.unit * 0x10000ULL +
             kEoi);
}

// ---- End

bool MixedLoad::drained() const {
  if (working_ > 0 || device_budget_ > 0 || !machine_.quiet()) return false;
  return result_.escalations == escalations_written_ &&
         std::all_of(sources_.begin(), sources_.end(),
                     [](const Source& source) { return source.handled == source.written; });
}

/// Gives every virtual processor a turn until nothing is left.
void MixedLoad::drain(unsigned t, Cpu& cpu) {
  const unsigned count = machine_.threads();
  while (!done_ && (working_ > 0 || device_budget_ > 0)) {
    cpu.delay(10 * std::max(config_.pause, platform::kMicrosecond));
  }
  ++draining_;
  while (!done_) {
    for (unsigned vp = t; vp < vps_.size() && !done_; vp += count) {
      if (vps_[vp].running) continue;
      enter(t, cpu, vp);
      cpu.delay(5 * platform::kMicrosecond);
      put_away(t, cpu);
    }
    cpu.delay(20 * platform::kMicrosecond);
    if (t != 0) continue;
    // Whoever still pauses has virtual processors that nobody else gives a turn.
    const bool idle = std::exchange(drained_, handled_so_far()) == handled_so_far();
    drain_rounds_ = idle && draining_ == count ? drain_rounds_ + 1 : 0;
    if (drained() || drain_rounds_ > kMaxDrainRounds) done_ = true;
  }
}

LoadResult MixedLoad::result() {
  result_.finished = finished_ == machine_.threads();
  result_.lost = result_.duplicated = result_.stuck = 0;
  Digest digest;
  for (const Source& source : sources_) {
    if (source.handled < source.written) result_.lost += source.written - source.handled;
    if (source.handled > source.written) result_.duplicated += source.handled - source.written;
    if (source.sent > 0 && source.handled == 0) ++result_.lost;
    std::uint64_t pq = 0;
    if (source.kind == SourceKind::Ipi || source.kind == SourceKind::Msi) {
      pq = machine_.peek(tables_.management_page(source.blk, source.idx) + 0x800, 8, source.blk);
    } else {
      pq = static_cast<std::uint64_t>(machine_.source_unit(source.chip).pq(source.unit));
    }
    if (pq != 0) ++result_.stuck;
    // How often an LSI was found low depends on timing.
    digest.add(source.kind == SourceKind::Lsi ? 0 : source.sent);
    digest.add(pq);
  }
  if (result_.escalations < escalations_written_) {
    result_.lost += escalations_written_ - result_.escalations;
  }
  // Bits in IPB may be left: an entry can be handled before the thread is told of it.
  for (unsigned n = 0; n < machine_.threads(); ++n) {
    const tima::ThreadState state =
        machine_.tima(machine_.core_of_thread(n)).port().state(n % machine_.config().threads);
    digest.add(state.at(tima::Ring::Phys, tima::reg::kCppr));
    digest.add(state.valid(tima::Ring::Os));
  }
  digest.add(result_.lost);
  digest.add(result_.duplicated);
  result_.functional = digest.text();
  return result_;
}

}  // namespace xive::machine
