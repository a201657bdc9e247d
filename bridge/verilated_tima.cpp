// SPDX-License-Identifier: Apache-2.0
#include "bridge/verilated_tima.h"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "bridge/verilated_variant.h"

namespace xive::bridge {

std::unique_ptr<VerilatedTima> make_verilated_tima(const tima::Params& params,
                                                   const RtlOptions& options) {
  static constexpr std::array<MakeVariant*, tima::kMaxThreads> kVariants = {
      make_Vtima_t1, make_Vtima_t2, make_Vtima_t3, make_Vtima_t4,
      make_Vtima_t5, make_Vtima_t6, make_Vtima_t7, make_Vtima_t8};
  if (params.generation != 1) {
    throw std::invalid_argument(
        fmt::format("no TIMA RTL of generation {}; there is generation 1", params.generation));
  }
  if (params.threads < 1 || params.threads > tima::kMaxThreads) {
    throw std::invalid_argument(
        fmt::format("no TIMA RTL with {} threads; there are 1..8", params.threads));
  }
  if (options.mutant == 0) return kVariants[params.threads - 1](params, options);
  if (params.threads != kMutantThreads || options.mutant > 255) {
    throw std::invalid_argument(
        fmt::format("no TIMA RTL of mutant {} with {} threads; mutants 1..255 "
                    "have {} threads",
                    options.mutant, params.threads, kMutantThreads));
  }
  return make_Vtima_mut(params, options);
}

}  // namespace xive::bridge
