# SPDX-License-Identifier: Apache-2.0
# Every library, program and test of the project is declared through these three functions, so that
# include path, warnings and test labels are the same everywhere.

function(xive_common target)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
    # GCC bug 105651: false findings inside std::string.
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND XIVE_SANITIZE)
    # The code that sanitizers put in gives false findings inside the standard library (std::regex).
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
  endif()
  if(XIVE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# What is only run once in a program, and tests, is optimised less: there, compiling costs more time than
# running.
set(XIVE_COLD_OPTIONS $<$<CONFIG:Release,RelWithDebInfo>:-O1>)

# xive_library(NAME SOURCES a.cpp ... [COLD b.cpp ...] [LIBS x y]): static library `NAME`, alias `xive::NAME`.
# COLD: code that takes no part in a simulation (command line, reports, files). It is optimised less, and
# compiled as one translation unit, because such files are short and pay for large headers (CLI11, JSON).
function(xive_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;COLD;LIBS" ${ARGN})
  set(objects "")
  if(ARG_COLD)
    add_library(${name}_cold OBJECT ${ARG_COLD})
    xive_common(${name}_cold)
    target_compile_options(${name}_cold PRIVATE ${XIVE_COLD_OPTIONS})
    set_target_properties(${name}_cold PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
    target_link_libraries(${name}_cold PUBLIC ${ARG_LIBS})
    set(objects $<TARGET_OBJECTS:${name}_cold>)
  endif()
  add_library(${name} STATIC ${ARG_SOURCES} ${objects})
  add_library(xive::${name} ALIAS ${name})
  xive_common(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LIBS})
endfunction()

# xive_test(NAME SOURCES a_test.cpp ... [LIBS x y] [TIMEOUT s]): one GoogleTest program = one ctest entry.
function(xive_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  xive_common(${name})
  target_compile_options(${name} PRIVATE ${XIVE_COLD_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(XIVE_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 5")  # instrumented code is several times slower
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
