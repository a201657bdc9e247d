// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/rules/queue_rules.h"

#include <fmt/format.h>

namespace xive::machine {
namespace {

// END words of generation 1 (xive-chip.md 1.6), read here once more, independently of the router.
constexpr std::uint32_t kValid = 0x80000000, kEnqueue = 0x40000000, kGeneration = 0x00400000,
                        kIndex = 0x003fffff, kUncondEscalate = 0x02000000;
/// Marks the number of a source that is the escalation of an END.
constexpr std::uint64_t kEscalationSource = std::uint64_t{1} << 63U;

std::uint32_t word(const std::array<std::uint8_t, 32>& image, unsigned n) {
  const std::uint8_t* p = image.data() + 4U * n;
  return std::uint32_t{p[0]} << 24U | std::uint32_t{p[1]} << 16U | std::uint32_t{p[2]} << 8U |
         std::uint32_t{p[3]};
}

std::uint64_t key(unsigned blk, std::uint32_t idx) {
  return std::uint64_t{blk} << 32U | idx;
}

}  // namespace

QueueRules::QueueRules(const RuleContext& context)
    : context_(context),
      eq_(context, {"CHK-EQ",
                    "queue entries are written in order, toggled at each wrap, never over an "
                    "entry that was not consumed, never to a disabled queue",
                    "scenarios.md 0.1"}),
      dup_(context,
           {"CHK-QDUP", "no source has two unconsumed queue entries", "scenarios.md 0.1"}) {}

void QueueRules::on_trigger(const ic::TriggerEvent& event) {
  if (!event.end_trigger) trace_source_[event.trace] = key(event.blk, event.idx) + 1;
}

void QueueRules::on_outcome(ic::TraceId trace, ic::Outcome) {
  trace_source_.erase(trace);
}

void QueueRules::on_escalation(const ic::EscalationEvent& event) {
  if (!event.escalated) return;
  // What goes on under this trace is the escalation, not the source. An END that escalates
  // conditionally is a source like any other; one that does always may queue several entries.
  if ((word(*event.before, 0) & kUncondEscalate) != 0 && event.enable_u) {
    trace_source_.erase(event.trace);
  } else {
    trace_source_[event.trace] = (key(event.blk, event.idx) + 1) | kEscalationSource;
  }
}

void QueueRules::on_end(const ic::EndEvent& event) {
  if (!event.eq_written) return;
  const std::uint64_t end = key(event.blk, event.idx);
  check_order(event, end);
  if (context_.loads_seen) remember(event, end);
}

/// Software rewrites an END: from here on its queue is what the END says.
void QueueRules::on_watch(const ic::WatchEvent& event) {
  if (event.kind != ic::WatchEvent::Kind::Commit || event.nvt || !event.written) return;
  const std::uint64_t end = key(event.blk, event.idx);
  Queue* const known = queues_.find(end);
  if (known == nullptr) return;
  known->known = false;
  const bool moved =
      event.live[0] >> 32U != event.after[0] >> 32U || event.live[1] != event.after[1];
  if (!moved) return;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto here = entry++;
    if (here->second.end == end) consume(here);
  }
}

void QueueRules::check_order(const ic::EndEvent& event, std::uint64_t end) {
  const std::uint32_t w0 = word(*event.before, 0), w1 = word(*event.before, 1);
  const std::uint64_t base =
      (std::uint64_t{word(*event.before, 2)} & 0x0fffffffU) << 32U | word(*event.before, 3);
  const std::uint32_t entries = 1024U << (w0 >> 16U & 0xfU);
  const auto where = [&] { return fmt::format("END {}/{:#x}", event.blk, event.idx); };
  eq_.expect((w0 & kValid) != 0 && (w0 & kEnqueue) != 0,
             [&] { return fmt::format("{}: entry written, word 0 is {:#010x}", where(), w0); });
  Queue& queue = queues_[end];
  if (queue.known && queue.base == base && queue.entries == entries &&
      queue.word1 != (w1 & (kGeneration | kIndex)) && (w1 & kIndex) != 0) {
    // Software starts a queue at its begin; anything else in between is an error.
    eq_.fire(fmt::format("{}: index and generation {:#x}, {:#x} expected", where(),
                         w1 & (kGeneration | kIndex), queue.word1));
  }
  const std::uint32_t index = w1 & kIndex;
  eq_.expect(event.eq_address == base + 4ULL * index, [&] {
    return fmt::format("{}: entry {} written at {:#x}, {:#x} expected", where(), index,
                       event.eq_address, base + 4ULL * index);
  });
  eq_.expect((event.eq_word >> 31U != 0) == ((w1 & kGeneration) != 0), [&] {
    return fmt::format("{}: entry {:#010x} with the wrong generation", where(), event.eq_word);
  });
  const bool wraps = index + 1 >= entries;
  const std::uint32_t next =
      wraps ? ((w1 & kGeneration) ^ kGeneration) : ((w1 & kGeneration) | (index + 1));
  const std::uint32_t after = word(*event.after, 1) & (kGeneration | kIndex);
  eq_.expect(after == next, [&] {
    return fmt::format("{}: after entry {} of {} index and generation are {:#x}, {:#x} expected",
                       where(), index, entries, after, next);
  });
  queue = {base, entries, after, true};
}

void QueueRules::remember(const ic::EndEvent& event, std::uint64_t end) {
  const auto there = entries_.find(event.eq_address);
  if (there != entries_.end()) {
    // A page that serves another END now was taken from the first one.
    if (there->second.end == end) {
      eq_.fire(fmt::format("END {}/{:#x}: entry {:#010x} at {:#x} overwritten before it was read",
                           event.blk, event.idx, there->second.word, event.eq_address));
    }
    consume(there);
  }
  Entry entry{end, 0, event.eq_word};
  if (const std::uint64_t* const source = trace_source_.find(event.trace)) {
    entry.source = *source;
    const auto [older, fresh] = sources_.try_emplace(entry.source, event.eq_address);
    dup_.expect(fresh, [&, first = older] {  // clang 14 captures no structured binding by itself
      const std::uint64_t number = (entry.source & ~kEscalationSource) - 1;
      return fmt::format("{} {}/{:#x}: a second entry at {:#x}, the first at {:#x} is unread",
                         (entry.source & kEscalationSource) != 0 ? "escalation of END" : "source",
                         number >> 32U, number & 0xffffffffU, event.eq_address, first->second);
    });
    older->second = event.eq_address;
  }
  entries_[event.eq_address] = entry;
}

void QueueRules::consume(std::unordered_map<std::uint64_t, Entry>::iterator entry) {
  const auto source = sources_.find(entry->second.source);
  if (source != sources_.end() && source->second == entry->first) sources_.erase(source);
  entries_.erase(entry);
}

void QueueRules::moved(std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
  std::vector<std::pair<std::uint64_t, Entry>> copied;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->first - from >= bytes) {
      ++entry;
      continue;
    }
    copied.emplace_back(entry->first - from + to, entry->second);
    entry = entries_.erase(entry);
  }
  for (const auto& [address, entry] : copied) {
    entries_[address] = entry;
    if (entry.source != 0) sources_[entry.source] = address;
  }
}

void QueueRules::on_access(const platform::Request& request, const platform::Response& response) {
  if (request.command != platform::Command::Load || request.size != 4 ||
      !request.requester.is_thread()) {
    return;
  }
  const auto entry = entries_.find(request.address);
  if (entry != entries_.end() && entry->second.word == response.data) consume(entry);
}

}  // namespace xive::machine
