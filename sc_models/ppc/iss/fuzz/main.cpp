// SPDX-License-Identifier: Apache-2.0
/// iss-fuzz: random code on the instruction set simulator.
#include <cstdint>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "sc_models/ppc/iss/fuzz/fuzz.h"

int main(int argc, char** argv) {
  CLI::App app("Executes random code on the instruction set simulator");
  std::uint64_t seed = 1, instructions = 10'000'000;
  app.add_option("--seed", seed, "Series");
  app.add_option("--instructions", instructions, "How many at least");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto summary = xive::ppc::iss::fuzz::run(seed, instructions);
  fmt::print("{} rounds, {} instructions, {} interrupts, {} device accesses, digest {:016x}\n",
             summary.rounds, summary.instructions, summary.interrupts, summary.device_accesses,
             summary.digest);
  return 0;
}
