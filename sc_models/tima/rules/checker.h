// SPDX-License-Identifier: Apache-2.0
/// What the rules of all groups share: the book, the parameters and a small shadow of each thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/event.h"
#include "sc_models/tima/rules/rule_table.h"
#include "sc_models/tima/types.h"

namespace xive::tima::rules {

/// The memory request of a push that has not committed yet.
struct Fetch {
  std::uint8_t requests = 0;  ///< requests since the last event of the thread
  bool answered = false;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  MemoryResponse answer{};
};

/// An OS context as it was when it was pulled, for TIMA-P84.
struct PulledContext {
  bool usable = false;  ///< valid and evaluated when pulled
  std::uint32_t word2 = 0;
  std::uint8_t ipb = 0, cppr = 0, pipr = 0, nsr = 0;
  bool os_ext = false;
};

/// What a rule must remember of one thread.
struct Shadow {
  bool known = false;  ///< `last` means something
  ThreadState last{};
  Lines lines{};
  bool after_reset = false;  ///< nothing happened here since a block reset
  bool match_since = false;  ///< a MATCH was answered since the last event
  /// "Clean" of section 7 as the rules need it: NSR and line latch of OS, PHYS were last set by the
  /// presentation logic, not by a raw store.
  bool settled_os = false, settled_hv = false;
  bool acked_os = false, acked_hv = false;  ///< accepted, and nothing else happened since
  /// IPBs of OS, POOL, PHYS as the interface alone says: bits [8 * ring + 7 : 8 * ring].
  std::uint32_t ledger = 0;
  Fetch fetch{};
  PulledContext pulled{};
};

/// A MATCH that was answered while a push was waiting for memory: judged for the pushing thread
/// when the push commits, because only then its WORD2 is known.
struct DeferredMatch {
  PresenterRequest request{};
  PresenterResponse response{};
  Cycle cycle = 0;
  std::uint8_t threads = 0;  ///< threads still to be judged
};

struct Checker {
  Checker(const Params& parameters, RuleBook& rule_book);

  /// Before the first rule of an observation.
  void begin(Cycle now) {
    cycle = now;
    rows = book->rows(first);
  }
  /// Counts a chance of rule `id`; when `ok` is false also a violation, described by `describe()`.
  template <class Describe>
  void expect(RuleId id, bool ok, const Describe& describe) {
    ++rows[static_cast<std::size_t>(id)].hits;
    if (!ok) [[unlikely]] {
      violated(id, describe);
    }
  }
  template <class Describe>
  [[gnu::cold, gnu::noinline]] void violated(RuleId id, const Describe& describe) {
    book->fire(first + static_cast<RuleBook::Index>(id), cycle, describe());
  }

  Params params;
  StaticInputs inputs{};
  bool configured = false;
  RuleBook* book;
  RuleBook::Index first = 0;        ///< index of RuleId 0 in the book
  RuleBook::Entry* rows = nullptr;  ///< the book from there on, during an observation
  Cycle cycle = 0;                  ///< of the observation being judged
  Cycle last_event = 0;
  std::array<Shadow, kMaxThreads> threads{};

  /// Threads of the unanswered memory requests, oldest first; a ring buffer.
  static constexpr unsigned kMaxOutstanding = 2 * kMaxThreads;
  std::array<std::uint8_t, kMaxOutstanding> waiting{};
  unsigned waiting_head = 0;
  unsigned waiting_count = 0;

  static constexpr unsigned kMaxDeferred = 16;
  std::array<DeferredMatch, kMaxDeferred> deferred{};
  unsigned deferred_count = 0;
};

}  // namespace xive::tima::rules
