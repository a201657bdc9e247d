# SPDX-License-Identifier: Apache-2.0
# Tests of the project as a whole: who includes whom, what each source file must and must not hold.

foreach(check IN ITEMS includes sources)
  add_test(NAME project_${check}
    COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/cmake/checks/check_${check}.py" "${PROJECT_SOURCE_DIR}")
  # The checks check themselves: each finding they know is provoked in a scratch tree.
  add_test(NAME project_${check}_selftest
    COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/cmake/checks/check_${check}.py" --selftest)
endforeach()
