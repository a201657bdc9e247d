// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/presenter/memory_service.h"

#include "sc_models/xive/presenter/presenter.h"
#include "sc_models/xive/router/tables.h"

namespace xive::ic {

tima::MemoryResponse MemoryService::execute(unsigned chip, const tima::MemoryRequest& request) {
  if (chip >= fabric_.chips().size()) return {};
  switch (request.op) {
    case tima::MemoryOp::NvtIpbFetchClr:
      return fetch_ipb(chip, request);
    default:
      return {};
  }
}

tima::MemoryResponse MemoryService::fetch_ipb(unsigned chip, const tima::MemoryRequest& request) {
  fabric_.searches().moved(vp_key(request.blk, request.idx));
  Tables* tables = &fabric_.chips()[chip].tables;
  if (tables->pc().place(Table::Vp, request.blk) == VsdTable::Place::Forward) {
    const std::uint64_t address = tables->pc().forward_address(Table::Vp, request.blk);
    const ChipNode* peer = fabric_.by_vp_window(address);
    if (peer == nullptr) {
      tables->env().fir.report(FirId::ForwardNoTarget, address);
      return {};
    }
    tables = &peer->tables;
  }
  Environment& env = tables->env();
  Tables::VpState vp;
  if (!tables->read_vp_state(request.blk, request.idx, vp)) return {};
  if (!vp.valid) {
    env.fir.report(FirId::NvtInvalid, entry_detail(request.blk, request.idx));
    return {};
  }
  const Generation& generation = tables->generation();
  NvtEvent event{.blk = request.blk, .idx = request.idx, .fetch = true, .before = vp.ipb_word};
  const std::uint32_t mask = 0xffU << generation.ipb_shift;
  event.answered = static_cast<std::uint8_t>((event.before & mask) >> generation.ipb_shift);
  event.after = event.before;
  if (!env.broken(Defect::B24PushKeepsBacklog)) event.after &= ~mask;
  if (event.after != event.before &&
      !tables->write_vp_ipb(request.blk, request.idx, vp, event.after)) {
    return {};
  }
  if (env.observer != nullptr) env.observer->on_nvt(event);
  tima::MemoryResponse response;
  response.ok = true;
  response.ipb = event.answered;
  return response;
}

}  // namespace xive::ic
