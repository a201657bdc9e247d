// SPDX-License-Identifier: Apache-2.0
// Length: one load with its handlers and its account, which share all their state.
#include "tb/run/opal_firmware.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "firmware_tests/driver/guest.h"
#include "firmware_tests/driver/host_driver.h"
#include "firmware_tests/opal/machine_config.h"
#include "firmware_tests/opal/rules.h"
#include "firmware_tests/opal/suite.h"
#include "sc_models/rules/random.h"

namespace xive::run {
namespace {

using driver::Cpu;
using driver::Guest;
using driver::HostDriver;
using driver::Irq;
using machine::LoadConfig;
using machine::Machine;
using machine::SourceKind;
using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;

constexpr std::uint64_t kTima = 0x0006030203180000;
constexpr std::uint64_t kGuestQueues = 0x10000000;
constexpr unsigned kGuestQueueOrder = 12;
constexpr std::array<unsigned, 2> kGuestPriorities = {4, 6};
constexpr std::uint32_t kFirstMsi = 0x100, kFirstLsi = 0x800, kFirstEscalation = 0x4000;
constexpr unsigned kMaxDrainRounds = 64;

/// How long a call of the firmware may take: XIVE_RESET visits each thread, a thousand accesses and
/// more, and then all tables.
platform::Time call_bound(const Machine& machine) {
  constexpr platform::Time kPerThread = 16 * platform::kMillisecond;
  constexpr std::uint64_t kAccessesPerThread = std::uint64_t{1} << 18U;
  const machine::MachineConfig& config = machine.config();
  const platform::Time access = config.cpu.instruction_time +
                                config.hops[machine::HopId::CoreBus].bound(8, 0) +
                                config.hops[machine::HopId::Memory].bound(8, 0);
  return machine.threads() * std::max(kPerThread, kAccessesPerThread * access);
}

class OpalFirmware final : public Firmware,
                           private opal::CallObserver,
                           private ic::Observer,
                           private machine::MachineObserver {
 public:
  std::string_view name() const override { return "OPAL style, with a Linux-like driver"; }

  void boot(Machine& machine, RuleBook* book) override {
    if ((machine.chips() & (machine.chips() - 1)) != 0) {
      throw std::invalid_argument(
          fmt::format("platform.chips: expected 1, 2, 4, 8 or 16 for OPAL-style firmware, found {}",
                      machine.chips()));
    }
    machine_ = &machine;
    opal::Config config = opal::config_for(machine);
    config.irq_order = 14;
    firmware_.emplace(config);
    firmware_->observe(this);
    if (book != nullptr) {
      rules_.emplace(*book, *firmware_, machine.memory());
      machine.observe(*this);
    }
    opal_.emplace(*firmware_);
    HostDriver::Options options;
    options.queue_order = 12;
    host_.emplace(*opal_, options);
    machine.observe_chips(*this);
    for (unsigned t = 0; t < machine.threads(); ++t) {
      machine.set_program(t, [this, t](Cpu& cpu) { t == 0 ? main(cpu) : secondary(t, cpu); });
    }
  }
  void watch(machine::MachineRules& rules) override { checks_ = &rules; }
  void suite() override { with_suite_ = true; }
  void load(const LoadConfig& config) override { config_ = config; }
  FirmwareReport report() override;

 private:
  struct Thread {
    Random triggers, choices;
    std::uint64_t budget = 0;
    int vcpu = -1;
  };
  struct Vcpu {
    driver::Consumer consumer;
    bool busy = false;    ///< some thread runs it, or is about to
    bool wanted = false;  ///< its escalation came in
    bool fresh = true;    ///< has never run: its CPPR is 0
  };

  void on_call(Cpu& cpu, opal::Token token, const opal::Args& args) override {
    if (rules_) rules_->on_call(cpu, token, args);
    if (checks_ == nullptr) return;
    const unsigned thread = machine_->thread_of_pir(cpu.pir());
    checks_->progress().begin_wait(thread, std::string(opal::to_string(token)),
                                   call_bound(*machine_));
    if (token == opal::Token::XiveDump) checks_->observation().begin(thread, cpu.pir());
  }
  void on_result(Cpu& cpu, opal::Token token, const opal::Args& args, std::int64_t rc) override {
    ++calls_[token];
    if (rules_) rules_->on_result(cpu, token, args, rc);
    if (checks_ == nullptr) return;
    const unsigned thread = machine_->thread_of_pir(cpu.pir());
    checks_->progress().end_wait(thread);
    if (token == opal::Token::XiveDump) checks_->observation().end(thread, cpu.pir());
  }
  void on_access(const platform::Request& request, const platform::Response& response) override {
    if (!request.requester.is_thread() || request.address < Machine::kChipRegion) return;
    const bool write = request.command == platform::Command::Store;
    rules_->on_access(request.requester.pir, request.address, write,
                      write ? request.data : response.data);
  }
  void on_end(const ic::EndEvent& event) override {
    if (event.eq_written && stage_ >= 2) ++written_;
  }

  // boot and service
  void main(Cpu& cpu);
  void secondary(unsigned t, Cpu& cpu);
  void start_driver(Cpu& cpu);
  void set_up(Cpu& cpu);
  void make_devices(Cpu& cpu);
  void make_guest(Cpu& cpu);
  void serve(unsigned t, Cpu& cpu);
  void guest_interrupt(unsigned t, Cpu& cpu);
  void check_sources(Cpu& cpu);

  // load
  void work(unsigned t, Cpu& cpu);
  void trigger(unsigned t, Cpu& cpu);
  void dispatch(unsigned t, Cpu& cpu);
  void run_vcpu(unsigned t, Cpu& cpu, unsigned n);
  void put_away(unsigned t, Cpu& cpu, bool cede);
  void drain(unsigned t, Cpu& cpu);
  void device_step();
  std::uint64_t popped() const;
  void sent(SourceKind kind) {
    ++load_.sent;
    ++load_.sent_by_kind[static_cast<unsigned>(kind)];
  }
  void handled(SourceKind kind) {
    ++load_.handled;
    ++load_.handled_by_kind[static_cast<unsigned>(kind)];
  }

  Machine* machine_ = nullptr;
  machine::MachineRules* checks_ = nullptr;
  std::optional<opal::Firmware> firmware_;
  std::optional<opal::FirmwareRules> rules_;
  std::optional<driver::OpalClient> opal_;
  std::optional<HostDriver> host_;
  std::optional<Guest> guest_;
  LoadConfig config_;
  bool with_suite_ = false;
  std::vector<opal::SuiteResult> suite_;
  std::map<opal::Token, std::uint64_t> calls_;

  /// The thread goes on when `ready`; whoever makes it true nudges.
  void wait(unsigned t, const std::function<bool()>& ready) { machine_->cpu(t).wait_until(ready); }
  void nudge_all() {
    for (unsigned t = 0; t < machine_->threads(); ++t) machine_->cpu(t).nudge();
  }
  void enter_stage(unsigned stage) {
    stage_ = stage;
    nudge_all();
  }
  bool all_sent() const { return working_ == 0 && device_budget_ == 0; }

  unsigned stage_ = 0;  ///< 1 booted, 2 driver up, 3 load made, 4 done
  unsigned called_in_ = 0;
  unsigned prepared_ = 0, serving_ = 0;  ///< threads that the driver has made ready; that are
  unsigned working_ = 0;
  unsigned finished_ = 0;
  unsigned drain_rounds_ = 0;  ///< in a row in which nothing came into a queue or out of it
  std::uint64_t drained_ = 0;  ///< entries put in and taken out until the round before
  std::vector<Thread> threads_;
  std::vector<Vcpu> vcpus_;
  std::vector<Guest::Source*> guest_sources_;
  std::deque<unsigned> wanted_;
  std::vector<Irq*> msis_;
  struct Lsi {
    unsigned chip = 0, source = 0;
    Irq* irq = nullptr;
  };
  std::vector<Lsi> lsis_;
  std::optional<Random> device_;
  std::uint64_t device_budget_ = 0;
  platform::Time device_gap_ = 1;
  std::uint64_t guest_entries_ = 0;
  std::uint64_t written_ = 0;
  std::vector<std::string> failures_;
  machine::LoadResult load_;
};

// ---- Boot and service

void OpalFirmware::main(Cpu& cpu) {
  firmware_->boot(cpu);
  enter_stage(1);
  wait(0, [this] { return called_in_ + 1 == machine_->threads(); });
  if (with_suite_) {
    opal::SuiteOptions options;
    options.exhaust_limit = 0;
    suite_ = opal::run_call_suite(cpu, *firmware_, options);
  }
  start_driver(cpu);
  set_up(cpu);
  cpu.set_ee(true);
  enter_stage(3);
  work(0, cpu);
  cpu.set_ee(false);
  check_sources(cpu);
}

void OpalFirmware::secondary(unsigned t, Cpu& cpu) {
  wait(t, [this] { return stage_ >= 1; });
  firmware_->callin(cpu);
  ++called_in_;
  machine_->cpu(0).nudge();
  wait(t, [this, t] { return prepared_ > t; });
  serve(t, cpu);
  machine_->cpu(0).nudge();
  wait(t, [this] { return stage_ >= 3; });
  work(t, cpu);
}

/// One thread after the other, so that each takes interrupts soon after they are directed to it.
void OpalFirmware::start_driver(Cpu& cpu) {
  std::vector<std::uint32_t> pirs;
  for (unsigned t = 0; t < machine_->threads(); ++t) pirs.push_back(machine_->pir(t));
  host_->start(cpu, pirs);
  host_->on_ipi([this](Cpu&) { handled(SourceKind::Ipi); });
  host_->on_orphan = [this](Cpu&, std::uint32_t lirq) {
    failures_.push_back(fmt::format("entry {:#x} belongs to no interrupt", lirq));
  };
  const std::uint64_t rest = config_.triggers - config_.triggers * config_.device_percent / 100;
  const unsigned count = machine_->threads();
  for (unsigned t = 0; t < count; ++t) {
    threads_.push_back({Random(config_.seed, 2ULL * t), Random(config_.seed, 2ULL * t + 1),
                        rest / count + (t < rest % count ? 1U : 0U), -1});
  }
  working_ = count;
  stage_ = 2;
  for (unsigned t = 0; t < count; ++t) {
    host_->prepare_cpu(cpu, pirs[t]);
    ++prepared_;
    if (t == 0) serve(0, cpu);
    cpu.set_ee(false);
    machine_->cpu(t).nudge();
    wait(0, [this, t] { return serving_ > t; });
  }
}

void OpalFirmware::set_up(Cpu& cpu) {
  const std::uint64_t devices = config_.triggers * config_.device_percent / 100;
  const unsigned count = machine_->threads();
  device_.emplace(config_.seed, ~0ULL);
  if (devices > 0) make_devices(cpu);
  make_guest(cpu);
  if (msis_.empty() && lsis_.empty()) return;
  device_budget_ = devices;
  device_gap_ =
      std::max<platform::Time>(1, config_.pause * std::max(1U, 100 - config_.device_percent) /
                                      (std::max(1U, config_.device_percent) * count));
  machine_->executor().at(machine_->executor().now() + 20 * platform::kMicrosecond,
                          [this] { device_step(); });
}

void OpalFirmware::make_devices(Cpu& cpu) {
  for (unsigned n = 0; n < 2 * machine_->threads(); ++n) {
    const unsigned target = n % machine_->threads();
    const unsigned chip = machine_->chip_of_core(machine_->core_of_thread(target));
    const std::uint32_t number = opal_->allocate_irq(cpu, machine_->chip_id(chip));
    Irq& irq =
        host_->map(cpu, number, kFirstMsi + n, [this](Cpu&, Irq&) { handled(SourceKind::Msi); });
    host_->startup(cpu, irq, machine_->pir(target));
    msis_.push_back(&irq);
  }
  // The source unit of each chip is what a PHB driver would set up.
  const unsigned first_lsi = machine_->config().msi_sources;
  const unsigned units = first_lsi + machine_->config().lsi_sources;
  for (unsigned chip = 0; chip < machine_->chips() && units > 0; ++chip) {
    const auto first = firmware_->allocate_hw_irqs(cpu, chip, units);
    if (!first) {
      failures_.emplace_back("no interrupt numbers for a source unit");
      return;
    }
    opal::Firmware::SourceUnit unit;
    unit.first_girq = *first;
    unit.count = units;
    unit.esb = machine_->chip_address(chip, Machine::kSourceUnit);
    unit.page_shift = 16;
    unit.first_lsi = first_lsi;
    firmware_->register_source(unit);
    machine_->source_unit(chip).set_offset(opal::Firmware::notify_base(*first));
    machine_->source_unit(chip).set_notify_valid(true);
    for (unsigned n = 0; n < units; ++n) {
      const bool lsi = machine_->is_lsi(n);
      const auto target = static_cast<unsigned>(device_->below(machine_->threads()));
      Irq& irq =
          host_->map(cpu, *first + n, kFirstLsi + chip * 64 + n, [this, chip, n, lsi](Cpu&, Irq&) {
            if (lsi) machine_->set_level(chip, n, false);
            handled(lsi ? SourceKind::Lsi : SourceKind::UnitMsi);
          });
      host_->startup(cpu, irq, machine_->pir(target));
      lsis_.push_back({chip, n, &irq});
    }
  }
}

void OpalFirmware::make_guest(Cpu& cpu) {
  Guest::Options options;
  options.vcpus = config_.vps;
  options.escalation_lirq = kFirstEscalation;
  guest_.emplace(*host_, options);
  guest_->create(cpu);
  guest_->on_kick = [this](Cpu&, unsigned n) {
    ++load_.escalations;
    if (vcpus_[n].wanted) return;
    vcpus_[n].wanted = true;
    wanted_.push_back(n);
  };
  vcpus_.resize(config_.vps);
  std::uint64_t page = kGuestQueues;
  for (unsigned n = 0; n < config_.vps; ++n) {
    vcpus_[n].consumer.window = driver::RingWindow::guest(kTima);
    for (const unsigned prio : kGuestPriorities) {
      guest_->set_queue(cpu, n, prio, page, kGuestQueueOrder);
      vcpus_[n].consumer.queues.at(prio) = driver::EventQueue(page, kGuestQueueOrder);
      page += std::uint64_t{1} << kGuestQueueOrder;
    }
  }
  Random random(config_.seed, 0x10001);
  for (unsigned n = 0; n < config_.guest_sources; ++n) {
    const auto vcpu = static_cast<unsigned>(random.below(config_.vps));
    const unsigned prio = kGuestPriorities.at(random.below(kGuestPriorities.size()));
    guest_sources_.push_back(&guest_->add_source(cpu, vcpu, prio, n));
  }
}

void OpalFirmware::serve(unsigned t, Cpu& cpu) {
  cpu.set_handler(VectorSpace::Host, 0xea0, [this](Cpu& c, InterruptFrame&) {
    ++load_.host_interrupts;
    if (host_->receive(c).acknowledges == 0) ++load_.spurious;
  });
  cpu.set_handler(VectorSpace::Host, 0x500,
                  [this, t](Cpu& c, InterruptFrame&) { guest_interrupt(t, c); });
  cpu.set_handler(VectorSpace::Host, 0x900, ppc::host::rewind_decrementer);
  host_->finish_cpu(cpu);
  cpu.set_ee(true);
  ++serving_;
}

void OpalFirmware::guest_interrupt(unsigned t, Cpu& cpu) {
  ++load_.guest_interrupts;
  if (threads_[t].vcpu < 0) {
    ++load_.spurious;
    cpu.load16(kTima + 0x20810);
    return;
  }
  Vcpu& vcpu = vcpus_[static_cast<unsigned>(threads_[t].vcpu)];
  const auto seen = vcpu.consumer.receive(cpu, [this](Cpu& c, std::uint32_t eisn) {
    guest_sources_.at(eisn)->irq.source_eoi(c);
    handled(SourceKind::Ipi);
  });
  guest_entries_ += seen.entries;
  if (seen.acknowledges == 0) ++load_.spurious;
}

// ---- Load

void OpalFirmware::work(unsigned t, Cpu& cpu) {
  Thread& self = threads_[t];
  while (self.budget > 0) {
    cpu.delay(1 + self.choices.below(config_.pause));
    if (self.choices.chance(config_.dispatch_percent)) dispatch(t, cpu);
    trigger(t, cpu);
  }
  put_away(t, cpu, false);
  --working_;
  if (all_sent()) nudge_all();
  drain(t, cpu);
  ++finished_;
}

void OpalFirmware::trigger(unsigned t, Cpu& cpu) {
  Thread& self = threads_[t];
  --self.budget;
  sent(SourceKind::Ipi);
  if (self.triggers.chance(40)) {
    const auto target = static_cast<unsigned>(self.triggers.below(machine_->threads()));
    host_->send_ipi(cpu, machine_->pir(target));
  } else {
    guest_sources_[self.triggers.below(guest_sources_.size())]->irq.trigger(cpu);
  }
}

void OpalFirmware::dispatch(unsigned t, Cpu& cpu) {
  Random& random = threads_[t].choices;
  put_away(t, cpu, random.chance(70));
  cpu.set_ee(false);
  std::optional<unsigned> next;
  if (!wanted_.empty() && random.chance(60)) {
    next = wanted_.front();
    wanted_.pop_front();
    vcpus_[*next].wanted = false;
    if (vcpus_[*next].busy) next.reset();
  }
  for (unsigned attempt = 0; attempt < 8 && !next; ++attempt) {
    const auto n = static_cast<unsigned>(random.below(vcpus_.size()));
    if (!vcpus_[n].busy) next = n;
  }
  if (next) run_vcpu(t, cpu, *next);
  cpu.set_ee(true);
}

/// With EE off.
void OpalFirmware::run_vcpu(unsigned t, Cpu& cpu, unsigned n) {
  Vcpu& vcpu = vcpus_[n];
  vcpu.busy = true;
  ++load_.dispatches;
  threads_[t].vcpu = static_cast<int>(n);
  guest_->enter(cpu, n);
  if (vcpu.fresh) vcpu.consumer.set_cppr(cpu, 0xff);
  vcpu.fresh = false;
}

void OpalFirmware::put_away(unsigned t, Cpu& cpu, bool cede) {
  if (threads_[t].vcpu < 0) return;
  const auto n = static_cast<unsigned>(threads_[t].vcpu);
  cpu.set_ee(false);
  if (!cede || !guest_->cede(cpu, n)) guest_->exit(cpu, n);
  threads_[t].vcpu = -1;
  vcpus_[n].busy = false;
  cpu.set_ee(true);
}

void OpalFirmware::device_step() {
  const std::uint64_t choice = device_->below(msis_.size() + lsis_.size());
  --device_budget_;
  if (choice < msis_.size()) {
    const std::uint64_t page = msis_[choice]->info.trigger;
    const unsigned chip = static_cast<unsigned>(choice) % machine_->chips();
    machine_->poke(page, 8, 0, chip);
    sent(SourceKind::Msi);
  } else {
    const Lsi& lsi = lsis_[choice - msis_.size()];
    if (!machine_->is_lsi(lsi.source)) {
      machine_->raise(lsi.chip, lsi.source);
      sent(SourceKind::UnitMsi);
    } else if (!machine_->source_unit(lsi.chip).level(lsi.source)) {
      machine_->set_level(lsi.chip, lsi.source, true);
      sent(SourceKind::Lsi);
    }
  }
  if (device_budget_ > 0) {
    machine_->executor().at(machine_->executor().now() + 1 + device_->below(2 * device_gap_),
                            [this] { device_step(); });
  } else if (all_sent()) {
    nudge_all();
  }
}

// ---- End

std::uint64_t OpalFirmware::popped() const {
  std::uint64_t entries = guest_entries_;
  auto& host = const_cast<HostDriver&>(*host_);  // processor() only reads here
  for (unsigned t = 0; t < machine_->threads(); ++t) {
    entries += host.processor(machine_->pir(t)).total.entries;
  }
  return entries;
}

void OpalFirmware::drain(unsigned t, Cpu& cpu) {
  wait(t, [this] { return all_sent(); });
  while (stage_ < 4) {
    for (unsigned n = t; n < vcpus_.size() && stage_ < 4; n += machine_->threads()) {
      cpu.set_ee(false);
      if (!vcpus_[n].busy) run_vcpu(t, cpu, n);
      cpu.set_ee(true);
      cpu.delay(5 * platform::kMicrosecond);
      put_away(t, cpu, false);
    }
    cpu.delay(20 * platform::kMicrosecond);
    if (t != 0) continue;
    const std::uint64_t entries = popped() + written_;
    drain_rounds_ = std::exchange(drained_, entries) == entries ? drain_rounds_ + 1 : 0;
    const bool drained = machine_->quiet() && popped() == written_;
    if (drained || drain_rounds_ > kMaxDrainRounds) stage_ = 4;
  }
}

/// Every source must be ready for its next event.
void OpalFirmware::check_sources(Cpu& cpu) {
  const auto look = [&](const Irq& irq) {
    if (irq.load(cpu, driver::esb::kGet) != 0) ++load_.stuck;
  };
  for (unsigned t = 0; t < machine_->threads(); ++t) {
    look(host_->processor(machine_->pir(t)).ipi);
  }
  for (const Irq* irq : msis_) look(*irq);
  for (const Lsi& lsi : lsis_) look(*lsi.irq);
  for (const Guest::Source* source : guest_sources_) look(source->irq);
}

FirmwareReport OpalFirmware::report() {
  FirmwareReport report;
  std::map<opal::Token, std::uint64_t> failed;
  for (const opal::SuiteResult& result : suite_) {
    if (result.passed) continue;
    ++failed[result.token];
    report.failures.push_back(fmt::format("call suite, {}: {}", result.name, result.detail));
  }
  for (const auto& [token, count] : calls_) {
    report.calls.push_back({std::string(opal::to_string(token)), count, failed[token]});
  }
  report.failures.insert(report.failures.end(), failures_.begin(), failures_.end());
  load_.finished = finished_ == machine_->threads();
  if (load_.finished) {
    const std::uint64_t taken = popped();
    load_.lost = written_ > taken ? written_ - taken : 0;
    load_.duplicated = taken > written_ ? taken - written_ : 0;
  }
  Digest digest;
  for (unsigned k = 0; k < 3; ++k) digest.add(load_.sent_by_kind[k]);
  digest.add(load_.lost);
  digest.add(load_.duplicated);
  digest.add(load_.stuck);
  for (const opal::SuiteResult& result : suite_) {
    digest.add(result.name);
    digest.add(result.passed ? 1 : 0);
  }
  load_.functional = digest.text();
  report.load = load_;
  report.finished = load_.finished;
  const auto complain = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) report.failures.push_back(fmt::format("{} {}", count, what));
  };
  complain(load_.lost, "events lost");
  complain(load_.duplicated, "events handled twice");
  complain(load_.stuck, "sources not idle at the end");
  if (with_suite_ && suite_.empty()) report.failures.emplace_back("the call suite did not run");
  if (!report.finished) {
    report.failures.push_back(fmt::format("the run did not come to its end (stage {})", stage_));
  }
  return report;
}

}  // namespace

std::unique_ptr<Firmware> make_opal_firmware() {
  return std::make_unique<OpalFirmware>();
}

}  // namespace xive::run
