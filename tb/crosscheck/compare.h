// SPDX-License-Identifier: Apache-2.0
/// Two transcripts of one suite, and what of their difference is known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tb/crosscheck/plan.h"
#include "tb/crosscheck/transcript.h"

namespace xive::crosscheck {

/// One place where the two sides differ, or where QEMU fails a check and there is no other side.
struct Deviation {
  std::optional<Line> qemu, platform;
  unsigned nth = 1;                  ///< among the lines of this name
  std::optional<std::size_t> known;  ///< index in Plan::differences
  std::string text() const;
};

struct Comparison {
  std::vector<Deviation> deviations;
  std::size_t compared = 0;  ///< lines that both sides have
  bool agrees() const;       ///< all deviations are known
};

/// `platform` may be absent: then the checks that fail on QEMU must be known. `version` is that of
/// QEMU. `used[i]` is set for each difference that was met.
Comparison compare(const Plan& plan, const std::string& suite, const std::string& version,
                   const Transcript& qemu, const Transcript* platform, std::vector<bool>& used);

}  // namespace xive::crosscheck
