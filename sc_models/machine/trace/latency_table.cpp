// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/trace/latency_table.h"

#include <fmt/format.h>

namespace xive::machine {
namespace {

void line(std::string& out, std::string_view kind, std::string_view name, LatencySamples& samples) {
  if (samples.count() == 0) return;
  const auto ns = [](std::uint64_t ps) { return static_cast<double>(ps) / 1000.0; };
  out += fmt::format("{:<11} {:<16} {:>10} {:>10.1f} {:>10.1f} {:>10.1f} {:>11.1f}\n", kind, name,
                     samples.count(), ns(samples.min()), ns(samples.median()),
                     ns(samples.percentile(99)), ns(samples.max()));
}

}  // namespace

std::string latency_table(TripTracer& tracer) {
  std::string out = fmt::format("{:<11} {:<16} {:>10} {:>10} {:>10} {:>10} {:>11}\n", "kind",
                                "up to [ns]", "count", "min", "median", "p99", "max");
  for (unsigned k = 0; k < kTripKinds; ++k) {
    TripTracer::Kind& kind = tracer.kind(static_cast<TripKind>(k));
    const std::string_view name = to_string(static_cast<TripKind>(k));
    for (unsigned s = 0; s < kStations; ++s) {
      line(out, name, to_string(static_cast<Station>(s)), kind.hops[s]);
    }
    line(out, name, "source-exception", kind.to_exception);
    line(out, name, "source-eoi", kind.to_eoi);
  }
  return out;
}

}  // namespace xive::machine
