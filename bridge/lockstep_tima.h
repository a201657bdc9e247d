// SPDX-License-Identifier: Apache-2.0
/// A TIMA under test and the reference, in lock-step: every committed event of the one is executed
/// on the other, in commit order, and everything that shows is compared.
///
/// What the event says is told to the reference before the step that observes it, so there is one
/// legal outcome. A MATCH answer given while an operation waits for memory saw the middle of that
/// operation: it is compared when the operation is executed on the reference, at that request.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/array_probe.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/reference.h"
#include "sc_models/tima/tima_port.h"

namespace xive::bridge {

/// The first difference, with what a reader needs to understand it.
struct Mismatch {
  std::string_view rule;  ///< LS-*
  tima::Cycle cycle = 0;
  std::string detail;
  tima::Event event{};                  ///< as the device announced it; LS-MATCH: the last event
  tima::ThreadState expected{};         ///< reference, after the event
  tima::ThreadState expected_before{};  ///< reference, before the event
};

enum class AfterMismatch : std::uint8_t {
  Resync,  ///< the reference takes over the state of the device and comparing goes on
  Stop,    ///< nothing is compared any more; the device runs on
};

class LockstepTima final : public tima::TimaPort, private tima::Observer, private tima::MemoryPort {
 public:
  /// Takes over the observer of `device`; adds the LS-* rules to `rules` (not owned). `probe` looks
  /// at the device's register array (null: TimaPort::state() does).
  LockstepTima(std::unique_ptr<tima::TimaPort> device, ArrayProbe* probe, RuleBook& rules,
               AfterMismatch after_mismatch = AfterMismatch::Resync);

  const tima::Params& params() const override { return device_->params(); }
  void bind(tima::TimaClient& client) override { device_->bind(client); }
  /// Hears everything after it was compared.
  void observe(tima::Observer* observer) override { next_ = observer; }
  void reset() override { device_->reset(); }
  void configure(const tima::StaticInputs& inputs) override;
  void set_thread_enable(std::uint8_t mask) override;
  void submit(const tima::MmioRequest& request) override { device_->submit(request); }
  void submit(const tima::PresenterRequest& request) override { device_->submit(request); }
  bool access(const tima::MmioRequest& request, tima::MmioResponse& response) override {
    return device_->access(request, response);
  }
  void respond(const tima::MemoryResponse& response) override { device_->respond(response); }
  tima::Cycle now() const override { return device_->now(); }
  tima::Cycle advance(tima::Cycle horizon) override { return device_->advance(horizon); }
  bool idle() const override { return device_->idle(); }
  tima::ThreadState state(unsigned thread) const override { return device_->state(thread); }
  tima::Lines lines(unsigned thread) const override { return device_->lines(thread); }

  /// Compares what the device keeps back for a batch (RtlOptions::batch).
  void flush() {
    if (probe_ != nullptr) probe_->announce_all();
  }
  const std::optional<Mismatch>& first_mismatch() const { return mismatch_; }
  /// A mismatch was seen and AfterMismatch::Stop ended the comparison.
  bool stopped() const { return stopped_; }
  const tima::Reference& reference() const { return reference_; }
  std::uint64_t events() const { return events_; }

 private:
  /// Its rules, in the order of their registration.
  enum Rule : RuleBook::Index {
    kRdata,
    kErr,
    kCode,
    kRegs,
    kOther,
    kLatch,
    kLines,
    kRq,
    kMatch,
    kPresent,
    kOrder,
    kEnable,
    kRules
  };
  struct Request {
    tima::MemoryRequest request;
    tima::MemoryResponse answer{};
    bool answered = false;
  };
  struct DeferredMatch {
    std::size_t requests;  ///< so many requests of the operation were out
    tima::PresenterRequest request;
    tima::PresenterResponse seen;
    tima::Cycle cycle;
  };

  void on_event(const tima::Event& event) override;
  void on_match(const tima::PresenterRequest& request, const tima::PresenterResponse& response,
                tima::Cycle cycle) override;
  void on_memory(const tima::MemoryRequest& request, tima::Cycle cycle) override;
  void on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) override;
  tima::MemoryResponse request(const tima::MemoryRequest& request) override;

  void compare(const tima::Event& event);
  void compare_reset(const tima::Event& event);
  void compare_before(const tima::Event& event);
  void compare_mmio(const tima::Event& event);
  void compare_present(const tima::Event& event);
  void compare_bcast(const tima::Event& event);
  void compare_enable(const tima::Event& event);
  void compare_requests(const tima::Event& event);
  [[gnu::cold]] void reference_asks_less(const tima::Event& event);
  void compare_after(const tima::Event& event);
  [[gnu::cold]] void state_differs(const tima::Event& event, const tima::ThreadState& due);
  void compare_others(const tima::Event& event);
  [[gnu::cold]] void others_differ(const tima::Event& event, unsigned changed);
  [[gnu::cold]] void starts_elsewhere(const tima::Event& event);
  void compare_match(const DeferredMatch& match);
  void stop_if_wanted();
  void hit(Rule rule) { ++book_.rows(first_)[rule].hits; }
  [[gnu::cold]] void differ(Rule rule, tima::Cycle cycle, const std::string& detail);

  std::unique_ptr<tima::TimaPort> device_;
  ArrayProbe* probe_;
  RuleBook& book_;
  AfterMismatch after_mismatch_;
  tima::Reference reference_;
  tima::Observer* next_ = nullptr;

  RuleBook::Index first_;  ///< of the rules in the book

  const tima::Event* event_ = nullptr;  ///< being compared
  /// Reference before the event, where that is not what the event says.
  std::optional<tima::ThreadState> other_before_;
  std::vector<Request> requests_;  ///< of the operation that has not committed
  std::size_t answered_ = 0;
  std::size_t replayed_ = 0;
  std::vector<DeferredMatch> matches_;
  std::size_t matches_done_ = 0;
  bool mid_operation_ = false;  ///< BCAST: events of the same operation follow
  std::uint8_t mask_ = 0;
  std::array<unsigned, tima::kMaxThreads> falls_{};  ///< asked for and not seen
  std::array<unsigned, tima::kMaxThreads> rises_{};
  bool resync_ = false;  ///< the reference takes over the state of the event's thread
  bool stopped_ = false;
  std::uint64_t events_ = 0;
  std::optional<Mismatch> mismatch_;
};

}  // namespace xive::bridge
