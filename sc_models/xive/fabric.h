// SPDX-License-Identifier: Apache-2.0
/// The chips that see each other on the system bus.
#pragma once

#include <cstdint>
#include <vector>

#include "sc_models/xive/observer.h"

namespace xive::ic {

class Router;
class Tables;
class Presenter;

/// One chip as its peers see it.
class ChipNode {
 public:
  virtual ~ChipNode() = default;
  virtual Router& router() = 0;
  virtual Tables& tables() = 0;
  virtual Presenter& presenter() = 0;
  /// The notify page of this chip begins at `address`.
  virtual bool owns_notify_page(std::uint64_t address) const = 0;
  /// The VP window (P9: PC BAR) of this chip begins at `address`.
  virtual bool owns_vp_window(std::uint64_t address) const = 0;
};

class Fabric {
 public:
  /// Chips in ascending order of their number. Not owned.
  void add(ChipNode& chip) { chips_.push_back(&chip); }
  const std::vector<ChipNode*>& chips() const { return chips_; }

  ChipNode* by_notify_page(std::uint64_t address) const {
    for (ChipNode* chip : chips_) {
      if (chip->owns_notify_page(address)) return chip;
    }
    return nullptr;
  }
  ChipNode* by_vp_window(std::uint64_t address) const {
    for (ChipNode* chip : chips_) {
      if (chip->owns_vp_window(address)) return chip;
    }
    return nullptr;
  }

  TraceId next_trace() { return ++trace_; }

 private:
  std::vector<ChipNode*> chips_;
  TraceId trace_ = 0;
};

}  // namespace xive::ic
