// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "sc_models/tima/fifo.h"

namespace xive::ic {

/// First-in first-out queue whose first entries lie in the object itself, beside what else its
/// owner looks at; only when there are more than Near of them the others lie elsewhere.
template <typename T, std::uint8_t Near>
class NearFifo {
 public:
  bool empty() const { return near_count_ == 0; }
  std::size_t size() const { return near_count_ + (far_ ? far_->size() : 0); }
  const T& front() const { return near_[head_]; }

  void push(const T& value) {
    if (near_count_ < Near) {
      near_[(head_ + near_count_++) % Near] = value;
    } else {
      if (!far_) far_ = std::make_unique<tima::Fifo<T>>();
      far_->push(value);
    }
  }
  void pop() {
    head_ = --near_count_ == 0 ? 0 : static_cast<std::uint8_t>((head_ + 1U) % Near);
    if (far_ && !far_->empty()) {
      near_[(head_ + near_count_++) % Near] = far_->front();
      far_->pop();
    }
  }

 private:
  static_assert((Near & (Near - 1)) == 0);
  std::uint8_t head_ = 0, near_count_ = 0;
  std::unique_ptr<tima::Fifo<T>> far_;  ///< behind the near ones, which are full while it holds any
  std::array<T, Near> near_{};
};

}  // namespace xive::ic
