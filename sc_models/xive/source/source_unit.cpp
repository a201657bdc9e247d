// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/source/source_unit.h"

#include "sc_models/xive/bits.h"
#include "sc_models/xive/router/tables.h"
#include "sc_models/xive/router/trigger_data.h"

namespace xive::ic {

SourceUnit::SourceUnit(const Config& config, Environment& env, NotifyPort& port)
    : config_(config), env_(env), port_(port) {
  for (unsigned n = 0; n < config.count; ++n) {
    sources_.push_back({config.initial, n >= config.first_lsi, false});
  }
}

PqStep SourceUnit::run(unsigned n, PqOp op) {
  Source& source = sources_[n];
  const Pq before = source.pq;
  const PqStep step = run_pq(env_, op, before);
  source.pq = step.next;
  if (env_.observer != nullptr) {
    env_.observer->on_pq(
        {PqPlace::Unit, config_.id, n, op, before, step.next, step.forward, source.asserted});
  }
  return step;
}

void SourceUnit::send(unsigned n) {
  if (notify_valid_) port_.notify(offset_ | trigger_data::kPqChecked | n);
}

void SourceUnit::trigger(unsigned source) {
  if (source >= sources_.size()) return;
  if (sources_[source].lsi) {
    set_level(source, true);
    set_level(source, false);
  } else if (run(source, PqOp::Trigger).forward) {
    send(source);
  }
}

void SourceUnit::set_level(unsigned source, bool asserted) {
  if (source >= sources_.size() || !sources_[source].lsi) return;
  Source& lsi = sources_[source];
  const bool rises = asserted && !lsi.asserted;
  lsi.asserted = asserted;
  if (!asserted && env_.broken(Defect::LsiDeassertRetracts)) lsi.pq = Pq::Reset;
  if (rises && run(source, PqOp::Assert).forward) send(source);
}

void SourceUnit::reset() {
  for (unsigned n = 0; n < config_.count; ++n) run(n, PqOp::Set01);
}

bool SourceUnit::access(std::uint64_t offset, unsigned size, bool write, std::uint64_t& data) {
  const auto n = static_cast<std::size_t>(offset >> config_.page_shift);
  const auto at = offset & ((std::uint64_t{1} << config_.page_shift) - 1U);
  const EsbAction action =
      decode_esb(EsbPageKind::Management, write, at, {.store_eoi = config_.store_eoi});
  if (n >= sources_.size() || action.kind != EsbAction::Kind::Pq) {
    env_.fir.report(n >= sources_.size() ? FirId::CiBadAddress : FirId::EsbStore, offset);
    if (!write) data = all_ones(size);
    return false;
  }
  const auto number = static_cast<unsigned>(n);
  Source& source = sources_[n];
  const Pq before = source.pq;
  // A store to the trigger offset of an LSI page is no event: only its level is.
  const PqStep step =
      source.lsi && action.op == PqOp::Trigger ? PqStep{before, false} : run(number, action.op);
  bool forward = step.forward;
  if (action.op == PqOp::Eoi && source.asserted && !env_.broken(Defect::LsiEoiForgetsLevel)) {
    forward = run(number, PqOp::Assert).forward || forward;
  }
  if (!write) data = esb_load_value(action.op, before, forward);
  if (env_.observer != nullptr) {
    env_.observer->on_esb_access({.place = PqPlace::Unit,
                                  .page = EsbPageKind::Management,
                                  .blk = config_.id,
                                  .idx = number,
                                  .offset = static_cast<std::uint16_t>(at),
                                  .size = static_cast<std::uint8_t>(size),
                                  .write = write,
                                  .store_eoi = config_.store_eoi,
                                  .has_pq = true,
                                  .forwarded = forward,
                                  .lsi = source.lsi,
                                  .level = source.asserted,
                                  .before = before,
                                  .after = source.pq,
                                  .result = data});
  }
  if (forward) send(number);
  return true;
}

}  // namespace xive::ic
