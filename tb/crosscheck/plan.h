// SPDX-License-Identifier: Apache-2.0
/// What is compared: the suites of the payload, those that a QEMU cannot run, and the differences
/// that are known. Read from a YAML file; each exclusion and each difference has a reason and a
/// reference.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xive::crosscheck {

struct Suite {
  std::string name;           ///< of the payload's suite
  unsigned chips = 1;         ///< of the machine that it runs on
  unsigned cores = 1;         ///< of each chip
  unsigned threads = 1;       ///< of each core
  std::string label() const;  ///< name, and the machine when it is not the smallest
  unsigned all_threads() const { return chips * cores * threads; }
};

/// A suite that is not run on some QEMU.
struct Exclusion {
  std::string suite;   ///< "*": every suite on machines with several threads a core
  std::string qemu;    ///< versions, e.g. "<10.0"; empty: all
  std::string reason;  ///< one sentence
  std::string spec;    ///< where it is written
};

/// A line that legitimately differs.
struct Difference {
  std::string suite;
  std::string line;      ///< name of the check, note or dump line
  unsigned nth = 0;      ///< which of several with this name, from 1; 0: any
  std::string qemu;      ///< value that QEMU prints; empty: a check without value that fails there
  std::string platform;  ///< value that the platform prints
  std::string versions;  ///< of QEMU, e.g. "<8.0"; empty: all
  std::string reason;
  std::string spec;
  std::string text() const;
};

struct Plan {
  std::string machine = "powernv9";  ///< of QEMU; powernv10 has the second generation
  std::vector<Suite> suites;
  std::vector<Exclusion> excluded;
  std::vector<Difference> differences;
};

/// Throws config::ConfigError that names file and line.
Plan load_plan(const std::string& path);

/// True when version `have` ("7.2.19") fulfils `wanted`: "" (any), "<8.0", ">=8.0". Throws
/// std::invalid_argument for another form.
bool version_in(std::string_view have, std::string_view wanted);

}  // namespace xive::crosscheck
