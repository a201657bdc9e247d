// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace xive::ic {

/// Block and index of a VP in one word: blk << 24 | idx.
constexpr std::uint32_t vp_key(unsigned blk, std::uint32_t idx) {
  return blk << 24U | idx;
}

/// The VPs that the presenters of all chips are searching for just now. They lie together, so that
/// whoever changes where a VP can be found tells every presenter without looking at it.
class SearchBoard {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Search {
    std::uint32_t key = kNone;  ///< kNone: no search
    bool again = false;         ///< the VP may be where the search did not see it
  };

  /// A place for one more presenter.
  unsigned join() {
    searches_.emplace_back();
    return static_cast<unsigned>(searches_.size()) - 1;
  }
  Search& at(unsigned place) { return searches_[place]; }
  /// The VP `key` has come to a thread, or its backlog has been fetched.
  void moved(std::uint32_t key) {
    for (Search& search : searches_) {
      if (search.key == key) search.again = true;
    }
  }

 private:
  std::vector<Search> searches_;
};

}  // namespace xive::ic
