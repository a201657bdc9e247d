// SPDX-License-Identifier: Apache-2.0
/// The nearest match for a misspelt word.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace xive::config {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`; upper and
/// lower case are the same letter, '-' and '_' too.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate with the smallest distance, the first of equals; empty when none is closer than a
/// third of the word (at least one edit, so that short words get a match too).
std::string nearest_match(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace xive::config
