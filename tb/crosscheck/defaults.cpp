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

std::string default_platform(const std::string& machine) {
  const std::string name = machine == "powernv10" ? "p10" : "p9";
  const std::string path = XIVE_SOURCE_DIR "/configs/platforms/" + name + "-skiboot.yaml";
  return std::filesystem::exists(path) ? path : "";
}

}  // namespace xive::crosscheck
