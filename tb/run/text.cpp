// SPDX-License-Identifier: Apache-2.0
#include "tb/run/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace xive::run {
namespace {

double percent(std::uint64_t part_ns, double seconds) {
  return seconds <= 0 ? 0 : 100.0 * static_cast<double>(part_ns) / 1e9 / seconds;
}

}  // namespace

nlohmann::json report_head(const RunOptions& options, bool passed) {
  const PlatformOptions& p = options.platform;
  return {{"command", "run"},
          {"verdict", passed ? "PASS" : "FAIL"},
          {"version", options.build.version},
          {"commit", options.build.commit},
          {"dirty", options.build.dirty},
          {"configuration",
           {{"generation", p.generation},
            {"chips", p.chips},
            {"cores", p.cores},
            {"threads", p.threads},
            {"tima", to_string(p.tima)},
            {"tima_period_ps", p.tima_period_ps},
            {"vp_filter", p.vp_filter},
            {"skip_idle", p.skip_idle}}}};
}

Shares::Shares(const machine::Profile& profile, double seconds)
    : tima(percent(profile.tima_ns, seconds)),
      router(percent(profile.router_ns, seconds)),
      rest(std::max(0.0, 100.0 - tima - router)) {}

std::string by_part(const Shares& shares, std::string_view rest) {
  return fmt::format("by part       TIMAs {:.1f} %, routers {:.1f} %, {} {:.1f} %\n", shares.tima,
                     shares.router, rest, shares.rest);
}

}  // namespace xive::run
