// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/rig.h"

#include <bit>
#include <stdexcept>

#include "bridge/make_tima.h"
#include "sc_models/ppc/rules/chk_once.h"
#include "sc_models/ppc/rules/chk_quiesce.h"
#include "sc_models/ppc/rules/chk_rst.h"
#include "sc_models/ppc/rules/chk_spur.h"
#include "sc_models/tima/rules/rules.h"

namespace xive::scenarios {

namespace {
constexpr Time kCpprBound = 10 * platform::kMillisecond;
constexpr std::uint32_t kFirstPoolVp = 0x180;
}  // namespace

MachineConfig p9() {
  return {};
}

/// Everything that looks at the committed events of one TIMA.
class Rig::TimaWatch final : public tima::Observer {
 public:
  TimaWatch(Machine& machine, unsigned core, RuleBook& book, ppc::ChkSpur& spur, ppc::ChkCppr& cppr)
      : rules_(machine.tima(core).port().params(), book),
        spur_(spur, machine.core(core).config().first_pir, machine.executor()),
        cppr_(cppr, machine.core(core).config().first_pir, machine.executor()) {
    rules_.configure(machine.static_inputs(core));
  }
  tima::Rules& rules() { return rules_; }
  void on_event(const tima::Event& event) override {
    rules_.on_event(event);
    spur_.on_event(event);
    cppr_.on_event(event);
  }
  void on_match(const tima::PresenterRequest& request, const tima::PresenterResponse& response,
                tima::Cycle cycle) override {
    rules_.on_match(request, response, cycle);
  }
  void on_memory(const tima::MemoryRequest& request, tima::Cycle cycle) override {
    rules_.on_memory(request, cycle);
  }
  void on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) override {
    rules_.on_memory_answer(response, cycle);
  }

 private:
  tima::Rules rules_;
  ppc::SpurTimaWatch spur_;
  ppc::CpprTimaWatch cppr_;
};

struct Rig::Watchers final : machine::MachineObserver {
  Watchers(Machine& machine, RuleBook& book, ppc::ChkCppr& cppr)
      : spur(book, {.tima_base = DirectTables::kTm}),
        quiesce(book),
        request(book),
        reset(book),
        once(book) {
    once.watch(Machine::kChipRegion, std::uint64_t{16} << Machine::kChipShift);
    machine.observe_threads(spur);
    machine.observe_threads(quiesce);
    machine.observe_threads(request);
    machine.observe_threads(reset);
    machine.observe_threads(once);
    machine.observe_threads(cppr);
    machine.observe(*this);
  }
  void on_access(const platform::Request& access, const platform::Response&) override {
    if (access.requester.is_thread() && access.address >= Machine::kChipRegion) {
      once.performed(access);
    }
  }
  void on_static_inputs(unsigned core, const tima::StaticInputs& inputs) override {
    timas[core]->rules().configure(inputs);
  }
  ppc::ChkSpur spur;
  ppc::ChkQuiesce quiesce;
  ppc::ChkRequest request;
  ppc::ChkRst reset;
  ppc::ChkOnce once;
  std::vector<std::unique_ptr<TimaWatch>> timas;
};

Rig::Rig(Context& context, const MachineConfig& config) : context_(context), executor_(128 * 1024) {
  context_.attach([this] { return machine_ ? machine_->stamp() : executor_.now(); },
                  [this] { executor_.stop(); });
  machine_ = std::make_unique<Machine>(config, executor_, factory());
  chip_rules_ = std::make_unique<ic::XiveRules>(context_.book(), &machine_->memory());
  for (unsigned n = 0; n < machine_->chips(); ++n) {
    machine_->observe_chip(n, chip_rules_->chip(n));
  }
  rules_ = std::make_unique<machine::MachineRules>(*machine_, context_.book());
  cppr_ = std::make_unique<ppc::ChkCppr>(context_.book(), kCpprBound);
  watchers_ = std::make_unique<Watchers>(*machine_, context_.book(), *cppr_);
  for (unsigned core = 0; core < machine_->cores(); ++core) {
    books_.push_back(std::make_unique<RuleBook>());
    context_.watch(*books_.back());
    watchers_->timas.push_back(
        std::make_unique<TimaWatch>(*machine_, core, *books_.back(), watchers_->spur, *cppr_));
    machine_->observe_tima(core, *watchers_->timas.back());
  }
  const unsigned chips = machine_->chips();
  next_source_.assign(chips, 0x100);
  next_end_.assign(chips, 0x400);
  next_vp_.assign(chips, 0x200);
  next_queue_.assign(chips, 0);
  host_queues_.assign(machine_->threads(), 0);
  host_ends_.assign(machine_->threads(), 0);
}

Rig::~Rig() {
  context_.account(executor_.now(), machine_->digest().text());
  context_.detach();
  for (const auto& book : books_) context_.book().merge(*book);
}

machine::TimaFactory Rig::factory() {
  return [this](unsigned core, const tima::Params& params) {
    const CaseOptions& options = context_.options();
    bridge::TimaOptions made;
    auto kind = options.tima;
    if (const FaultyVariant* variant = context_.variant()) {
      const auto& mutants = variant->tima_mutants;
      if (!mutants.empty()) made.rtl.mutant = mutants[core % mutants.size()];
    }
    if (made.rtl.mutant != 0 && kind == bridge::TimaKind::Model) kind = bridge::TimaKind::Rtl;
    if (kind != bridge::TimaKind::Model) {
      books_.push_back(std::make_unique<RuleBook>());
      context_.watch(*books_.back());
      made.rtl.rules = books_.back().get();
    }
    bridge::Tima tima = bridge::make_tima(kind, params, made);
    if (tima.rtl != nullptr && !options.waves.empty()) {
      const std::string variant = context_.right() ? "right" : context_.variant()->name;
      tima.rtl->open_waves(fmt::format("{}/{}-{}-point{}-core{}.fst", options.waves,
                                       context_.scenario().id, variant, context_.point().index(),
                                       core));
    }
    return std::move(tima.port);
  };
}

