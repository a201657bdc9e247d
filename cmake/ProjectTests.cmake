# SPDX-License-Identifier: Apache-2.0
# Tests of the project as a whole: who includes whom, what each source file must and must not hold,
# the driver script, the examples of the documentation. The checks check themselves, too: each
# finding that they know is provoked in a scratch tree.

set(checks "${PROJECT_SOURCE_DIR}/cmake/checks")
function(project_test name)
  add_test(NAME project_${name} COMMAND Python3::Interpreter -B ${ARGN})
  set_tests_properties(project_${name} PROPERTIES LABELS project TIMEOUT 600)
endfunction()

project_test(includes "${checks}/check_includes.py" "${PROJECT_SOURCE_DIR}")
project_test(includes_selftest "${checks}/check_includes.py" --selftest)
project_test(sources "${checks}/check_sources.py" "${PROJECT_SOURCE_DIR}")
project_test(sources_selftest "${checks}/check_sources.py" --selftest)
project_test(driver "${checks}/test_cosim.py" "${PROJECT_SOURCE_DIR}")
project_test(tune "${checks}/test_tune.py" "${PROJECT_SOURCE_DIR}" "${CMAKE_CXX_COMPILER}" "${CMAKE_CXX_COMPILER_ID}")
project_test(examples "${checks}/run_examples.py" "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
project_test(examples_selftest "${checks}/run_examples.py" --selftest)
project_test(nightly "${checks}/test_nightly.py" "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
project_test(comb_outputs_selftest "${PROJECT_SOURCE_DIR}/cmake/comb_outputs.py" --selftest "${XIVE_VERILATOR}")
project_test(space "${checks}/test_space.py" "${PROJECT_SOURCE_DIR}" "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}"
  "-DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}" "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}"
  "-DCMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS}")
find_program(XIVE_CLANG_TIDY clang-tidy)
mark_as_advanced(XIVE_CLANG_TIDY)
if(XIVE_CLANG_TIDY)  # installed by ./cosim lint
  project_test(tidy_selftest "${PROJECT_SOURCE_DIR}/cmake/run_tidy.py" --selftest)
endif()
if(NOT XIVE_SANITIZE AND NOT XIVE_COVERAGE)  # the package is of the plain build
  project_test(install "${checks}/test_install.py" "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}"
    "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}"
    "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}")
endif()
