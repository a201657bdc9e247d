# SPDX-License-Identifier: Apache-2.0
# What a preset changes for every target, also for the Verilated code: compiler cache, sanitizers, coverage.

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(XIVE_CCACHE ccache)
  mark_as_advanced(XIVE_CCACHE)
  if(XIVE_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${XIVE_CCACHE}")
  endif()
endif()

if(XIVE_SANITIZE)
  # -fno-sanitize-recover: a finding ends the program with an error, so that the test fails.
  add_compile_options(-fsanitize=${XIVE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${XIVE_SANITIZE})
endif()

if(XIVE_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
