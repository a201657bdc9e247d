// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/subject.h"

#include <array>

#include "bridge/make_tima.h"
#include "sc_models/tima/rules/rules.h"
#include "tb/validate/random_stalls.h"

namespace xive::validate {
namespace {

/// Passes events on to the rules and to one more listener.
class Both final : public tima::Observer {
 public:
  Both(tima::Observer& first, tima::Observer& second) : first_(first), second_(second) {}
  void on_event(const tima::Event& event) override {
    first_.on_event(event);
    second_.on_event(event);
  }
  void on_match(const tima::PresenterRequest& request, const tima::PresenterResponse& response,
                tima::Cycle cycle) override {
    first_.on_match(request, response, cycle);
    second_.on_match(request, response, cycle);
  }
  void on_memory(const tima::MemoryRequest& request, tima::Cycle cycle) override {
    first_.on_memory(request, cycle);
    second_.on_memory(request, cycle);
  }
  void on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) override {
    first_.on_memory_answer(response, cycle);
    second_.on_memory_answer(response, cycle);
  }

 private:
  tima::Observer& first_;
  tima::Observer& second_;
};

class TimaSubject final : public Subject {
 public:
  explicit TimaSubject(const SubjectOptions& options)
      : stalls_(options.stall_seed), tima_(make(options)), rules_(options.params, book_) {
    tima_.port->observe(&rules_);
  }

  tima::TimaPort& port() override { return *tima_.port; }
  void configure(const tima::StaticInputs& inputs) override {
    tima_.port->configure(inputs);
    rules_.configure(inputs);
  }
  void listen(tima::Observer* observer) override {
    both_.reset();
    if (observer != nullptr) both_.emplace(rules_, *observer);
    tima_.port->observe(both_ ? static_cast<tima::Observer*>(&*both_) : &rules_);
  }
  void check_idle() override {
    flush();
    std::array<tima::ThreadState, tima::kMaxThreads> states;
    const unsigned threads = tima_.port->params().threads;
    for (unsigned t = 0; t < threads; ++t) states.at(t) = tima_.port->state(t);
    rules_.check_threads(std::span(states).first(threads), tima_.port->now());
  }
  void finish() override {
    flush();
    rules_.finish(tima_.port->now());
  }
  bool violated() const override { return !book_.clean(); }
  std::optional<Violation> first_violation() const override {
    if (book_.clean()) return std::nullopt;
    return book_.violations().front();
  }
  std::vector<RuleBook::Entry> rules() const override {
    return {book_.entries().begin(), book_.entries().end()};
  }
  std::optional<Difference> difference() const override {
    if (tima_.lockstep == nullptr || !tima_.lockstep->first_mismatch()) return std::nullopt;
    const bridge::Mismatch& m = *tima_.lockstep->first_mismatch();
    return Difference{m.event, m.expected_before, m.expected};
  }
  bool open_waves(const std::string& path) override {
    if (tima_.rtl == nullptr) return false;
    tima_.rtl->open_waves(path);
    return true;
  }
  void close_waves() override {
    if (tima_.rtl != nullptr) tima_.rtl->close_waves();
  }

 private:
  void flush() {
    if (tima_.rtl != nullptr) tima_.rtl->announce_all();
  }
  bridge::Tima make(const SubjectOptions& options) {
    bridge::TimaOptions made;
    made.rtl.mutant = options.mutant;
    made.rtl.idle_skipping = options.skip_idle;
    made.rtl.stalls = options.stalls ? &stalls_ : nullptr;
    made.rtl.rules = &book_;
    made.rtl.batch = options.batch;
    return bridge::make_tima(options.kind, options.params, made);
  }

  RuleBook book_;
  RandomStalls stalls_;
  bridge::Tima tima_;
  tima::Rules rules_;
  std::optional<Both> both_;
};

}  // namespace

std::unique_ptr<Subject> make_subject(const SubjectOptions& options) {
  return std::make_unique<TimaSubject>(options);
}

}  // namespace xive::validate
