// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/rules/rules.h"

#include <fmt/format.h>

#include <stdexcept>

#include "sc_models/tima/rules/groups.h"
#include "sc_models/tima/rules/shadow.h"

namespace xive::tima {

namespace rules {

Checker::Checker(const Params& parameters, RuleBook& rule_book)
    : params(parameters), book(&rule_book) {
  if (parameters.generation != 1) {
    throw std::invalid_argument(
        fmt::format("TIMA rules: generation {} has no rules yet", parameters.generation));
  }
  first = static_cast<RuleBook::Index>(rule_book.entries().size());
  for (const RuleRow& row : rule_table()) {
    rule_book.add(row.info);
  }
}

}  // namespace rules

namespace {

using namespace rules;

/// Judges the answers of MATCH that had to wait for the WORD2 of this push.
void judge_deferred(Checker& c, const View& v) {
  const unsigned thread = v.event.thread % kMaxThreads;
  const Cycle now = c.cycle;
  ThreadState during = v.before;
  for (unsigned byte = reg::kWord2; byte < reg::kWord2 + 4; ++byte) {
    during.at(Ring::Os, byte) = v.is(Ring::Os, byte);
  }
  unsigned kept = 0;
  for (unsigned i = 0; i < c.deferred_count; ++i) {
    DeferredMatch& match = c.deferred[i];
    if (((match.threads >> thread) & 1U) != 0) {
      c.cycle = match.cycle;
      check_match_thread(c, thread, during, match.request, match.response);
      match.threads = static_cast<std::uint8_t>(match.threads & ~(1U << thread));
    }
    if (match.threads != 0) {
      c.deferred[kept++] = match;
    }
  }
  c.deferred_count = kept;
  c.cycle = now;
}

}  // namespace

Rules::Rules(const Params& params, RuleBook& book) : checker_(params, book) {}

void Rules::configure(const StaticInputs& inputs) {
  checker_.inputs = inputs;
  checker_.configured = true;
}

[[gnu::flatten]] void Rules::on_event(const Event& event) {
  Checker& c = checker_;
  c.begin(event.cycle);
  if (event.kind == EventKind::Reset) {
    reset_shadows(c);
    c.last_event = event.cycle;
    return;
  }
  Shadow& shadow = c.threads[event.thread % kMaxThreads];
  const bool known = shadow.known;
  if (!known) {
    adopt(shadow, event.before, event.lines_before);
  }
  const View view(c, event);
  if (known) {
    check_continuity(c, view);
  }
  check_progress(c, view);
  check_structure(c, view);
  check_access(c, view);
  check_lines(c, view);
  if (view.eval_os || view.eval_hv || event.kind == EventKind::Present) {
    check_presentation(c, view);
  }
  if (view.is_ack()) {
    check_ack(c, view);
  } else if (view.is_cppr()) {
    check_cppr(c, view);
  } else if (view.is_pull() || view.push) {
    check_context(c, view);
  }
  check_conservation(c, view);
  if (c.deferred_count != 0) {
    judge_deferred(c, view);
  }
  commit(c, view);
}

void Rules::on_match(const PresenterRequest& request, const PresenterResponse& response,
                     Cycle cycle) {
  Checker& c = checker_;
  c.begin(cycle);
  std::uint8_t waiting = 0;
  for (unsigned t = 0; t < c.params.threads; ++t) {
    Shadow& shadow = c.threads[t];
    shadow.match_since = true;
    if (shadow.fetch.requests != 0) {
      waiting = static_cast<std::uint8_t>(waiting | 1U << t);
    } else if (shadow.known) {
      check_match_thread(c, t, shadow.last, request, response);
    }
  }
  if (waiting != 0 && c.deferred_count < Checker::kMaxDeferred) {
    c.deferred[c.deferred_count++] = {request, response, cycle, waiting};
  }
  check_match_count(c, request, response);
}

void Rules::on_memory(const MemoryRequest& request, Cycle cycle) {
  checker_.begin(cycle);
  note_memory_request(checker_, request);
}

void Rules::on_memory_answer(const MemoryResponse& response, Cycle cycle) {
  checker_.begin(cycle);
  note_memory_answer(checker_, response);
}

void Rules::check_threads(std::span<const ThreadState> now, Cycle cycle) {
  Checker& c = checker_;
  c.begin(cycle);
  for (unsigned t = 0; t < now.size() && t < c.params.threads; ++t) {
    const Shadow& shadow = c.threads[t];
    if (shadow.known) {
      const RuleId id = shadow.after_reset ? RuleId::P20 : RuleId::P21;
      c.expect(id, now[t] == shadow.last, [&] {
        return fmt::format("thread {}: without an event changed {}; {}, {}", t,
                           bytes_text(changed_bytes(shadow.last, now[t])),
                           ring_text(now[t], Ring::Os), ring_text(now[t], Ring::Phys));
      });
    }
  }
}

void Rules::finish(Cycle cycle) {
  checker_.begin(cycle);
  check_nothing_open(checker_);
}

}  // namespace xive::tima
