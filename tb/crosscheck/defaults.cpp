// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/defaults.h"

#include <filesystem>

namespace xive::crosscheck {

std::string default_plan(const std::string& machine) {
  return XIVE_SOURCE_DIR "/tb/crosscheck/" + machine + ".yaml";
}

std::string payload_file(const std::string& name) {
  if (name == "be" || name == "be-v1" || name == "le") {
    return XIVE_PAYLOAD_DIR "/xive-payload-" + name + ".elf";
  }
  return name;
}

std::string platform_config(const std::string& name) {
  return XIVE_SOURCE_DIR "/configs/platforms/" + name + ".yaml";
}

std::string default_platform(const std::string& machine) {
  const std::string path = platform_config(machine == "powernv10" ? "p10-skiboot" : "p9-skiboot");
  return std::filesystem::exists(path) ? path : "";
}

}  // namespace xive::crosscheck
