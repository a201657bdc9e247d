// SPDX-License-Identifier: Apache-2.0
#include "tb/run/boot/firmware_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "sc_models/platform/file_error.h"

namespace xive::run {

const std::vector<std::string>& firmware_places() {
  static const std::vector<std::string> kPlaces = {
      "/usr/share/qemu/skiboot.lid",     // Debian qemu-system-data, and most others
      "/usr/share/skiboot/skiboot.lid",  // package of its own
      "/usr/lib/skiboot/skiboot.lid",
      "/usr/local/share/qemu/skiboot.lid",  // a QEMU built from source
      "/usr/share/qemu-system-ppc/skiboot.lid",
  };
  return kPlaces;
}

std::string find_firmware(const std::vector<std::string>& places) {
  for (const std::string& place : places) {
    std::error_code error;
    if (std::filesystem::is_regular_file(place, error)) return place;
  }
  throw platform::EnvironmentError(
      fmt::format("skiboot.lid is missing; remedy: apt-get install qemu-system-data, or --firmware "
                  "FILE; looked for {}",
                  fmt::join(places, ", ")));
}

std::string payload_file(const std::string& name) {
  if (name != "be" && name != "be-v1" && name != "le") return name;
  const std::string file = "payload/xive-payload-" + name + ".elf";
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  // A test lies one folder below the program.
  for (const auto& folder : {program, program.parent_path()}) {
    if (std::filesystem::is_regular_file(folder / file, error)) return (folder / file).string();
  }
  throw platform::EnvironmentError(
      fmt::format("payload '{}' is missing: {} was not built; remedy: apt-get install "
                  "gcc-powerpc64-linux-gnu, then ./cosim build; or payload 'hello'",
                  name, (program / file).string()));
}

}  // namespace xive::run
