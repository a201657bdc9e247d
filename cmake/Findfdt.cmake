# SPDX-License-Identifier: Apache-2.0
# Finds libfdt (Debian: libfdt-dev, which ships no CMake package): target fdt::fdt.
find_path(fdt_INCLUDE_DIR NAMES libfdt.h)
find_library(fdt_LIBRARY NAMES fdt)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(fdt REQUIRED_VARS fdt_LIBRARY fdt_INCLUDE_DIR)
if(fdt_FOUND AND NOT TARGET fdt::fdt)
  add_library(fdt::fdt UNKNOWN IMPORTED)
  set_target_properties(fdt::fdt PROPERTIES
    IMPORTED_LOCATION "${fdt_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${fdt_INCLUDE_DIR}")
endif()
