// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/isa_page.h"

#include <set>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "sc_models/ppc/iss/instruction.h"

namespace xive::ppc::iss {
namespace {

/// Mnemonics in the order of the table, each once, in lines of at most 100 characters.
std::string names(std::span<const Instruction> rows, std::uint8_t with, std::uint8_t without) {
  std::set<std::string_view> seen;
  std::string text, line;
  for (const Instruction& row : rows) {
    if ((row.flags & with) != with || (row.flags & without) != 0) continue;
    if (!seen.insert(row.mnemonic).second) continue;
    const std::string item = fmt::format("`{}`", row.mnemonic);
    if (!line.empty() && line.size() + 2 + item.size() > 100) {
      text += line + ",\n";
      line.clear();
    }
    if (!line.empty()) line += ", ";
    line += item;
  }
  return text + line + "\n";
}

std::size_t count(std::span<const Instruction> rows, std::uint8_t without) {
  std::set<std::string_view> seen;
  for (const Instruction& row : rows) {
    if ((row.flags & without) == 0) seen.insert(row.mnemonic);
  }
  return seen.size();
}

}  // namespace

std::string isa_page() {
  std::string text = R"(# Instructions of the instruction set simulator

This page is written by `iss-isa-page` from the table in `sc_models/ppc/iss/`, which the decoder uses; a test
compares them. It is Power ISA 3.0; the instructions of 3.1 exist when the PVR says POWER10 (or `IssConfig::isa`
does). A mnemonic that ends in `.` beside one without is not listed again: where `add` is, `add.` is.

)";
  text += fmt::format("{} mnemonics are implemented, counted with their recording forms.\n",
                      count(instructions(), kMissing));
  const struct {
    const char* title;
    std::span<const Instruction> rows;
  } parts[] = {{"Arithmetic and compare", arithmetic_instructions()},
               {"Logical, rotate, shift", logical_instructions()},
               {"Branch and condition register", branch_instructions()},
               {"Load and store", storage_instructions()},
               {"Other storage instructions", special_storage_instructions()},
               {"System", system_instructions()}};
  for (const auto& part : parts) {
    text += fmt::format("\n## {}\n\n{}", part.title, names(part.rows, 0, kV31 | kRecord));
  }
  text += "\n## Power ISA 3.1\n\n" + names(instructions(), kV31, kRecord);
  text += R"(
## Missing

An instruction that is not in the table, or only with its name, takes the interrupt that the architecture has for
it: floating-point, vector or VSX unavailable while the facility is off in the MSR, else hypervisor emulation
assistance (0xE40, with the word in HEIR). `IssStatistics::unimplemented` counts them.

)";
  text += names(missing_instructions(), kMissing, 0);
  text += R"(
## What else is not as on the machine

- Address translation: real mode only (the top four address bits are ignored, HRMOR takes part). With MSR[IR] or
  MSR[DR] every access is an instruction or data storage interrupt. An MMU would implement `AddressTranslation`.
- MSR[SF]=0 (32-bit mode) is stored but addresses and results are not cut to 32 bits.
- There are no caches: `dcbf`, `dcbst`, `dcbt` and the like do nothing. Stores are seen by instruction fetch at
  the next block of code; `icbi` and `isync` are not needed for that, and harmless.
- `tlbie`, `slbie` and the like check the privilege and do nothing. `wait` does nothing. `copy` and `paste.` are illegal.
- A load or store of a device must be aligned, and must not be part of a multiple, string, quadword or atomic
  instruction: alignment interrupt.
- Performance monitor and event-based branch registers hold what is written and count nothing.
- Undefined results are 0 where that costs nothing (quotients that do not exist, fields that `mfocrf` does not name).
- `darn` draws from a generator that begins at the PIR: equal runs draw equal numbers.

## How it is checked

`iss-crosscheck` draws random sequences of the user-mode instructions and compares all registers and memory with
QEMU's user mode, big- and little-endian, 3.0 and 3.1 (`--seed`, `--first`, `--cases`; a failure prints the command
that repeats it). The test suite runs a fixed part. Encodings are compared with binutils for every row. `iss-fuzz`
executes random words under interrupts, resets and refusing devices. Not compared because QEMU 7.2 differs from the
architecture: `divdeo` with a quotient between 2^63 and 2^64, `stqcx.` in user mode; the unit tests have them.
)";
  return text;
}

}  // namespace xive::ppc::iss
