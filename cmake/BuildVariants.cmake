# SPDX-License-Identifier: Apache-2.0
# What a preset changes for every target, also for the Verilated code: compiler cache, sanitizers, coverage,
# profile.

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

# The two halves of `./cosim tune` share a build folder, since the compiler finds the record of an object by
# the object's path. Each half has the program in a folder of its own: what lies at the top is complete.
set(XIVE_PROGRAM_DIR "${CMAKE_BINARY_DIR}")
if(XIVE_PROFILE)
  set(XIVE_PROGRAM_DIR "${CMAKE_BINARY_DIR}/${XIVE_PROFILE}")
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    message(FATAL_ERROR "XIVE_PROFILE (./cosim tune) needs g++; found ${CMAKE_CXX_COMPILER_ID}: unset CXX, or set it to g++")
  endif()
  if(XIVE_PROFILE STREQUAL "record")
    add_compile_options(-fprofile-generate)
    add_link_options(-fprofile-generate)
  elseif(XIVE_PROFILE STREQUAL "use")
    # A function without a record is compiled as always, not for size: the training does not run all that counts.
    # That a record is of another version of the source stays an error (-Wcoverage-mismatch).
    add_compile_options(-fprofile-use -fprofile-partial-training -fprofile-correction -Wno-missing-profile)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  else()
    message(FATAL_ERROR "XIVE_PROFILE: expected record, use or nothing; found '${XIVE_PROFILE}'")
  endif()
  # A record also names the source as the compiler was told: ccache must not shorten that in one half only.
  if(CMAKE_CXX_COMPILER_LAUNCHER)
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_BASEDIR=)
  endif()
endif()
