// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace xive::run {

/// Places where packages put skiboot.lid, in the order in which they are tried.
const std::vector<std::string>& firmware_places();

/// The first of `places` that exists. platform::EnvironmentError that names the package and the
/// places when there is none.
std::string find_firmware(const std::vector<std::string>& places = firmware_places());

/// File of a payload: "be", "be-v1" and "le" are those that the build makes (docs/payload.md),
/// found beside the program; anything else is a file itself. platform::EnvironmentError when one of
/// the three was not built.
std::string payload_file(const std::string& name);

}  // namespace xive::run
