// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/shard_config.h"

#include "tb/validate/random.h"

namespace xive::validate {
namespace {

using Weights = std::array<std::uint16_t, kOpClasses>;

// Order of OpClass. The presenter and the MMIO part are drawn from separately.
constexpr Weights kFirmware{90, 60, 12, 20, 6,  6,  24, 14, 8, 10, 14, 14, 20, 0, 0, 0, 0,
                            0,  0,  0,  0,  90, 40, 8,  0,  0, 0,  0,  0,  0,  0, 0, 0};
constexpr Weights kMixed{80, 50, 14, 18, 10, 8,  24, 14, 12, 10, 10, 10, 30, 24, 6, 12, 10,
                         8,  6,  8,  16, 80, 40, 14, 6,  6,  0,  10, 14, 4,  0,  0, 0};
constexpr Weights kChaos{40, 25, 10, 14, 12, 10, 20, 16, 14, 8, 8,  8,  60, 90, 20, 40, 40,
                         30, 30, 30, 80, 50, 30, 30, 14, 20, 0, 30, 60, 14, 0,  0,  0};

std::uint16_t scale(Random& random, std::uint16_t weight) {
  // Swarm: each shard leaves some classes out and makes others frequent.
  switch (random.below(8)) {
    case 0:
      return 0;
    case 1:
      return static_cast<std::uint16_t>(weight / 2U);
    case 2:
      return static_cast<std::uint16_t>(weight * 2U);
    case 3:
      return static_cast<std::uint16_t>(weight * 4U);
    default:
      return weight;
  }
}

Pace draw_pace(Random& random, bool dense) {
  static constexpr std::array<Pace, 5> kPaces{
      {{250, 5, 4}, {200, 40, 2}, {128, 100, 1}, {40, 180, 2}, {8, 120, 1}}};
  return kPaces.at(random.below(dense ? 2 : 5));
}

tima::Knobs draw_knobs(Random& random) {
  // Half of the shards run with the specification's defaults, the others change each knob by a
  // coin.
  tima::Knobs knobs;
  if (random.coin()) return knobs;
  knobs.ack_recompute = random.coin();
  knobs.pull64_lo = random.coin();
  knobs.g1_pool_push = random.coin();
  knobs.save_clr_ipb = random.coin();
  knobs.pool_cppr = random.coin();
  knobs.lsmfb_min = random.coin();
  knobs.low400_alias = random.coin();
  knobs.user_ring = random.coin();
  knobs.cppr_load = random.coin();
  return knobs;
}

}  // namespace

std::string_view name(Profile profile) {
  static constexpr std::array<std::string_view, kProfiles> kNames{"firmware", "mixed", "chaos",
                                                                  "presenter"};
  return kNames.at(static_cast<std::size_t>(profile));
}

tima::StaticInputs draw_inputs(std::uint64_t seed, unsigned threads) {
  Random random(derive_seed(seed, "inputs"));
  tima::StaticInputs inputs;
  inputs.blk = static_cast<std::uint8_t>(random.below(16));
  const bool orderly = random.chance(160);
  const std::uint32_t base = random.below(0x8000) & ~7U;
  for (unsigned t = 0; t < threads; ++t) {
    // Orderly: consecutive ids of one core. Else: any, two threads may even share the 7 low bits.
    inputs.pir.at(t) =
        static_cast<std::uint16_t>(orderly ? (base + t) & 0x7fffU : random.below(0x8000));
  }
  return inputs;
}

ShardConfig draw_shard(const ShardLimits& limits, std::uint64_t number) {
  ShardConfig config;
  config.number = number;
  config.seed = derive_seed(limits.run_seed, "shard", number);
  config.ops = limits.ops;
  config.params.generation = limits.generation;
  config.params.threads = limits.threads;

  Random random(derive_seed(config.seed, "config"));
  tima::Knobs drawn = draw_knobs(random);
  // Without the USER ring no MATCH with F=1 can find a thread: short runs shall see it, too.
  if (number % 4 == 0) drawn.user_ring = true;
  config.params.knobs = limits.random_knobs ? drawn : limits.knobs;
  config.inputs = draw_inputs(config.seed, limits.threads);

  // The first shard is always mixed: a short run sees a little of everything.
  static constexpr std::array<Profile, 8> kChoice{
      Profile::Firmware, Profile::Firmware, Profile::Mixed, Profile::Mixed,
      Profile::Mixed,    Profile::Chaos,    Profile::Chaos, Profile::Presenter};
  const Profile choice = kChoice.at(random.below(8));
  config.profile = number == 0 ? Profile::Mixed : choice;

  const bool dense = config.profile == Profile::Presenter;
  config.mmio = draw_pace(random, false);
  config.presenter = draw_pace(random, dense);
  static constexpr std::array<std::uint16_t, 4> kDelays{0, 3, 20, 120};
  config.memory_delay = kDelays.at(random.below(4));
  config.hot_thread = static_cast<std::uint8_t>(random.below(limits.threads));
  config.stalls = random.chance(170) && limits.stalls;
  switch (config.profile) {
    case Profile::Firmware:
      config.weights = kFirmware;
      config.script_share = 200;
      config.handler_share = 220;
      config.enable_interval = 60;
      break;
    case Profile::Mixed:
    case Profile::Presenter:
      config.weights = kMixed;
      config.script_share = 110;
      config.handler_share = 120;
      config.reset_interval = 5;
      config.enable_interval = 10;
      break;
    case Profile::Chaos:
      config.weights = kChaos;
      config.script_share = 50;
      config.handler_share = 40;
      config.reset_interval = 2;
      config.enable_interval = 4;
      break;
  }
  for (std::size_t i = 0; i < kFirstPresenter + kPresenterClasses; ++i) {
    const std::uint16_t scaled = scale(random, config.weights.at(i));
    if (number != 0) config.weights.at(i) = scaled;
  }
  // Without these a shard would be dead: nothing valid, nothing open, nothing matched.
  for (const OpClass needed : {OpClass::CpprStore, OpClass::PushOs, OpClass::VtStore,
                               OpClass::MatchPushed, OpClass::MatchThread}) {
    std::uint16_t& weight = config.weights.at(static_cast<std::size_t>(needed));
    if (weight == 0) weight = 8;
  }
  return config;
}

}  // namespace xive::validate
