# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT with the commit of SOURCE and whether tracked files differ from it. No git, or no
# repository (a source archive): "unknown".
set(commit "unknown")
set(dirty false)
find_program(GIT git)
if(GIT)
  execute_process(COMMAND "${GIT}" -C "${SOURCE}" rev-parse --short=12 HEAD
    OUTPUT_VARIABLE found RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(commit "${found}")
    execute_process(COMMAND "${GIT}" -C "${SOURCE}" diff-index --quiet HEAD -- RESULT_VARIABLE differs ERROR_QUIET)
    if(differs)
      # A touched but unchanged file also lands here; only a real difference counts.
      execute_process(COMMAND "${GIT}" -C "${SOURCE}" diff --quiet HEAD -- RESULT_VARIABLE differs ERROR_QUIET)
    endif()
    if(differs)
      set(dirty true)
    endif()
  endif()
endif()
set(text "// Generated at each build.\n#define XIVE_COMMIT \"${commit}\"\n#define XIVE_DIRTY ${dirty}\n")
set(old "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" old)
endif()
if(NOT old STREQUAL text)
  file(WRITE "${OUTPUT}" "${text}")
endif()
