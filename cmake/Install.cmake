# SPDX-License-Identifier: Apache-2.0
# `cmake --install build --prefix DIR`: the program, its example configurations, and for other simulators the
# TIMA behind its C++ seam (TimaPort): reference model, Verilated RTL, lock-step, rules and the TLM-2.0 target.
#   find_package(xive-cosim) gives xive::bridge, xive::tima_reference, xive::tima_rules, xive::tima_tlm
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/xive-cosim")
set(headers "${CMAKE_INSTALL_INCLUDEDIR}/xive-cosim")

install(TARGETS xive-cosim)
install(DIRECTORY configs/ DESTINATION "${CMAKE_INSTALL_DATADIR}/xive-cosim/configs")
foreach(dir IN ITEMS bridge sc_models/rules sc_models/tima)
  install(DIRECTORY ${dir}/ DESTINATION "${headers}/${dir}" FILES_MATCHING PATTERN "*.h" PATTERN testing EXCLUDE)
endforeach()
install(FILES "${PROJECT_BINARY_DIR}/generated/rtl/xti.h" DESTINATION "${headers}/rtl")

set(libraries xti tima_reference tima_rules tima_tlm bridge_pins bridge_rtl bridge verilated_runtime ${XIVE_VARIANT_LIBS})
install(TARGETS ${libraries} EXPORT xive-cosim
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/xive-cosim"
  INCLUDES DESTINATION "${headers}")
install(EXPORT xive-cosim NAMESPACE xive:: DESTINATION "${package}")
configure_package_config_file(cmake/xive-cosim-config.cmake.in "${PROJECT_BINARY_DIR}/xive-cosim-config.cmake"
  INSTALL_DESTINATION "${package}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/xive-cosim-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/xive-cosim-config.cmake"
  "${PROJECT_BINARY_DIR}/xive-cosim-config-version.cmake" cmake/FindSystemC.cmake DESTINATION "${package}")
