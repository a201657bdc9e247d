// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/core.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace xive::ppc {

Core::Core(const CoreConfig& config, const platform::Clock& clock) : config_(config) {
  if (config.threads < 1 || config.threads > 8) {
    throw std::invalid_argument(
        fmt::format("core with {} threads: 1 to 8 expected", config.threads));
  }
  if (config_.subcore_threads == 0) config_.subcore_threads = config.threads;
  for (unsigned t = 0; t < config.threads; ++t) {
    ThreadConfig thread = config.thread;
    thread.pir = config.first_pir + t;
    thread.chip = config.chip;
    thread.core = config.core;
    thread.thread = t;
    threads_.push_back(std::make_unique<HardwareThread>(thread, clock, this));
  }
}

unsigned Core::hypervisor_doorbell(unsigned thread, Broadcast broadcast) {
  if (thread >= threads()) return 0;
  unsigned first = thread, count = 1;
  if (broadcast == Broadcast::Core) {
    first = 0;
    count = threads();
  } else if (broadcast == Broadcast::SubProcessor) {
    first = thread - thread % config_.subcore_threads;
    count = std::min(config_.subcore_threads, threads() - first);
  }
  for (unsigned t = first; t < first + count; ++t) {
    threads_[t]->set_doorbell(Cause::HypervisorDoorbell, true);
  }
  return count;
}

void Core::privileged_doorbell(const DoorbellMessage& message) {
  if (message.tag < threads()) threads_[message.tag]->set_doorbell(Cause::PrivilegedDoorbell, true);
}

std::uint64_t Core::read_dpdes(unsigned reader) const {
  const auto bit = [](const HardwareThread& thread) {
    return std::uint64_t{thread.pending().has(Cause::PrivilegedDoorbell)};
  };
  if (threads_[reader]->config().lpar_per_thread) return bit(*threads_[reader]);
  std::uint64_t value = 0;
  for (unsigned t = 0; t < threads(); ++t) value |= bit(*threads_[t]) << t;
  return value;
}

void Core::write_dpdes(unsigned writer, std::uint64_t value) {
  if (threads_[writer]->config().lpar_per_thread) {
    threads_[writer]->set_doorbell(Cause::PrivilegedDoorbell, (value & 1U) != 0);
    return;
  }
  for (unsigned t = 0; t < threads(); ++t) {
    threads_[t]->set_doorbell(Cause::PrivilegedDoorbell, (value >> t & 1U) != 0);
  }
}

void CoreMap::add(Core& core) {
  const std::uint32_t first = core.config().first_pir;
  const auto at = std::find_if(cores_.begin(), cores_.end(), [&](const Core* other) {
    return other->config().first_pir > first;
  });
  const bool below = at != cores_.begin() && (*std::prev(at))->owns(first);
  const bool above = at != cores_.end() && core.owns((*at)->config().first_pir);
  if (below || above) {
    throw std::invalid_argument(fmt::format("PIR {:#x} belongs to two cores", first));
  }
  cores_.insert(at, &core);
}

Core* CoreMap::core_of(std::uint32_t pir) const {
  const auto at = std::upper_bound(
      cores_.begin(), cores_.end(), pir,
      [](std::uint32_t value, const Core* core) { return value < core->config().first_pir; });
  if (at == cores_.begin()) return nullptr;
  Core* core = *std::prev(at);
  return core->owns(pir) ? core : nullptr;
}

HardwareThread* CoreMap::find(std::uint32_t pir) const {
  Core* core = core_of(pir);
  return core == nullptr ? nullptr : &core->thread(pir - core->config().first_pir);
}

unsigned CoreMap::deliver(const DoorbellMessage& message, MsgsndForm form,
                          std::uint32_t sender_pir) {
  const bool own = form == MsgsndForm::ThreadOfOwnCore;
  Core* core = core_of(own ? sender_pir : message.tag);
  if (core == nullptr) return 0;
  const unsigned thread = own ? message.tag : message.tag - core->config().first_pir;
  return core->hypervisor_doorbell(thread, message.broadcast);
}

}  // namespace xive::ppc