DirectTables& Rig::tables() {
  if (!tables_) tables_ = std::make_unique<DirectTables>(*machine_);
  return *tables_;
}

tima::MmioResponse Rig::tima(unsigned thread, unsigned page, unsigned offset, unsigned size,
                             bool write, std::uint64_t data) {
  tima::MmioRequest request;
  request.thread = static_cast<std::uint8_t>(thread % machine_->config().threads);
  request.page = static_cast<tima::Page>(page);
  request.offset = static_cast<std::uint16_t>(offset);
  request.write = write;
  request.size_log2 = static_cast<std::uint8_t>(std::countr_zero(size));
  request.wdata = data;
  return machine_->mmio(machine_->core_of_thread(thread), request);
}

tima::ThreadState Rig::state(unsigned thread) {
  return machine_->tima(machine_->core_of_thread(thread))
      .port()
      .state(thread % machine_->config().threads);
}

void Rig::bring_up() {
  tables();
  for (unsigned n = 0; n < machine_->threads(); ++n) {
    tima(n, 0, 0x38, 1, true, 0x80);
    tima(n, 1, 0x31, 1, true, 0xff);
    if (machine_->config().knobs.g1_pool_push) {
      const std::uint32_t pool = kFirstPoolVp + n;
      tables_->set_vp(tables_->block_of_thread(n), pool);
      tima(n, 1, 0x28, 4, true, DirectTables::os_word2(tables_->block_of_thread(n), pool));
    }
    tables_->set_vp(tables_->block_of_thread(n), tables_->hardware_vp(n));
  }
}

void Rig::program(unsigned thread, std::function<void(Cpu&)> body) {
  programs_.push_back(std::make_unique<Program>(Program{thread}));
  Program* self = programs_.back().get();
  machine_->set_program(thread, [self, body = std::move(body)](Cpu& cpu) {
    body(cpu);
    self->ended = true;
  });
}

void Rig::run(Time limit) {
  if (finished_) throw std::logic_error("a rig runs once");
  finished_ = true;
  // Programs that have not ended refer to what the scenario is about to destroy.
  struct Unwind {
    ~Unwind() { executor.unwind(); }
    ppc::host::FiberExecutor& executor;
  } const unwind{executor_};
  executor_.run(limit);
  if (!context_.caught()) finish();
}

void Rig::check() {
  rules_->lines().check(executor_.now());
  cppr_->check(executor_.now());
}

void Rig::finish() {
  for (const auto& program : programs_) {
    context_.ended(program->ended, fmt::format("the program of thread {}", program->thread));
  }
  rules_->finish();
  cppr_->check(executor_.now());
  if (!machine_->quiet()) return;
  chip_rules_->finish();
  for (unsigned core = 0; core < machine_->cores(); ++core) {
    watchers_->timas[core]->rules().finish(machine_->tima(core).port().now());
  }
}

// ---- Guests

Rig::Vp Rig::make_vp(unsigned chip) {
  DirectTables& tables = this->tables();
  Vp vp{chip, next_vp_[chip]++, next_end_[chip], tables.queue_area(chip) + next_queue_[chip]};
  next_end_[chip] += 8;
  next_queue_[chip] += 8 * 0x10000ULL;
  tables.set_vp(vp.blk, vp.idx);
  for (unsigned prio = 0; prio < 7; ++prio) {
    tables.set_end(
        vp.blk, vp.end(prio),
        {.qsize = 4, .queue = vp.queue(prio), .vp_blk = vp.blk, .vp = vp.idx, .prio = prio});
  }
  return vp;
}

std::uint32_t Rig::make_source(const Vp& vp, unsigned prio, std::uint32_t data) {
  const std::uint32_t source = next_source_[vp.blk]++;
  tables().set_eas(vp.blk, source, vp.blk, vp.end(prio), data);
  tables().arm(vp.blk, source);
  return source;
}

std::uint64_t Rig::host_queue(unsigned thread) {
  if (host_queues_[thread] == 0) {
    const unsigned chip = tables().block_of_thread(thread);
    host_queues_[thread] = tables().queue_area(chip) + next_queue_[chip];
    next_queue_[chip] += 0x10000;
    const std::uint32_t end = next_end_[chip];
    next_end_[chip] += 8;
    tables().set_end(chip, end + 7,
                     {.qsize = 4,
                      .queue = host_queues_[thread],
                      .vp_blk = chip,
                      .vp = tables().hardware_vp(thread),
                      .prio = 7});
    host_ends_[thread] = end + 7;
  }
  return host_queues_[thread];
}

std::uint32_t Rig::make_host_source(unsigned thread, std::uint32_t data) {
  host_queue(thread);
  const unsigned chip = tables().block_of_thread(thread);
  const std::uint32_t source = next_source_[chip]++;
  tables().set_eas(chip, source, chip, host_ends_[thread], data);
  tables().arm(chip, source);
  return source;
}

void Rig::trigger_at(Time time, unsigned chip, std::uint32_t source) {
  machine_->device_store(time, chip, tables().trigger_page(chip, source), 0);
}

}  // namespace xive::scenarios
