// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/hops.h"

#include <stdexcept>
#include <string>

namespace xive::machine {
namespace {

/// FNV-1a.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

}  // namespace

Hops::Hops(const HopConfigs& configs, unsigned chips, unsigned cores, std::uint64_t seed)
    : configs_(configs) {
  for (const HopInfo& kind : kHopInfo) {
    const auto index = static_cast<std::size_t>(kind.id);
    const bool one = kind.scope == HopScope::Machine || configs_[kind.id].plain();
    const unsigned count = one ? 1 : kind.scope == HopScope::Chip ? chips : cores;
    hops_[index].reserve(count);
    try {
      for (unsigned n = 0; n < count; ++n) {
        hops_[index].emplace_back(configs_[kind.id], statistics_[index], seed ^ hash(kind.name), n);
      }
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(std::string(kind.name) + ": " + error.what());
    }
  }
}

}  // namespace xive::machine
