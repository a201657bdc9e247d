// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/shrink.h"

#include <algorithm>
#include <utility>

namespace xive::validate {
namespace {

using List = std::vector<Operation>;

/// The list starts at cycle 1: pauses before it mean nothing.
List moved_to_start(List list) {
  if (list.empty()) return list;
  const tima::Cycle first = list.front().cycle;
  for (Operation& op : list) op.cycle -= first > 0 ? first - 1 : 0;
  return list;
}

class Shrinker {
 public:
  Shrinker(List list, const StillFails& still_fails, const Enough& enough)
      : still_fails_(still_fails), enough_(enough) {
    result_.operations = std::move(list);
  }

  ShrinkResult run() {
    keep_the_end();
    remove_pieces();
    if (!enough_()) try_list(moved_to_start(result_.operations));
    return std::move(result_);
  }

 private:
  bool try_list(List list) {
    ++result_.attempts;
    if (!still_fails_(list)) return false;
    result_.operations = std::move(list);
    return true;
  }

  /// The shortest of the last 2, 4, 8 ... operations, with the first one (thread enable) kept.
  void keep_the_end() {
    const List all = result_.operations;
    for (std::size_t n = 2; n < all.size() && !enough_(); n *= 2) {
      List end;
      end.push_back(all.front());
      end.insert(end.end(), all.end() - static_cast<std::ptrdiff_t>(n), all.end());
      if (try_list(std::move(end))) return;
    }
  }

  /// Delta debugging: leave out ever smaller pieces.
  void remove_pieces() {
    std::size_t piece = std::max<std::size_t>(1, result_.operations.size() / 2);
    while (!enough_()) {
      bool shorter = false;
      // From the front: early operations are most often of no importance.
      for (std::size_t at = 0; at < result_.operations.size() && !enough_();) {
        List list = result_.operations;
        const std::size_t end = std::min(at + piece, list.size());
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(at),
                   list.begin() + static_cast<std::ptrdiff_t>(end));
        if (!list.empty() && try_list(std::move(list))) {
          shorter = true;
        } else {
          at += piece;
        }
      }
      if (piece == 1 && !shorter) {
        result_.complete = !enough_();
        return;
      }
      if (!shorter || piece > result_.operations.size())
        piece = std::max<std::size_t>(1, piece / 2);
    }
  }

  const StillFails& still_fails_;
  const Enough& enough_;
  ShrinkResult result_;
};

}  // namespace

ShrinkResult shrink(const List& operations, const StillFails& still_fails, const Enough& enough) {
  return Shrinker(operations, still_fails, enough).run();
}

}  // namespace xive::validate
