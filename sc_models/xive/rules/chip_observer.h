// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>

#include "sc_models/xive/rules/xive_rules.h"

namespace xive::ic {

/// The rules' view of one chip.
class ChipObserver final : public Observer {
 public:
  explicit ChipObserver(XiveRules& rules) : rules_(rules) {}

  // Sources (pq_rules.cpp)
  void on_pq(const PqEvent& event) override;
  void on_esb_access(const EsbAccessEvent& event) override;
  void on_vc_decode(const VcDecodeEvent& event) override;

  // Router and presenter (router_rules.cpp)
  void on_trigger(const TriggerEvent& event) override;
  void on_eas(const EasEvent& event) override;
  void on_end(const EndEvent& event) override;
  void on_present(const PresentEvent& event) override;
  void on_nvt(const NvtEvent& event) override;
  void on_escalation(const EscalationEvent& event) override;
  void on_outcome(TraceId trace, Outcome outcome) override;

  // Tables and registers (register_rules.cpp)
  void on_vsd(const VsdEvent& event) override;
  void on_vsd_write(const VsdWriteEvent& event) override;
  void on_kill(bool pc) override;
  void on_watch(const WatchEvent& event) override;
  void on_poll(const PollEvent& event) override;
  void on_sync(const SyncEvent& event) override;
  void on_table_array(const TableArrayEvent& event) override;
  void on_indirect(const IndirectEvent& event) override;
  void on_register(const RegisterEvent& event) override;
  void on_enable(const EnableEvent& event) override;

 private:
  void check_end_page(const EsbAccessEvent& event);
  void check_queue(const EndEvent& event);
  void check_notification(const EndEvent& event);

  XiveRules& rules_;
  std::map<std::uint64_t, Pq> unit_pq_;  ///< unit << 32 | source
  VcDecodeEvent decode_{};
  VsdEvent esb_lookup_{};
  TraceId eas_fault_ = 0;     ///< trace whose EAS was invalid
  TraceId masked_end_ = 0;    ///< trace whose END was masked
  TraceId delivered_ = 0;     ///< trace delivered last
  TraceId owes_backlog_ = 0;  ///< undelivered with b=1, not recorded yet
  std::uint32_t end_w0_ = 0;  ///< word 0 of the END processed last
  TraceId end_trace_ = 0;
  std::array<std::set<std::uint64_t>, 2> sub_pages_;  ///< of descriptors seen since the last kill
  struct Watch {
    bool loaded = false;
    std::array<std::uint64_t, 8> image{};
  };
  std::array<Watch, 2> watches_;
  std::map<std::uint16_t, unsigned> polls_;
};

}  // namespace xive::ic
