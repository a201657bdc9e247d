// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace xive::crosscheck {
namespace {

using Pair = std::pair<const Line*, const Line*>;

bool same_place(const Line& a, const Line& b) {
  return a.kind == b.kind && a.name == b.name;
}

/// Both sequences side by side: lines with the same kind and name face each other (longest common
/// subsequence; transcripts have some hundred lines).
std::vector<Pair> align(const std::vector<Line>& a, const std::vector<Line>& b) {
  std::vector<std::vector<unsigned>> length(a.size() + 1, std::vector<unsigned>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      length[i][j] = same_place(a[i], b[j]) ? length[i + 1][j + 1] + 1
                                            : std::max(length[i + 1][j], length[i][j + 1]);
    }
  }
  std::vector<Pair> pairs;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && same_place(a[i], b[j])) {
      pairs.emplace_back(&a[i++], &b[j++]);
    } else if (j == b.size() || (i < a.size() && length[i + 1][j] >= length[i][j + 1])) {
      pairs.emplace_back(&a[i++], nullptr);
    } else {
      pairs.emplace_back(nullptr, &b[j++]);
    }
  }
  return pairs;
}

/// Values differ, or one side judges them otherwise: the expectation is a part of both programs.
bool equal(const Line& a, const Line& b) {
  return a.value == b.value && a.good == b.good;
}

std::string side(const std::optional<Line>& line) {
  return line ? line->text() : "no such line";
}

}  // namespace

std::string Deviation::text() const {
  return fmt::format("QEMU: {}; platform: {}", side(qemu), side(platform));
}

bool Comparison::agrees() const {
  return std::all_of(deviations.begin(), deviations.end(),
                     [](const Deviation& d) { return d.known.has_value(); });
}

Comparison compare(const Plan& plan, const std::string& suite, const std::string& version,
                   const Transcript& qemu, const Transcript* platform, std::vector<bool>& used) {
  Comparison result;
  std::vector<Pair> pairs;
  if (platform != nullptr) {
    pairs = align(qemu.lines, platform->lines);
  } else {
    for (const Line& line : qemu.lines) {
      pairs.emplace_back(&line, nullptr);
    }
  }
  std::map<std::pair<Line::Kind, std::string>, unsigned> seen;
  for (const auto& [a, b] : pairs) {
    const Line& any = a != nullptr ? *a : *b;
    const unsigned nth = ++seen[{any.kind, any.name}];
    if (a != nullptr && b != nullptr) {
      ++result.compared;
    }
    const bool alike =
        platform == nullptr ? a->good : a != nullptr && b != nullptr && equal(*a, *b);
    // A check that both fail in the same way still fails.
    if (alike && any.good) {
      continue;
    }
    Deviation deviation;
    if (a != nullptr) deviation.qemu = *a;
    if (b != nullptr) deviation.platform = *b;
    deviation.nth = nth;
    for (std::size_t n = 0; n < plan.differences.size() && !deviation.known; ++n) {
      const Difference& known = plan.differences[n];
      const bool platform_fits =
          platform == nullptr || (b != nullptr && b->good && b->value == known.platform);
      if (known.suite == suite && known.line == any.name && (known.nth == 0 || known.nth == nth) &&
          version_in(version, known.versions) && a != nullptr && a->value == known.qemu &&
          platform_fits) {
        deviation.known = n;
        used[n] = true;
      }
    }
    result.deviations.push_back(std::move(deviation));
  }
  return result;
}

}  // namespace xive::crosscheck
