// SPDX-License-Identifier: Apache-2.0
/// TLM-2.0 sockets between the threads of a machine and its bus: an initiator for each thread, an
/// interconnect, a target for memory and one for devices, with a protocol checker on every hop
/// unless that is switched off.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "sc_models/machine/config.h"
#include "sc_models/platform/tlm/bus_face.h"
#include "sc_models/platform/tlm/initiator_face.h"
#include "sc_models/platform/tlm/target_face.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/tlm/base_protocol_checker.h"

namespace xive::machine {

class Machine;

/// Made before the machine, which it must outlive; modules of a kernel live until the process ends.
class MachineSockets {
 public:
  MachineSockets(platform::Timing timing, bool checks);
  ~MachineSockets();

  /// Gives the threads of a machine with this configuration their way through the sockets.
  void connect(MachineConfig& config);
  /// The machine exists. Its TIMAs belong to the cores: with four phases their accesses, which let
  /// time pass themselves, do not cross the interconnect.
  void attach(const Machine& machine) { machine_ = &machine; }

  /// Adds what the checkers of all hops have counted.
  void merge_into(RuleBook& book) const {
    for (const RuleBook& one : books_) book.merge(one);
  }

 private:
  class ThreadPort;
  using Checker = BaseProtocolChecker<>;

  platform::Target& add_thread(unsigned thread, platform::Target& port);
  /// Binds two sockets, through a checker if there shall be one.
  template <typename Initiator, typename Target>
  void bind(Initiator& initiator, Target& target);

  platform::Timing timing_;
  bool checks_;
  const Machine* machine_ = nullptr;
  std::uint64_t memory_bytes_ = 0;
  std::deque<RuleBook> books_;  ///< one for each checker
  std::vector<std::unique_ptr<Checker>> checkers_;
  std::unique_ptr<platform::BusFace> bus_;
  std::unique_ptr<platform::TargetFace> memory_, devices_;
  std::vector<std::unique_ptr<ThreadPort>> threads_;
};

}  // namespace xive::machine
