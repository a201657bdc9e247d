// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/fir.h"

namespace xive::ic {

void FirLog::keep(const FirEvent& event) {
  events_.push_back(event);
}

std::string_view to_string(FirId id) {
  static constexpr std::array<std::string_view, kFirIds> kNames = {
      "vsd-rejected",      "vsd-missing",      "vsd-out-of-range",  "vsd-not-provisioned",
      "vsd-bad-subpage",   "table-bus-error",  "forward-no-target", "forward-loop",
      "eas-invalid",       "end-invalid",      "end-format",        "end-priority",
      "end-queue-size",    "eq-bus-error",     "escalation-loop",   "nvt-invalid",
      "multi-match",       "group-gen1",       "present-livelock",  "trigger-page-load",
      "esb-store",         "end-page-load",    "edt-invalid",       "ci-bad-address",
      "ci-bad-size",       "indirect-invalid", "no-thread",         "tima-error",
      "unlisted-register", "xscom-bad-address"};
  const auto index = static_cast<std::size_t>(id);
  return index < kNames.size() ? kNames[index] : "unknown";
}

}  // namespace xive::ic
