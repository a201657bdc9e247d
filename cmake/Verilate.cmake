# SPDX-License-Identifier: Apache-2.0
# Verilated C++ models as static libraries, for Verilator 5.006 (Debian 12) to 5.032 (Debian 13).
#
#   xive_verilate(NAME vtima_t4 PREFIX Vtima_t4 TOP tima SOURCES a.sv ...
#                 [PARAMS NumThreads=4 ...] [DEFINES TIMA_MUTANTS ...] [ADAPTER adapter.cpp])
#
# makes library `vtima_t4` of the generated code and of the adapter, which is compiled with
# XIVE_VERILATED_CLASS=<prefix>, XIVE_VERILATED_HEADER and XIVE_VERILATED_ROOT_HEADER. The generated
# headers are visible to the adapter only; XIVE_VERILATED_COMB_HEADER defines XIVE_VERILATED_COMBINATIONAL
# (comb_outputs.py). Verilator's own verilate() runs the tool when CMake
# configures; this one runs it when a source is newer, so that configuring stays quick.

find_program(XIVE_VERILATOR verilator REQUIRED)
execute_process(COMMAND "${XIVE_VERILATOR}" --getenv VERILATOR_ROOT
  OUTPUT_VARIABLE XIVE_VERILATOR_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${XIVE_VERILATOR}" --version
  OUTPUT_VARIABLE _version OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "Verilator ([0-9.]+)" _version "${_version}")
set(XIVE_VERILATOR_VERSION "${CMAKE_MATCH_1}")
if(XIVE_VERILATOR_VERSION VERSION_LESS 5.006)
  message(FATAL_ERROR "Verilator ${XIVE_VERILATOR_VERSION} is too old: 5.006 or newer is needed")
endif()
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
mark_as_advanced(XIVE_VERILATOR)

# Library and models must agree on these, and the code is not ours: no warnings.
set(XIVE_VERILATED_DEFINITIONS VERILATOR=1 VM_COVERAGE=0 VM_SC=0 VM_TRACE=1 VM_TRACE_FST=1
  VM_TRACE_VCD=0 VL_TIME_CONTEXT)
# UBSan takes the thread-local state of Verilator's library for a null pointer (g++ 12); ASan stays.
set(XIVE_VERILATED_OPTIONS -w -O3 -g1 -faligned-new -fno-sanitize=undefined)
set(XIVE_VERILATED_USER_OPTIONS -fno-sanitize=null)

add_library(verilated_runtime STATIC
  "${XIVE_VERILATOR_ROOT}/include/verilated.cpp"
  "${XIVE_VERILATOR_ROOT}/include/verilated_fst_c.cpp"
  "${XIVE_VERILATOR_ROOT}/include/verilated_threads.cpp")
target_include_directories(verilated_runtime SYSTEM PUBLIC
  "$<BUILD_INTERFACE:${XIVE_VERILATOR_ROOT}/include>" "$<BUILD_INTERFACE:${XIVE_VERILATOR_ROOT}/include/vltstd>")
target_compile_definitions(verilated_runtime PUBLIC ${XIVE_VERILATED_DEFINITIONS})
target_compile_options(verilated_runtime
  PRIVATE -w -O2 -fno-sanitize=undefined INTERFACE ${XIVE_VERILATED_USER_OPTIONS})
target_link_libraries(verilated_runtime PUBLIC Threads::Threads ZLIB::ZLIB)

function(xive_verilate)
  cmake_parse_arguments(ARG "" "NAME;PREFIX;TOP;ADAPTER" "SOURCES;PARAMS;DEFINES;LIBS" ${ARGN})
  set(dir "${PROJECT_BINARY_DIR}/verilated/${ARG_PREFIX}")
  set(params ${ARG_PARAMS})
  list(TRANSFORM params PREPEND "-G")
  set(defines ${ARG_DEFINES})
  list(TRANSFORM defines PREPEND "+define+")
  # Lint findings belong to the lint test. The wave options cost nothing while no file is open.
  add_custom_command(
    OUTPUT "${dir}/${ARG_PREFIX}__all.cpp" "${dir}/${ARG_PREFIX}.h" "${dir}/${ARG_PREFIX}___024root.h"
      "${dir}/${ARG_PREFIX}__comb.h"
    COMMAND "${CMAKE_COMMAND}" -E rm -rf "${dir}"
    COMMAND "${XIVE_VERILATOR}" --cc --prefix "${ARG_PREFIX}" --top-module "${ARG_TOP}" --Mdir "${dir}"
      -O3 --flatten --x-assign fast --x-initial fast --output-split 0 --output-split-cfuncs 0
      --trace-fst --trace-structs --trace-max-width 2048 --trace-max-array 64
      -Wno-fatal -Wno-lint -Wno-style ${params} ${defines} ${ARG_SOURCES}
    COMMAND "${CMAKE_COMMAND}" "-DDIR=${dir}" "-DPREFIX=${ARG_PREFIX}"
      -P "${PROJECT_SOURCE_DIR}/cmake/VerilatedAll.cmake"
    COMMAND Python3::Interpreter -B "${PROJECT_SOURCE_DIR}/cmake/comb_outputs.py" "${dir}" "${ARG_PREFIX}"
      "${dir}/${ARG_PREFIX}__comb.h"
    DEPENDS ${ARG_SOURCES} "${PROJECT_SOURCE_DIR}/cmake/VerilatedAll.cmake"
      "${PROJECT_SOURCE_DIR}/cmake/comb_outputs.py"
    COMMENT "Verilating ${ARG_PREFIX}"
    VERBATIM)

  # The adapter is our code: warnings stay on for it.
  add_library(${ARG_NAME} STATIC ${ARG_ADAPTER} "${dir}/${ARG_PREFIX}__all.cpp" "${dir}/${ARG_PREFIX}.h"
    "${dir}/${ARG_PREFIX}___024root.h" "${dir}/${ARG_PREFIX}__comb.h")
  xive_common(${ARG_NAME})
  set_source_files_properties("${dir}/${ARG_PREFIX}__all.cpp" PROPERTIES COMPILE_OPTIONS "${XIVE_VERILATED_OPTIONS}")
  target_include_directories(${ARG_NAME} SYSTEM PRIVATE "${dir}")
  target_compile_definitions(${ARG_NAME} PRIVATE
    "XIVE_VERILATED_CLASS=${ARG_PREFIX}" "XIVE_VERILATED_HEADER=\"${ARG_PREFIX}.h\""
    "XIVE_VERILATED_ROOT_HEADER=\"${ARG_PREFIX}___024root.h\""
    "XIVE_VERILATED_COMB_HEADER=\"${ARG_PREFIX}__comb.h\"")
  target_link_libraries(${ARG_NAME} PUBLIC ${ARG_LIBS} PRIVATE verilated_runtime)

  # For the few who drive the Verilated class itself.
  add_library(${ARG_NAME}_class INTERFACE)
  target_include_directories(${ARG_NAME}_class SYSTEM INTERFACE "${dir}")
  target_link_libraries(${ARG_NAME}_class INTERFACE ${ARG_NAME} verilated_runtime)
endfunction()
