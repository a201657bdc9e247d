/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the boot thread and of started threads, exception entry, calls of the firmware. */
#include "firmware_tests/payload/rt/layout.h"

  .machine power9

  .macro load_address reg, symbol
  lis \reg, \symbol@highest
  ori \reg, \reg, \symbol@higher
  sldi \reg, \reg, 32
  oris \reg, \reg, \symbol@h
  ori \reg, \reg, \symbol@l
  .endm

/* A word of code for the other byte order. */
  .macro swapped word
  .long ((\word & 0xff) << 24) | ((\word & 0xff00) << 8) | ((\word >> 8) & 0xff00) | ((\word >> 24) & 0xff)
  .endm

/* The firmware enters big-endian. In the other byte order the first word reads "b $+8". Uses r10, r11. */
  .macro own_byte_order
  tdi 0, 0, 0x48
  b 1f
  swapped 0x7d6000a6  /* mfmsr r11 */
  swapped 0x696b0001  /* xori r11, r11, 1 */
  swapped 0x429f0005  /* bcl 20, 31, $+4 */
  swapped 0x7d4802a6  /* mflr r10 */
  swapped 0x394a0014  /* addi r10, r10, 20 */
  swapped 0x7d5a03a6  /* mtsrr0 r10 */
  swapped 0x7d7b03a6  /* mtsrr1 r11 */
  swapped 0x4c000024  /* rfid */
1:
  .endm

  .section .text.start, "ax"
  .globl _start
_start:
  own_byte_order
  load_address 2, .TOC.
  load_address 10, _bss_start
  load_address 11, _bss_end
  li 0, 0
1:
  std 0, 0(10)
  addi 10, 10, 8
  cmpld 10, 11
  blt 1b
  load_address 1, boot_stack
  addi 1, 1, STACK_SIZE - 128
  std 0, 0(1)
  mr 4, 7
  mr 5, 8
  mr 6, 9
  bl payload_main
  nop
  b .

/* Started threads: start_stack and start_argument say who. One thread starts at a time. */
  .globl secondary_entry
secondary_entry:
  own_byte_order
  load_address 2, .TOC.
  load_address 10, start_stack
  ld 1, 0(10)
  li 0, 0
  addi 1, 1, STACK_SIZE - 128
  std 0, 0(1)
  bl secondary_main
  nop
  b .

/* From low.S: r3 frame = r1, r4 vector. */
  .globl exception_enter
exception_enter:
  load_address 2, .TOC.
  mr 31, 1
  li 0, 0
  addi 1, 1, -128
  std 0, 0(1)
  bl exception_dispatch
  nop
  mr 1, 31
  mfmsr 4
  rldicr 4, 4, 0, 62
  mtspr 27, 4
  li 4, LOW_RETURN
  mtspr 26, 4
  rfid

/* s64 opal_call(token, a0 ... a6): r3 token, r4-r10 arguments. */
  .text
  .globl opal_call_raw
  .type opal_call_raw, @function
#if _CALL_ELF == 2
opal_call_raw:
#else
  .section ".opd", "aw"
  .align 3
opal_call_raw:
  .quad 1f, .TOC.@tocbase, 0
  .previous
1:
#endif
  mflr 0
  std 0, 16(1)
  stdu 1, -160(1)
  std 2, 152(1)
  std 30, 144(1)
  std 31, 136(1)
  load_address 12, opal_entry
  ld 12, 0(12)
  load_address 2, opal_base
  ld 2, 0(2)
  load_address 31, opal_back
  mfmsr 30
  li 11, 0
  mtmsrd 11, 1
  mr 0, 3
  mr 3, 4
  mr 4, 5
  mr 5, 6
  mr 6, 7
  mr 7, 8
  mr 8, 9
  mr 9, 10
  li 11, LOW_OPAL
  mtspr 26, 11
  li 11, 1
  ori 11, 11, 0x8000
  andc 11, 30, 11
  mtspr 27, 11
  rfid
opal_back:
  ld 2, 152(1)
  ld 30, 144(1)
  ld 31, 136(1)
  addi 1, 1, 160
  ld 0, 16(1)
  mtlr 0
  blr

  .section .rodata
  .globl low_image
  .globl low_image_end
low_image:
  .incbin PAYLOAD_LOW
low_image_end:
