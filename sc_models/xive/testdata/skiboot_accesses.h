// SPDX-License-Identifier: Apache-2.0
/// The recorded register accesses of skiboot (README.md) for tests that replay them.
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace xive::ic::test {

struct SkibootAccess {
  unsigned seq = 0;
  bool write = false;
  std::uint64_t address = 0;
  unsigned size = 0;  ///< bytes
  std::uint64_t value = 0;
};

inline std::vector<SkibootAccess> skiboot_accesses() {
  std::ifstream file(XIVE_TESTDATA "/skiboot-7.0-p9-registers.csv");
  std::vector<SkibootAccess> accesses;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream in(line);
    std::string seq, dir, address, size, value;
    for (std::string* field : {&seq, &dir, &address, &size, &value}) std::getline(in, *field, ',');
    accesses.push_back({static_cast<unsigned>(std::stoul(seq)), dir == "write",
                        std::stoull(address, nullptr, 16), static_cast<unsigned>(std::stoul(size)),
                        std::stoull(value, nullptr, 16)});
  }
  return accesses;
}

/// Bits of a value read that a replay compares; places that are not in the list compare in full.
inline std::uint64_t compared_bits(const SkibootAccess& access) {
  constexpr std::uint64_t kSyncDone = 0xf8000000;
  switch (access.address) {
    // The recording machine answers CWATCH_SPEC with fixed ones; what firmware looks at is CONFLICT
    // together with FULL, so CONFLICT = 0 is the fact.
    case 0x6030203100928:
    case 0x6030203100738:
      return 0x8000000000000000;
    // It holds the sync done bits at 1 from reset on and stores nothing else in VC_EQC_CONFIG.
    case 0x6030203100920:
      return access.seq == 30 ? 0 : kSyncDone;
    // Reset value of hardware is 0x5000000000000000 (xive-chip.md 3.1).
    case 0x6030203100050:
      return access.seq == 22 ? 0 : ~std::uint64_t{0};
    // It does not reset the thread when its enable falls, hardware does.
    case 0x6030203140038:
      return access.seq == 243 ? 0 : ~std::uint64_t{0};
    default:
      return ~std::uint64_t{0};
  }
}

}  // namespace xive::ic::test
