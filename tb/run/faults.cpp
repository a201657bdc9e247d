// SPDX-License-Identifier: Apache-2.0
#include "tb/run/faults.h"

#include <fmt/format.h>

#include <iterator>

#include "sc_models/tima/error_code.h"

namespace xive::run {
namespace {

std::string about(ic::FirId id, std::uint64_t detail) {
  if (id != ic::FirId::TimaError) return fmt::format("{:#x}", detail);
  return fmt::format("core {} thread {} {}", detail >> 16U, detail >> 8U & 0xffU,
                     to_string(static_cast<tima::ErrorCode>(detail & 0xffU)));
}

}  // namespace

std::vector<Fault> faults_of(machine::Machine& machine) {
  std::vector<Fault> faults;
  for (unsigned chip = 0; chip < machine.chips(); ++chip) {
    const ic::FirLog& log = machine.chip(chip).fir();
    for (std::size_t n = 0; n < ic::kFirIds; ++n) {
      const auto id = static_cast<ic::FirId>(n);
      if (log.count(id) == 0) continue;
      faults.push_back({fmt::format("chip {}", chip), std::string(to_string(id)), log.count(id),
                        about(id, log.first(id))});
    }
  }
  const machine::TimaErrors& errors = machine.tima_errors();
  for (std::size_t n = 0; n < machine::TimaErrors::kCodes; ++n) {
    const auto code = static_cast<tima::ErrorCode>(n);
    if (errors.count(code) == 0) continue;
    faults.push_back({"TIMAs", std::string(to_string(code)), errors.count(code),
                      fmt::format("thread {}", errors.first_thread(code))});
  }
  return faults;
}

std::string faults_text(const std::vector<Fault>& faults) {
  if (faults.empty()) return "faults        none\n";
  std::string text;
  for (const Fault& fault : faults) {
    fmt::format_to(std::back_inserter(text), "{:<13} {} {}: {}, the first: {}\n",
                   text.empty() ? "faults" : "", fault.where, fault.name, fault.count, fault.first);
  }
  return text;
}

nlohmann::json faults_json(const std::vector<Fault>& faults) {
  nlohmann::json value = nlohmann::json::array();
  for (const Fault& fault : faults) {
    value.push_back({{"where", fault.where},
                     {"name", fault.name},
                     {"count", fault.count},
                     {"first", fault.first}});
  }
  return value;
}

}  // namespace xive::run
