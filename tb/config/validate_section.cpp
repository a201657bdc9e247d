// SPDX-License-Identifier: Apache-2.0
#include "tb/config/validate_section.h"

#include <cstdint>

#include "tb/config/tima_choice.h"

namespace xive::config {

using tima::Knobs;
using validate::ValidateOptions;

Schema<Knobs> knobs_schema() {
  return object<Knobs>("knobs",
                       "Choices that the specification leaves to an implementation (tima.md 0.4).")
      .field("ack_recompute", &Knobs::ack_recompute, boolean(),
             "an acknowledge computes PIPR anew from IPB instead of leaving it")
      .field("pull64_lo", &Knobs::pull64_lo, boolean(),
             "an 8-byte pull returns WORD2 in the low half instead of the high half")
      .field("g1_pool_push", &Knobs::g1_pool_push, boolean(),
             "generation 1: a store to POOL WORD2 from pages 0 and 1 reaches all its bytes")
      .field("save_clr_ipb", &Knobs::save_clr_ipb, boolean(),
             "generation 2: a successful save clears IPB")
      .field("pool_cppr", &Knobs::pool_cppr, boolean(),
             "generation 2: a POOL restore overwrites the CPPR of PHYS")
      .field("lsmfb_min", &Knobs::lsmfb_min, boolean(),
             "generation 2: a broadcast never makes LSMFB less favoured")
      .field("low400_alias", &Knobs::low400_alias, boolean(),
             "offsets 0x400 to 0x7ff alias the raw registers instead of being errors")
      .field("user_ring", &Knobs::user_ring, boolean(),
             "ring USER has its extensions (event-based branches)")
      .field("cppr_load", &Knobs::cppr_load, boolean(),
             "CPPR of OS and PHYS can be loaded with one byte");
}

Schema<ValidateOptions> validate_schema() {
  using Options = ValidateOptions;
  constexpr double kMaxMinutes = 7.0 * 24 * 60;
  return object<Options>("validate", "Constrained-random validation of a TIMA.")
      .field("generation", &Options::generation, integer(1U, 1U), "TIMA generation")
      .field("threads", &Options::threads, integer(1U, tima::kMaxThreads),
             "hardware threads of the core")
      .field("tima", &Options::tima, tima_choice(),
             "what is driven: the reference, the Verilated RTL, or both in lock-step")
      .field("random_knobs", &Options::random_knobs, boolean(),
             "draw the knobs anew for each shard")
      .field("knobs", &Options::knobs, knobs_schema(), "knobs in force while random_knobs is false")
      .field("mutant", &Options::mutant, integer(0U, 255U), "deliberate RTL fault; 0: none")
      .field("seed", &Options::seed, integer(std::uint64_t{0}),
             "seed; the same seed gives the same run")
      .field("ops", &Options::ops, integer(std::uint64_t{0}, std::uint64_t{1'000'000'000'000}),
             "operations; 0: no limit, minutes ends the run")
      .field("minutes", &Options::minutes, real(0, kMaxMinutes), "wall time; 0: no limit")
      .field("shard_ops", &Options::shard_ops, integer(std::uint64_t{1}, std::uint64_t{10'000'000}),
             "operations of one shard, the unit of work of a job; part of the digest")
      .field("jobs", &Options::jobs, integer(0U, 1024U), "worker processes; 0: one per processor")
      .field("stalls", &Options::stalls, boolean(), "random stalls on each handshake")
      .field("skip_idle", &Options::skip_idle, boolean(),
             "jump over idle cycles instead of evaluating them")
      .field("shrink", &Options::shrink, boolean(), "reduce the operations after a violation")
      .field("shrink_seconds", &Options::shrink_seconds, real(0, 3600), "time for the reduction")
      .field("mutant_ops", &Options::mutant_ops,
             integer(std::uint64_t{1}, std::uint64_t{1'000'000'000}),
             "operations after which a mutant counts as survived")
      .constraint("ops", "at least 1 while minutes is 0",
                  [](const Options& options) { return options.ops > 0 || options.minutes > 0; });
}

}  // namespace xive::config
