// SPDX-License-Identifier: Apache-2.0
// Second half of the router: notification, backlog, escalation (xive-chip.md 6.2, steps 7 to 9).
#include "sc_models/xive/router/router.h"

namespace xive::ic {

Tables* Router::vp_owner() {
  switch (tables_.pc().place(Table::Vp, match_.blk)) {
    case VsdTable::Place::Local:
      return &tables_;
    case VsdTable::Place::Forward: {
      const std::uint64_t address = tables_.pc().forward_address(Table::Vp, match_.blk);
      const ChipNode* peer = fabric_.by_vp_window(address);
      if (peer != nullptr) return &peer->tables;
      env_.fir.report(FirId::ForwardNoTarget, address);
      return nullptr;
    }
    case VsdTable::Place::Missing:
      break;
  }
  env_.fir.report(FirId::VsdMissing, entry_detail(match_.blk, match_.idx));
  return nullptr;
}

void Router::notify_of(const End& end) {
  match_ = {.format = end.format,
            .crowd = end.crowd,
            .ignore = end.ignore,
            .blk = end.vp_blk,
            .idx = end.vp_idx,
            .prio = end.prio,
            .logic_serv = end.logic_serv};
  backlog_ = end.backlog;
}

void Router::notify_stage() {
  if (job_.kind == Job::Kind::Notify) {  // a re-forwarded event comes without its END
    Tables::EndEntry entry;
    if (!tables_.read_end(job_.blk, job_.idx, entry)) return finish(Outcome::Fault);
    const End end = tables_.generation().decode_end(entry.image);
    if (!end.valid) return fault(FirId::EndInvalid, detail());
    if (!end.format && end.prio > 7) return finish(Outcome::EndMasked);
    notify_of(end);
    job_.kind = Job::Kind::End;
  }
  if (tables_.generation().vp_checked_first) {
    Tables* owner = vp_owner();
    Tables::VpState vp;
    if (owner == nullptr || !owner->read_vp_state(match_.blk, match_.idx, vp)) {
      return finish(Outcome::Fault);
    }
    if (!vp.valid) return fault(FirId::NvtInvalid, entry_detail(match_.blk, match_.idx));
  }
  if (match_.ignore && !tables_.generation().groups) {
    env_.fir.report(FirId::GroupGen1, detail());
    return after_search(Presenter::Result::NotDelivered);
  }
  stage_ = Stage::Presenting;
  const auto result = presenter_.start(match_, job_.trace);
  if (result != Presenter::Result::Pending) after_search(result);
}

void Router::on_presented(Presenter::Result result) {
  // At once, so that "found nothing" and the backlog write are one step (order O2).
  after_search(result);
  go();
}

void Router::after_search(Presenter::Result result) {
  delivered_ = result == Presenter::Result::Delivered;
  if (env_.observer != nullptr && stage_ == Stage::Presenting) {
    PresentEvent event = presenter_.last();
    event.end_blk = job_.blk;
    event.end_idx = job_.idx;
    env_.observer->on_present(event);
  }
  if (delivered_ && !env_.broken(Defect::DeliveredEscalates)) return finish(Outcome::Delivered);
  stage_ = Stage::Escalate;
  unescalated_ = Outcome::NotRecorded;
  if (!delivered_ && (backlog_ || env_.broken(Defect::BacklogWithoutB))) record_backlog();
}

void Router::record_backlog() {
  if (match_.format) return fault(FirId::EndFormat, detail());
  Tables* owner = vp_owner();
  Tables::VpState vp;
  if (owner == nullptr || !owner->read_vp_state(match_.blk, match_.idx, vp)) {
    return finish(Outcome::Fault);
  }
  if (!vp.valid) return fault(FirId::NvtInvalid, entry_detail(match_.blk, match_.idx));
  const Generation& generation = tables_.generation();
  NvtEvent event{.trace = job_.trace,
                 .blk = match_.blk,
                 .idx = match_.idx,
                 .fetch = false,
                 .b = backlog_,
                 .prio = match_.prio,
                 .before = vp.ipb_word};
  event.after = event.before;
  if (!env_.broken(Defect::B24BacklogNotRecorded)) {
    event.after |= (0x80U >> match_.prio) << generation.ipb_shift;
  }
  env_.hop(job_.trace, Hop::Backlog, match_.blk, match_.idx);
  if (event.after != event.before &&
      !owner->write_vp_ipb(match_.blk, match_.idx, vp, event.after)) {
    return finish(Outcome::Fault);
  }
  if (env_.observer != nullptr) env_.observer->on_nvt(event);
  unescalated_ = Outcome::Backlogged;
}

void Router::escalate_stage() {
  Tables::EndEntry entry;
  if (!tables_.read_end(job_.blk, job_.idx, entry)) return finish(Outcome::Fault);
  const EndImage before = entry.image;
  const End end = tables_.generation().decode_end(entry.image);
  if (!end.valid) return fault(FirId::EndInvalid, detail());
  if (!end.escalate) return finish(unescalated_);
  EscalationEvent event{.trace = job_.trace,
                        .blk = job_.blk,
                        .idx = job_.idx,
                        .enable_u = settings_.enable_u,
                        .delivered = delivered_,
                        .before = &before.bytes,
                        .after = &entry.image.bytes};
  bool go = true;
  const bool unconditional = end.uncond_escalate && settings_.enable_u;
  // A re-forwarded escalation has passed ESe already.
  const bool rerun = job_.kind == Job::Kind::Escalate;
  if ((!unconditional || env_.broken(Defect::EseTouchedByUncond)) && !rerun) {
    const std::uint32_t w1 = entry.image.word(1);
    const Pq ese = end_w1::ese(w1);
    const PqStep step = run_pq(env_, PqOp::Trigger, ese);
    go = step.forward || unconditional || env_.broken(Defect::EseIgnored);
    if (env_.observer != nullptr) {
      env_.observer->on_pq({PqPlace::EndEscalate, job_.blk, job_.idx, PqOp::Trigger, ese, step.next,
                            step.forward, false});
    }
    if (step.next != ese &&
        !tables_.write_end_w1(job_.blk, job_.idx, entry, end_w1::with_ese(w1, step.next))) {
      return finish(Outcome::Fault);
    }
  }
  event.escalated = go;
  event.to_blk = end.esc_blk;
  event.to_idx = end.esc_idx;
  event.to_data = env_.broken(Defect::EscalationWrongData) ? job_.data : end.esc_data;
  if (env_.observer != nullptr && !rerun) env_.observer->on_escalation(event);
  if (!go) return finish(Outcome::EscalationStopped);
  if (job_.depth >= kMaxDepth) return fault(FirId::EscalationLoop, detail());
  env_.hop(job_.trace, Hop::Escalation, end.esc_blk, end.esc_idx);
  ++job_.depth;
  job_.kind = end.escalate_to_end ? Job::Kind::End : Job::Kind::Eas;
  job_.pq_checked = false;
  job_.redistribute = false;
  job_.blk = event.to_blk;
  job_.idx = event.to_idx;
  job_.data = event.to_data;
  delivered_ = false;
  unescalated_ = Outcome::NotRecorded;
  stage_ = end.escalate_to_end ? Stage::End : Stage::Eas;
}

}  // namespace xive::ic
