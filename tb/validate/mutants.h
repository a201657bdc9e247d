// SPDX-License-Identifier: Apache-2.0
/// The mutation run: every deliberate fault of the RTL must be found.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tb/validate/shard.h"

namespace xive::validate {

/// One entry of rtl/mutants.json that this generation has.
struct Mutant {
  unsigned number = 0;
  std::string id;       ///< "H1": section 8 of the specification; "M64": our own
  std::string summary;  ///< what is wrong
};

/// Reads the text of a catalogue: the mutants of a generation, 0 = all. std::invalid_argument if it
/// is no catalogue or has none of that generation.
std::vector<Mutant> read_mutants(std::string_view text, unsigned generation);

/// The catalogue that was built in.
std::string_view built_in_mutants();

/// What became of a mutant.
struct MutantResult {
  Mutant mutant;
  std::optional<Finding> finding;  ///< none = it survived
  std::uint64_t operations = 0;    ///< until detection, or all
  double seconds = 0;
};

std::string mutants_text(const std::vector<MutantResult>& results);
nlohmann::json mutants_json(const std::vector<MutantResult>& results);

}  // namespace xive::validate
