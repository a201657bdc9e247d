// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "tb/config/document.h"

namespace xive::crosscheck {
namespace {

using config::integer;
using config::list;
using config::object;
using config::string;

constexpr std::size_t kMany = 1000;

bool good_versions(const std::string& wanted) {
  try {
    version_in("1.0", wanted);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

config::Schema<Suite> suite_schema() {
  return object<Suite>("suite", "A suite of the payload and the machine it runs on.")
      .field("name", &Suite::name, string(false), "name in the payload")
      .field("chips", &Suite::chips, integer(1U, 4U), "chips")
      .field("cores", &Suite::cores, integer(1U, 8U), "cores of each chip")
      .field("threads", &Suite::threads, integer(1U, 4U), "threads of each core");
}

config::Schema<Exclusion> exclusion_schema() {
  using E = Exclusion;
  return object<E>("exclusion", "A suite that a QEMU cannot run.")
      .field("suite", &E::suite, string(false), "suite, or * for all with several threads a core")
      .field("qemu", &E::qemu, string(), "versions, e.g. <10.0; empty: all")
      .field("reason", &E::reason, string(false), "why")
      .field("spec", &E::spec, string(false), "where it is written")
      .constraint("qemu", "versions like <10.0 or >=8.0",
                  [](const E& e) { return good_versions(e.qemu); });
}

config::Schema<Difference> difference_schema() {
  using D = Difference;
  return object<D>("difference", "A line that legitimately differs.")
      .field("suite", &D::suite, string(false), "suite")
      .field("line", &D::line, string(false), "name of the check, note or dump line")
      .field("nth", &D::nth, integer(0U, 1000U), "which of several, from 1; 0: any")
      .field("qemu", &D::qemu, string(), "value on QEMU; empty: a check without value fails there")
      .field("platform", &D::platform, string(), "value on the platform")
      .field("versions", &D::versions, string(), "of QEMU, e.g. <10.0; empty: all")
      .field("reason", &D::reason, string(false), "why")
      .field("spec", &D::spec, string(false), "where it is written")
      .constraint("versions", "versions like <10.0 or >=8.0",
                  [](const D& d) { return good_versions(d.versions); });
}

config::Schema<Plan> plan_schema() {
  return object<Plan>("crosscheck", "What is compared between QEMU and the platform.")
      .field("machine", &Plan::machine, string(false), "machine of QEMU: powernv9 or powernv10")
      .field("suites", &Plan::suites, list(suite_schema(), 1, kMany), "suites")
      .field("excluded", &Plan::excluded, list(exclusion_schema(), 0, kMany), "not run on a QEMU")
      .field("differences", &Plan::differences, list(difference_schema(), 0, kMany),
             "lines that legitimately differ")
      .constraint("machine", "powernv9 or powernv10", [](const Plan& p) {
        return p.machine == "powernv9" || p.machine == "powernv10";
      });
}

/// Leading numbers of a version; what follows them is left out.
std::vector<unsigned> parts(std::string_view version) {
  std::vector<unsigned> numbers;
  while (true) {
    unsigned value = 0;
    const auto [end, error] =
        std::from_chars(version.data(), version.data() + version.size(), value);
    if (error != std::errc()) {
      return numbers;
    }
    numbers.push_back(value);
    version.remove_prefix(static_cast<std::size_t>(end - version.data()));
    if (version.empty() || version.front() != '.') {
      return numbers;
    }
    version.remove_prefix(1);
  }
}

}  // namespace

std::string Suite::label() const {
  if (all_threads() == 1) return name;
  return chips == 1 ? fmt::format("{} {}x{}", name, cores, threads)
                    : fmt::format("{} {}x{}x{}", name, chips, cores, threads);
}

std::string Difference::text() const {
  return fmt::format("{}: '{}'{}", suite, line, nth == 0 ? "" : fmt::format(" number {}", nth));
}

bool version_in(std::string_view have, std::string_view wanted) {
  if (wanted.empty()) {
    return true;
  }
  const bool below = wanted.starts_with("<");
  if (!below && !wanted.starts_with(">=")) {
    throw std::invalid_argument("expected versions like <10.0 or >=8.0");
  }
  const std::vector<unsigned> limit = parts(wanted.substr(below ? 1 : 2));
  if (limit.empty()) {
    throw std::invalid_argument("expected versions like <10.0 or >=8.0");
  }
  const std::vector<unsigned> version = parts(have);
  const bool is_below =
      std::lexicographical_compare(version.begin(), version.end(), limit.begin(), limit.end());
  return is_below == below;
}

Plan load_plan(const std::string& path) {
  config::Document<Plan> document{plan_schema()};
  document.load(path);
  document.verify();
  return document.value();
}

}  // namespace xive::crosscheck
