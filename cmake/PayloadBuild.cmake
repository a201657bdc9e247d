# SPDX-License-Identifier: Apache-2.0
# Bare-metal PowerPC programs, cross-compiled by custom commands: the project's own compiler is not touched.
#
#   xive_payload(NAME xive-payload-be ENDIAN big ABI elfv2 LOW low.S SOURCES a.S b.c ... SCRIPT x.lds)
#
# makes ${XIVE_PAYLOAD_DIR}/NAME.elf, built with everything and with the target xive-payloads. LOW is linked at 0, always big-endian, and
# handed to the other sources as the file name PAYLOAD_LOW. Either of Debian's two compilers
# (gcc-powerpc64-linux-gnu, gcc-powerpc64le-linux-gnu) builds both byte orders. Without one of them the
# function does nothing and XIVE_HAVE_PAYLOADS is false.

set(XIVE_PAYLOAD_DIR "${PROJECT_BINARY_DIR}/payload")
find_program(XIVE_POWERPC_GCC NAMES powerpc64-linux-gnu-gcc powerpc64le-linux-gnu-gcc)
mark_as_advanced(XIVE_POWERPC_GCC)
if(XIVE_POWERPC_GCC)
  set(XIVE_HAVE_PAYLOADS TRUE)
  string(REGEX REPLACE "gcc$" "objcopy" XIVE_POWERPC_OBJCOPY "${XIVE_POWERPC_GCC}")
else()
  set(XIVE_HAVE_PAYLOADS FALSE)
  message(STATUS "No PowerPC cross compiler (package gcc-powerpc64-linux-gnu): payloads are not built")
endif()

# No floating point and no vectors: the firmware leaves their units off. No calls of memset and the like
# made up from loops: the runtime's own memset is such a loop.
set(XIVE_PAYLOAD_OPTIONS -mcpu=power9 -mno-vsx -mno-altivec -msoft-float -mcmodel=medium -std=gnu11 -O2 -g
  -ffreestanding -fno-tree-loop-distribute-patterns -fno-stack-protector -fno-pic -no-pie
  -fno-asynchronous-unwind-tables -fno-strict-aliasing -Wall -Wextra -Wshadow
  "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")

function(xive_payload)
  cmake_parse_arguments(ARG "" "NAME;ENDIAN;ABI;LOW;SCRIPT" "SOURCES" ${ARGN})
  if(NOT XIVE_HAVE_PAYLOADS)
    return()
  endif()
  set(work "${XIVE_PAYLOAD_DIR}/${ARG_NAME}.dir")
  file(MAKE_DIRECTORY "${work}")
  set(compile "${XIVE_POWERPC_GCC}" ${XIVE_PAYLOAD_OPTIONS} "-I${PROJECT_SOURCE_DIR}")
  set(low "${work}/low.bin")
  set(low_source "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_LOW}")
  add_custom_command(OUTPUT "${low}"
    COMMAND ${compile} -mbig-endian -mabi=elfv2 -MD -MF "${low}.d" -MT "${low}" -c "${low_source}" -o "${low}.o"
    COMMAND "${XIVE_POWERPC_OBJCOPY}" -O binary -j .text "${low}.o" "${low}"
    DEPENDS "${low_source}" DEPFILE "${low}.d"
    COMMENT "Building ${ARG_NAME}: low memory" VERBATIM)
  set(objects "")
  foreach(source IN LISTS ARG_SOURCES)
    string(REPLACE "/" "_" object "${source}")
    set(object "${work}/${object}.o")
    set(depends "${CMAKE_CURRENT_SOURCE_DIR}/${source}")
    if(source MATCHES "\\.S$")
      list(APPEND depends "${low}")
    endif()
    add_custom_command(OUTPUT "${object}"
      COMMAND ${compile} -m${ARG_ENDIAN}-endian -mabi=${ARG_ABI} "-DPAYLOAD_LOW=\"${low}\""
        -MD -MF "${object}.d" -MT "${object}" -c "${CMAKE_CURRENT_SOURCE_DIR}/${source}" -o "${object}"
      DEPENDS ${depends} DEPFILE "${object}.d"
      COMMENT "Building ${ARG_NAME}: ${source}" VERBATIM)
    list(APPEND objects "${object}")
  endforeach()
  set(script "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SCRIPT}")
  set(elf "${XIVE_PAYLOAD_DIR}/${ARG_NAME}.elf")
  add_custom_command(OUTPUT "${elf}"
    COMMAND "${XIVE_POWERPC_GCC}" -m${ARG_ENDIAN}-endian -mabi=${ARG_ABI} -nostdlib -static -no-pie
      "-Wl,-T,${script}" -Wl,-z,max-page-size=4096 -Wl,--build-id=none -Wl,--no-warn-rwx-segments
      ${objects} -o "${elf}"
    DEPENDS ${objects} "${script}"
    COMMENT "Linking ${ARG_NAME}.elf" VERBATIM)
  add_custom_target(${ARG_NAME} ALL DEPENDS "${elf}")
  add_dependencies(xive-payloads ${ARG_NAME})
endfunction()
