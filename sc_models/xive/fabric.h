// SPDX-License-Identifier: Apache-2.0
/// The chips that see each other on the system bus.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sc_models/xive/observer.h"
#include "sc_models/xive/presenter/search_board.h"

namespace xive::ic {

class Router;
class Tables;

/// One chip as its peers see it.
struct ChipNode {
  Router& router;
  Tables& tables;
};

class Fabric {
 public:
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};

  /// Chips in ascending order of their number. Not owned.
  void add(const ChipNode& chip) { chips_.push_back(chip); }
  const std::vector<ChipNode>& chips() const { return chips_; }

  /// From now on the windows through which peers reach chip `number` begin here; kNowhere: closed.
  void open(unsigned number, std::uint64_t notify_page, std::uint64_t vp_window) {
    const std::size_t count = std::max<std::size_t>(number + 1, notify_pages_.size());
    notify_pages_.resize(count, kNowhere);
    vp_windows_.resize(count, kNowhere);
    notify_pages_[number] = notify_page;
    vp_windows_[number] = vp_window;
  }
  /// The first chip whose notify page begins at `address`; null when there is none.
  const ChipNode* by_notify_page(std::uint64_t address) const { return at(notify_pages_, address); }
  /// The same for the VP window (P9: PC BAR).
  const ChipNode* by_vp_window(std::uint64_t address) const { return at(vp_windows_, address); }

  SearchBoard& searches() { return searches_; }
  TraceId next_trace() { return ++trace_; }

 private:
  const ChipNode* at(const std::vector<std::uint64_t>& windows, std::uint64_t address) const {
    const auto found = std::find(windows.begin(), windows.end(), address);
    return found == windows.end() ? nullptr
                                  : &chips_[static_cast<std::size_t>(found - windows.begin())];
  }

  std::vector<ChipNode> chips_;
  std::vector<std::uint64_t> notify_pages_, vp_windows_;  ///< by chip, together
  SearchBoard searches_;
  TraceId trace_ = 0;
};

}  // namespace xive::ic
