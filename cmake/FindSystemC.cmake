# SPDX-License-Identifier: Apache-2.0
# Finds SystemC (Debian's 2.3.4 and 3.0.1 ship no CMake package): target SystemC::systemc.
find_path(SystemC_INCLUDE_DIR NAMES systemc.h)
find_library(SystemC_LIBRARY NAMES systemc)
if(SystemC_INCLUDE_DIR AND EXISTS "${SystemC_INCLUDE_DIR}/sysc/kernel/sc_ver.h")
  file(STRINGS "${SystemC_INCLUDE_DIR}/sysc/kernel/sc_ver.h" _lines REGEX "#define SC_VERSION_(MAJOR|MINOR|PATCH)")
  string(REGEX REPLACE ".*MAJOR[ ]+([0-9]+).*MINOR[ ]+([0-9]+).*PATCH[ ]+([0-9]+).*" "\\1.\\2.\\3"
    SystemC_VERSION "${_lines}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SystemC REQUIRED_VARS SystemC_LIBRARY SystemC_INCLUDE_DIR
  VERSION_VAR SystemC_VERSION)
if(SystemC_FOUND AND NOT TARGET SystemC::systemc)
  find_package(Threads REQUIRED)
  add_library(SystemC::systemc UNKNOWN IMPORTED)
  set_target_properties(SystemC::systemc PROPERTIES
    IMPORTED_LOCATION "${SystemC_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SystemC_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES Threads::Threads)
  if(SystemC_VERSION VERSION_LESS 3)
    # Debian builds 2.3.x as C++17; its ABI check symbol must match or nothing links.
    set_property(TARGET SystemC::systemc PROPERTY INTERFACE_COMPILE_DEFINITIONS SC_CPLUSPLUS=201703L)
  endif()
endif()
