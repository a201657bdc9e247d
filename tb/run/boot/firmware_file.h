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

}  // namespace xive::run
