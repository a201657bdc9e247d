// SPDX-License-Identifier: Apache-2.0
/// Options of booting a firmware image: plain data that configuration file and command line are
/// bound to.
#pragma once

#include <cstdint>
#include <string>

#include "sc_models/platform/device_tree/tree_builder.h"

namespace xive::run {

/// What a load or store of a thread to an address that nobody answers means.
enum class BusErrorPolicy : std::uint8_t {
  Stop,      ///< the run has failed and ends with a state dump
  Continue,  ///< a machine check for the thread, counted
};

struct BootOptions {
  std::string image;    ///< firmware; empty: skiboot.lid of the system
  std::string payload;  ///< file, "be", "be-v1", "le" or "hello"; empty: none
  std::string initrd;
  std::string tree;     ///< .dtb or .dts; empty: built from the platform
  std::string symbols;  ///< ELF file or map of the firmware; empty: the map in its image
  std::string bootargs;
  std::string console;  ///< file; empty: the terminal
  std::string input;    ///< file that is typed into the console; empty: the terminal, if it is one
  platform::ConsoleKind uart = platform::ConsoleKind::Root;
  bool qemu = true;
  bool awan = true;
  bool psi = false;
  bool strict_xscom = false;
  BusErrorPolicy bus_errors = BusErrorPolicy::Stop;
  std::uint64_t quantum_ns = 1000;
  double watchdog_s = 1;  ///< simulated seconds without any access to a device
};

}  // namespace xive::run
