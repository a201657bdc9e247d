// SPDX-License-Identifier: Apache-2.0
/// Where things are in the source and build tree that this program comes from.
#pragma once

#include <string>

namespace xive::crosscheck {

/// For "powernv9" or "powernv10".
std::string default_plan(const std::string& machine);
/// "be", "be-v1" or "le": the payload of this build; anything else is a file already.
std::string payload_file(const std::string& name);
/// A file in configs/platforms/, by its name without extension.
std::string platform_config(const std::string& name);
/// Configuration of the platform that boots firmware like this machine; empty when this tree has
/// none.
std::string default_platform(const std::string& machine);

}  // namespace xive::crosscheck
