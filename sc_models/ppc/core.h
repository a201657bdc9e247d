// SPDX-License-Identifier: Apache-2.0
/// A core: its hardware threads and what they share for doorbells; and all cores of a machine.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sc_models/ppc/doorbell.h"
#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {

struct CoreConfig {
  unsigned chip = 0;
  unsigned core = 0;             ///< number in its chip
  std::uint32_t first_pir = 0;   ///< PIR of thread 0; the others follow
  unsigned threads = 4;          ///< 1..8
  unsigned subcore_threads = 0;  ///< threads of one sub-processor; 0 = all
  ThreadConfig thread{};         ///< common part; pir, chip, core, thread are filled in
};

class Core {
 public:
  Core(const CoreConfig& config, const platform::Clock& clock);

  const CoreConfig& config() const { return config_; }
  unsigned threads() const { return static_cast<unsigned>(threads_.size()); }
  HardwareThread& thread(unsigned t) { return *threads_.at(t); }
  const HardwareThread& thread(unsigned t) const { return *threads_.at(t); }
  bool owns(std::uint32_t pir) const {
    return pir >= config_.first_pir && pir - config_.first_pir < threads_.size();
  }

  /// Sets the hypervisor doorbell at the threads of this core that `message` names, the tag being a
  /// thread number. Returns how many.
  unsigned hypervisor_doorbell(unsigned thread, Broadcast broadcast);
  /// msgsndp: tag = thread number. A thread that does not exist is ignored.
  void privileged_doorbell(const DoorbellMessage& message);
  /// DPDES as thread `reader` sees it: bit 63-t = privileged doorbell of thread t.
  std::uint64_t read_dpdes(unsigned reader) const;
  void write_dpdes(unsigned writer, std::uint64_t value);

 private:
  CoreConfig config_;
  std::vector<std::unique_ptr<HardwareThread>> threads_;
};

/// All cores of a machine, found by PIR.
class CoreMap final : public DoorbellFabric {
 public:
  /// Not owned. PIR ranges must not overlap: std::invalid_argument.
  void add(Core& core);
  Core* core_of(std::uint32_t pir) const;
  HardwareThread* find(std::uint32_t pir) const;
  const std::vector<Core*>& cores() const { return cores_; }

  unsigned deliver(const DoorbellMessage& message, MsgsndForm form,
                   std::uint32_t sender_pir) override;

 private:
  std::vector<Core*> cores_;  ///< by first PIR
};

}  // namespace xive::ppc
