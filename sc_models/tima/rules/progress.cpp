// SPDX-License-Identifier: Apache-2.0
/// Property 96 of spec/tima.md section 7: operations commit once and in order, and make no more
/// memory requests than they may.
#include <fmt/format.h>

#include "sc_models/tima/rules/shadow.h"

namespace xive::tima::rules {

void note_memory_request(Checker& c, const MemoryRequest& request) {
  Shadow& shadow = c.threads[request.thread % kMaxThreads];
  const bool legal = request.op == MemoryOp::NvtIpbFetchClr;  // the only one of generation 1
  const bool first = shadow.fetch.requests == 0;
  const bool room = c.waiting_count < Checker::kMaxOutstanding;
  c.expect(RuleId::P96, legal && first && room && request.thread < c.params.threads, [&] {
    return fmt::format(
        "memory request op {} of thread {}: {} request(s) since its last event, {} "
        "unanswered in all; a push makes one fetch and nothing else makes any",
        static_cast<unsigned>(request.op), request.thread, shadow.fetch.requests + 1,
        c.waiting_count + 1);
  });
  if (shadow.fetch.requests < 0xff) {
    ++shadow.fetch.requests;
  }
  shadow.fetch.answered = false;
  shadow.fetch.blk = request.blk;
  shadow.fetch.idx = request.idx;
  if (!is_posted(request.op) && room) {
    c.waiting[(c.waiting_head + c.waiting_count) % Checker::kMaxOutstanding] =
        static_cast<std::uint8_t>(request.thread % kMaxThreads);
    ++c.waiting_count;
  }
}

void note_memory_answer(Checker& c, const MemoryResponse& response) {
  c.expect(RuleId::P96, c.waiting_count != 0, [&] {
    return fmt::format("answer to no memory request (ok {}, IPB {:02X})", response.ok ? 1 : 0,
                       response.ipb);
  });
  if (c.waiting_count == 0) {
    return;
  }
  Shadow& shadow = c.threads[c.waiting[c.waiting_head]];
  c.waiting_head = (c.waiting_head + 1) % Checker::kMaxOutstanding;
  --c.waiting_count;
  shadow.fetch.answered = true;
  shadow.fetch.answer = response;
}

void check_progress(Checker& c, const View& v) {
  const Fetch& fetch = v.shadow.fetch;
  const bool waits = fetch.requests != 0 && !fetch.answered;
  const bool wanted = v.push;
  const bool in_order = v.event.cycle >= c.last_event && v.event.last;
  const bool ok = !waits && (fetch.requests == 0 || wanted) && in_order;
  c.expect(RuleId::P96, ok, [&] {
    return fmt::format("{}: {} memory request(s), {}; last={}, cycle {} after {}", v.text(),
                       fetch.requests, waits ? "unanswered" : "none unanswered",
                       v.event.last ? 1 : 0, v.event.cycle, c.last_event);
  });
}

void check_nothing_open(Checker& c) {
  for (unsigned t = 0; t < c.params.threads; ++t) {
    const Fetch& fetch = c.threads[t].fetch;
    c.expect(RuleId::P96, fetch.requests == 0, [&] {
      return fmt::format("thread {}: its operation never committed after {} memory request(s)", t,
                         fetch.requests);
    });
  }
}

}  // namespace xive::tima::rules
