// SPDX-License-Identifier: Apache-2.0
/// Every order of the shared accesses of a few threads, and of the stores that they hold back:
/// depth first, one execution after another on the same machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sc_models/ppc/host/cpu.h"
#include "sc_models/ppc/host/store_buffer.h"

namespace xive::scenarios {

using ppc::host::Cpu;

/// The threads take turns: each calls step() before an access that another can see, and goes on
/// when it is its turn. Whose turn it is, and when a held store becomes visible, is the choice that
/// is enumerated. A run: begin() by one thread, then enter(), step().., leave() by each.
class Explorer {
 public:
  /// `buffers[n]` (may be null) belongs to thread n of the exploration.
  explicit Explorer(std::vector<ppc::host::StoreBuffer*> buffers)
      : buffers_(std::move(buffers)),
        state_(buffers_.size(), State::Out),
        ready_(buffers_.size()) {}

  /// The next execution begins; all threads are out. False: there is none left.
  bool next() {
    if (started_) {
      while (!path_.empty() && path_.back().choice + 1 == path_.back().count) path_.pop_back();
      if (path_.empty()) return false;
      ++path_.back().choice;
    }
    started_ = true;
    depth_ = 0;
    ++executions_;
    granted_ = kNobody;
    for (State& state : state_) state = State::Expected;
    return true;
  }
  /// Thread `n` is there and has not done anything.
  void enter(unsigned n, Cpu& cpu) { step(n, cpu); }
  /// `ready`: it can not go on before this is true (a lock, something that another one does).
  void step(unsigned n, Cpu& cpu, std::function<bool()> ready = {}) {
    state_[n] = State::Waiting;
    ready_[n] = std::move(ready);
    granted_ = granted_ == n ? kNobody : granted_;
    choose();
    while (granted_ != n) cpu.delay(kPoll);
    state_[n] = State::Running;
  }
  void leave(unsigned n) {
    state_[n] = State::Out;
    granted_ = granted_ == n ? kNobody : granted_;
    choose();
  }
  bool out(unsigned n) const { return state_[n] == State::Out; }
  /// Nobody runs, nothing is held back.
  bool over() const {
    for (const State state : state_) {
      if (state != State::Out) return false;
    }
    return true;
  }
  std::uint64_t executions() const { return executions_; }
  /// The choices of this execution, for a message.
  std::string text() const {
    std::string text;
    for (const Decision& decision : path_) text += static_cast<char>('0' + decision.choice % 10);
    return text;
  }

 private:
  static constexpr unsigned kNobody = ~0U;
  static constexpr platform::Time kPoll = 20 * platform::kNanosecond;
  enum class State : std::uint8_t { Out, Expected, Waiting, Running };
  struct Decision {
    std::size_t choice = 0, count = 0;
  };

  bool may_go(unsigned n) const {
    return state_[n] == State::Waiting && (!ready_[n] || ready_[n]());
  }
  /// When everybody waits or is out: the next turn, after any number of stores.
  void choose() {
    for (;;) {
      std::size_t waiting = 0;
      for (const State state : state_) {
        if (state == State::Expected || state == State::Running) return;
      }
      for (unsigned n = 0; n < state_.size(); ++n) waiting += may_go(n) ? 1U : 0U;
      std::size_t stores = 0;
      for (const auto* buffer : buffers_) stores += buffer != nullptr ? buffer->drainable() : 0;
      if (waiting + stores == 0) return;
      std::size_t choice = decide(waiting + stores);
      if (choice < waiting) {
        for (unsigned n = 0; n < state_.size(); ++n) {
          if (!may_go(n) || choice-- != 0) continue;
          granted_ = n;
          return;
        }
      }
      choice -= waiting;
      for (auto* buffer : buffers_) {
        if (buffer == nullptr) continue;
        const std::size_t here = buffer->drainable();
        if (choice < here) {
          buffer->drain(choice);
          break;
        }
        choice -= here;
      }
    }
  }
  std::size_t decide(std::size_t count) {
    if (depth_ == path_.size()) path_.push_back({0, count});
    return path_[depth_++].choice;
  }

  std::vector<ppc::host::StoreBuffer*> buffers_;
  std::vector<State> state_;
  std::vector<std::function<bool()>> ready_;
  std::vector<Decision> path_;
  std::size_t depth_ = 0;
  unsigned granted_ = kNobody;
  std::uint64_t executions_ = 0;
  bool started_ = false;
};

}  // namespace xive::scenarios
