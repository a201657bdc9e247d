// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/router.h"

#include "sc_models/xive/router/trigger_data.h"

namespace xive::ic {

Router::Router(Environment& env, Tables& tables, Presenter& presenter, Fabric& fabric)
    : env_(env), tables_(tables), presenter_(presenter), fabric_(fabric) {
  presenter_.bind(*this);
}

// ---- Accepting events
// ----------------------------------------------------------------------------

void Router::accept(Job job) {
  if (job.trace == 0) {
    job.trace = fabric_.next_trace();
    if (env_.observer != nullptr) {
      env_.observer->on_trigger(
          {job.trace, job.kind != Job::Kind::Eas, job.pq_checked, job.blk, job.idx});
    }
    env_.hop(job.trace, Hop::Source, job.blk, job.idx);
    if (job.pq_checked) env_.hop(job.trace, Hop::Esb, job.blk, job.idx);
  }
  ++accepted_;
  queue_.push(job);
  go();
}

void Router::trigger_eas(unsigned blk, std::uint32_t idx, bool pq_checked) {
  Job job;
  job.kind = Job::Kind::Eas;
  job.pq_checked = pq_checked;
  job.blk = static_cast<std::uint8_t>(blk);
  job.idx = idx;
  accept(job);
}

void Router::trigger_end(unsigned blk, std::uint32_t idx, std::uint32_t data, bool redistribute) {
  Job job;
  job.kind = Job::Kind::End;
  job.redistribute = redistribute;
  job.blk = static_cast<std::uint8_t>(blk);
  job.idx = idx;
  job.data = data;
  accept(job);
}

void Router::rerun_end(unsigned blk, std::uint32_t idx, bool escalation) {
  Job job;
  job.kind = escalation ? Job::Kind::Escalate : Job::Kind::Notify;
  job.blk = static_cast<std::uint8_t>(blk);
  job.idx = idx;
  accept(job);
}

void Router::message(std::uint64_t data, TraceId trace, unsigned depth) {
  Job job;
  job.trace = trace;
  job.depth = static_cast<std::uint8_t>(depth);
  job.pq_checked = (data & trigger_data::kPqChecked) != 0;
  if ((data & trigger_data::kEnd) != 0) {
    job.kind = Job::Kind::End;
    job.blk = static_cast<std::uint8_t>(eas::kEndBlock.get(data));
    job.idx = static_cast<std::uint32_t>(eas::kEndIndex.get(data));
    job.data = static_cast<std::uint32_t>(eas::kEndData.get(data));
  } else {
    job.kind = Job::Kind::Eas;
    job.blk = static_cast<std::uint8_t>(trigger_data::kBlock.get(data));
    job.idx = static_cast<std::uint32_t>(trigger_data::kIndex.get(data));
  }
  accept(job);
}

void Router::sync(std::uint32_t bit) {
  if (env_.broken(Defect::B20SyncTooEarly)) {
    if (sync_sink_ != nullptr) sync_sink_->on_sync_done(bit, accepted_ - finished_);
    return;
  }
  Job job;
  job.kind = Job::Kind::Sync;
  job.data = bit;
  job.trace = accepted_;
  queue_.push(job);
  go();
}

// ---- Steps
// ---------------------------------------------------------------------------------------

void Router::go() {
  if (!paced_) {
    pump();
  } else if (work_ != nullptr) {
    work_->on_work();
  }
}

void Router::pump() {
  if (running_) return;
  running_ = true;
  while (step()) {
  }
  running_ = false;
}

void Router::begin() {
  job_ = queue_.front();
  queue_.pop();
  delivered_ = false;
  unescalated_ = Outcome::NotRecorded;
  switch (job_.kind) {
    case Job::Kind::Eas:
      stage_ = Stage::Eas;
      break;
    case Job::Kind::End:
      stage_ = Stage::End;
      break;
    case Job::Kind::Notify:
      stage_ = Stage::Notify;
      break;
    case Job::Kind::Escalate:
      stage_ = Stage::Escalate;
      break;
    case Job::Kind::Sync:
      env_.hop(0, Hop::Sync, 0, 0);
      if (sync_sink_ != nullptr) {
        sync_sink_->on_sync_done(job_.data, job_.trace > finished_ ? job_.trace - finished_ : 0);
      }
      break;
  }
}

bool Router::step() {
  if (stage_ == Stage::Idle) {
    if (queue_.empty()) return false;
    begin();
    if (stage_ == Stage::Idle) return true;
  }
  switch (stage_) {
    case Stage::Eas:
      eas_stage();
      return true;
    case Stage::End:
      end_stage();
      return true;
    case Stage::Notify:
      notify_stage();
      return stage_ != Stage::Presenting;
    case Stage::Escalate:
      escalate_stage();
      return true;
    case Stage::Presenting:
    case Stage::Idle:
      break;
  }
  return false;
}

void Router::finish(Outcome outcome) {
  stage_ = Stage::Idle;
  ++finished_;
  if (env_.observer != nullptr) {
    env_.observer->on_outcome(job_.trace, outcome);
    if (env_.broken(Defect::OutcomeTwice)) env_.observer->on_outcome(job_.trace, outcome);
  }
}

void Router::forward(std::uint64_t address, std::uint64_t data) {
  const ChipNode* peer = fabric_.by_notify_page(address);
  if (peer == nullptr) return fault(FirId::ForwardNoTarget, address);
  if (job_.depth >= kMaxDepth) return fault(FirId::ForwardLoop, detail());
  env_.hop(job_.trace, Hop::Forward, job_.blk, job_.idx);
  stage_ = Stage::Idle;
  ++finished_;  // from here on it is the other chip's event
  peer->router.message(data, job_.trace, job_.depth + 1U);
}

void Router::eas_stage() {
  env_.hop(job_.trace, Hop::Eas, job_.blk, job_.idx);
  const auto place = tables_.vc().place(Table::Eas, job_.blk);
  if (place == VsdTable::Place::Forward) {
    return forward(tables_.vc().forward_address(Table::Eas, job_.blk),
                   trigger_data::for_eas(job_.blk, job_.idx, job_.pq_checked));
  }
  EasEvent event{
      .trace = job_.trace, .blk = job_.blk, .idx = job_.idx, .pq_checked = job_.pq_checked};
  Outcome outcome = Outcome::Fault;
  bool go = tables_.read_eas(job_.blk, job_.idx, event.eas);
  event.read = go;
  if (go && (!job_.pq_checked || env_.broken(Defect::B36PqCheckedBitIgnored))) {
    event.pq_run = true;
    env_.hop(job_.trace, Hop::Esb, job_.blk, job_.idx);
    const auto pq = tables_.step_esb(job_.blk, job_.idx, PqOp::Trigger);
    go = pq.ok && pq.forward;
    if (pq.ok && !pq.forward) outcome = Outcome::PqStopped;
  }
  if (go && (event.eas & eas::kValid) == 0) {
    env_.fir.report(FirId::EasInvalid, detail());
    go = env_.broken(Defect::EasInvalidForwards);
  } else if (go && (event.eas & eas::kMasked) != 0) {
    outcome = Outcome::EasMasked;
    go = env_.broken(Defect::EasMaskedForwards);
  }
  event.end_triggered = go;
  if (env_.observer != nullptr) env_.observer->on_eas(event);
  if (!go) return finish(outcome);
  job_.blk = static_cast<std::uint8_t>(eas::kEndBlock.get(event.eas));
  job_.idx = static_cast<std::uint32_t>(eas::kEndIndex.get(event.eas));
  job_.data = static_cast<std::uint32_t>(eas::kEndData.get(event.eas));
  if (env_.broken(Defect::EqDataBit31Leaks)) job_.data |= 0x80000000U;
  stage_ = Stage::End;
}

/// Writes one entry; returns the new word 1, or nothing after a fault (queue size, bus error).
std::optional<std::uint32_t> Router::enqueue(const End& end, std::uint32_t w1, EndEvent& event) {
  const std::uint32_t at = w1 & end_w1::kPageOff;
  if (end.eq_entries == 0 || at >= end.eq_entries) {
    env_.fir.report(FirId::EndQueueSize, detail());
    return std::nullopt;
  }
  std::uint64_t address = end.eq_address + 4U * std::uint64_t{at};
  if (env_.broken(Defect::B25EqAddressTruncated)) address &= 0xffffffffU;
  const std::uint32_t generation = (w1 & end_w1::kGeneration) != 0 ? 0x80000000U : 0U;
  const std::uint32_t word = env_.broken(Defect::EqDataBit31Leaks)
                                 ? generation | job_.data
                                 : generation | (job_.data & 0x7fffffffU);
  if (!platform::store_be<4>(env_.memory, address, word)) {
    env_.fir.report(FirId::EqBusError, address);
    return std::nullopt;
  }
  event.eq_written = true;
  event.eq_address = address;
  event.eq_word = word;
  if (env_.queues != nullptr) env_.queues->on_entry(word & 0x7fffffffU);
  env_.hop(job_.trace, Hop::EqWrite, job_.blk, job_.idx);
  const std::uint32_t last =
      env_.broken(Defect::EqWrapEarly) ? end.eq_entries - 2 : end.eq_entries - 1;
  if (at < last) return (w1 & ~end_w1::kPageOff) | (at + 1);
  w1 &= ~end_w1::kPageOff;
  if (!env_.broken(Defect::EqGenerationStuck)) w1 ^= end_w1::kGeneration;
  return w1 | tables_.generation().wrap_flag;
}

void Router::end_stage() {
  const auto place = tables_.vc().place(Table::End, job_.blk);
  if (place == VsdTable::Place::Forward && !env_.broken(Defect::B35RemoteEndHandledLocally)) {
    return forward(tables_.vc().forward_address(Table::End, job_.blk),
                   trigger_data::for_end(job_.blk, job_.idx, job_.data));
  }
  env_.hop(job_.trace, Hop::End, job_.blk, job_.idx);
  // The mutant takes the first local block instead of asking the owner.
  unsigned blk = job_.blk;
  if (place == VsdTable::Place::Forward) {
    for (blk = 0; blk < 16 && tables_.vc().place(Table::End, blk) != VsdTable::Place::Local;) ++blk;
  }
  Tables::EndEntry entry;
  if (!tables_.read_end(blk, job_.idx, entry)) return finish(Outcome::Fault);
  const EndImage before = entry.image;
  const End end = tables_.generation().decode_end(entry.image);
  EndEvent event{.trace = job_.trace,
                 .chip = env_.chip,
                 .blk = job_.blk,
                 .idx = job_.idx,
                 .data = job_.data,
                 .redistribute = job_.redistribute,
                 .local = place == VsdTable::Place::Local,
                 .enable_s = settings_.enable_s,
                 .before = &before.bytes,
                 .after = &entry.image.bytes};
  Outcome outcome = Outcome::Fault;
  std::uint32_t w1 = entry.image.word(1);
  bool ok = true;
  const auto put_in_queue = [&] {
    if (!end.enqueue || job_.redistribute) return;
    if (const auto next = enqueue(end, w1, event)) {
      w1 = *next;
    } else {
      ok = false;
    }
  };
  if (!end.valid) env_.fir.report(FirId::EndInvalid, detail());
  if (!end.valid && !env_.broken(Defect::EndInvalidEnqueues)) {
    ok = false;
  } else if (end.crowd && !end.ignore) {
    env_.fir.report(FirId::EndFormat, detail());
    ok = false;
  } else {
    const bool late = env_.broken(Defect::EqAfterCoalescing);
    if (!late) put_in_queue();
    const bool silent = end.silent && settings_.enable_s;
    if (!ok) {
    } else if (silent && !env_.broken(Defect::SilentEndNotifies)) {
      event.next = EndEvent::Next::Escalate;
    } else if (!end.format && end.prio == 0xff && !env_.broken(Defect::MaskedEndNotifies)) {
      event.next = EndEvent::Next::Masked;
      outcome = Outcome::EndMasked;
    } else if (!end.format && end.prio > 7 && end.prio != 0xff) {
      env_.fir.report(FirId::EndPriority, detail());
    } else {
      bool go = true;
      if (!end.uncond_notify || env_.broken(Defect::EsnTouchedByUncond)) {
        const Pq esn = end_w1::esn(w1);
        const PqStep step = run_pq(env_, PqOp::Trigger, esn);
        go = step.forward || end.uncond_notify || env_.broken(Defect::EsnIgnored);
        w1 = end_w1::with_esn(w1, step.next);
        if (env_.observer != nullptr) {
          env_.observer->on_pq({PqPlace::EndNotify, job_.blk, job_.idx, PqOp::Trigger, esn,
                                step.next, step.forward, false});
        }
      }
      event.next = go ? EndEvent::Next::Notify : EndEvent::Next::Coalesced;
      if (!go) outcome = Outcome::Coalesced;
      if (go && late) put_in_queue();
    }
  }
  if (w1 != before.word(1) && !tables_.write_end_w1(blk, job_.idx, entry, w1)) {
    event.next = EndEvent::Next::Error;
  }
  if (!ok) event.next = EndEvent::Next::Error;
  if (env_.observer != nullptr) env_.observer->on_end(event);
  switch (event.next) {
    case EndEvent::Next::Notify:
      notify_of(end);
      stage_ = Stage::Notify;
      break;
    case EndEvent::Next::Escalate:
      stage_ = Stage::Escalate;
      break;
    case EndEvent::Next::Error:
      finish(Outcome::Fault);
      break;
    default:
      finish(outcome);
      break;
  }
}

}  // namespace xive::ic
