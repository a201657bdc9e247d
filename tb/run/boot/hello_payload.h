// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace xive::run {

/// What the built-in payload prints.
inline constexpr std::string_view kHelloText = "xive-cosim: payload entered\r\n";

/// The smallest payload: one line through OPAL's console, then exit code 0. Big-endian, position
/// independent. It needs no cross compiler.
inline std::vector<std::uint8_t> hello_payload(std::uint64_t exit_address) {
  constexpr std::uint32_t kCode[] = {
      0x429f0005,  //    bcl    20,31,1f     r8 = OPAL base, r9 = OPAL entry
      0x7fe802a6,  // 1: mflr   r31
      0x7d3e4b78,  //    mr     r30,r9
      0x7d1d4378,  //    mr     r29,r8
      0x3c3f0001,  //    addis  r1,r31,1
      0x38000001,  //    li     r0,1         OPAL_CONSOLE_WRITE
      0x7fa2eb78,  //    mr     r2,r29
      0x38600000,  //    li     r3,0         terminal
      0x389f0044,  //    addi   r4,r31,length-1b
      0x38bf004c,  //    addi   r5,r31,text-1b
      0x7fc903a6,  //    mtctr  r30
      0x4e800421,  //    bctrl
      0xe87f003c,  //    ld     r3,exit-1b(r31)
      0x38800000,  //    li     r4,0
      0x7c801f2a,  //    stwcix r4,0,r3
      0x48000000,  //    b      .
  };
  std::vector<std::uint8_t> code;
  const auto put = [&](std::uint64_t value, unsigned bytes) {
    for (unsigned n = bytes; n-- > 0;) code.push_back(static_cast<std::uint8_t>(value >> 8U * n));
  };
  for (const std::uint32_t word : kCode) put(word, 4);
  put(exit_address, 8);
  put(kHelloText.size(), 8);
  code.insert(code.end(), kHelloText.begin(), kHelloText.end());
  return code;
}

}  // namespace xive::run
