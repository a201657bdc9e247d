// SPDX-License-Identifier: Apache-2.0
/// iss-crosscheck: random instruction sequences on the ISS and on QEMU's user mode.
#include <cstdint>
#include <exception>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "sc_models/ppc/iss/crosscheck/oracle.h"
#include "sc_models/ppc/iss/crosscheck/subject.h"

int main(int argc, char** argv) {
  using namespace xive::ppc::iss::crosscheck;
  CLI::App app("Compares the instruction set simulator with QEMU's user mode on random code");
  std::uint64_t seed = 1, first = 0, cases = 100'000, show = 3;
  Setting setting;
  std::string isa = "3.0";
  bool coverage = false;
  app.add_option("--seed", seed, "Series of cases");
  app.add_option("--first", first, "Number of the first case");
  app.add_option("--cases", cases, "How many");
  app.add_option("--show", show, "How many failures to print");
  app.add_option("--isa", isa, "Power ISA")->check(CLI::IsMember({"3.0", "3.1"}));
  app.add_flag("--little-endian", setting.little_endian, "Little-endian mode");
  app.add_flag("--coverage", coverage, "Print how often each instruction was tried");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  setting.v31 = isa == "3.1";
  const std::string missing = missing_for_oracle(setting);
  if (!missing.empty()) {
    fmt::print(stderr, "iss-crosscheck: {}\n", missing);
    return 3;
  }
  try {
    const Summary summary = compare(seed, first, cases, setting, [&](const std::string& text) {
      if (show == 0) return;
      --show;
      fmt::print("{}\n", text);
    });
    if (coverage) {
      for (const auto& [name, count] : summary.by_mnemonic) fmt::print("{:10} {}\n", name, count);
    }
    fmt::print("{} cases, {} instructions, {} mnemonics, {} failures\n", summary.cases,
               summary.instructions, summary.by_mnemonic.size(), summary.failures);
    return summary.failures == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "iss-crosscheck: {}\n", error.what());
    return 3;
  }
}
