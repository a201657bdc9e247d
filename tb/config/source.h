// SPDX-License-Identifier: Apache-2.0
/// From a path to a YAML tree: everything that can be wrong before the first key is looked at.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <string>

namespace xive::config {

/// A configuration file above this size is a mistake (a waveform, a log).
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20U;

/// Reads the file and parses it as one YAML document. Throws ConfigError of kind File (missing,
/// unreadable, no regular file, too large, empty) or Syntax (no UTF-8, tab as indentation, not
/// YAML, several documents).
YAML::Node load_yaml(const std::string& path);

}  // namespace xive::config
