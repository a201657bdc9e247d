/* SPDX-License-Identifier: Apache-2.0 */
/* Low memory of the payload, linked at 0 and always big-endian: interrupts that the hypervisor takes arrive
   big-endian while HID0[HILE] is 0, and so do the firmware's calls. */
#include "firmware_tests/payload/rt/layout.h"

  .machine power9
  .text
  .macro vector at
  .org \at - LOW_FIRST
  mtsprg 0, 1
  mtsprg 1, 3
  li 3, \at
  b common
  .endm

  .globl low_start
low_start:
  vector 0x100
  vector 0x200
  vector 0x300
  vector 0x380
  vector 0x400
  vector 0x480
  vector 0x500
  vector 0x600
  vector 0x700
  vector 0x800
  vector 0x900
  vector 0x980
  vector 0xa00
  vector 0xb00
  vector 0xc00
  vector 0xd00
  vector 0xe00
  vector 0xe20
  vector 0xe40
  vector 0xe60
  vector 0xe80
  vector 0xea0
  vector 0xf00
  vector 0xf20
  vector 0xf40
  vector 0xf60
  vector 0xf80
  vector 0x1500
  vector 0x1700

/* SPRG3: end of the room for the next level. Saves everything, then enters the payload's own mode. */
  .org LOW_COMMON - LOW_FIRST
common:
  mfsprg 1, 3
  addi 1, 1, -EXCEPTION_ROOM
  mtsprg 3, 1
  addi 1, 1, EXCEPTION_ROOM - FRAME_SIZE
  std 0, FRAME_GPR(1)
  std 2, FRAME_GPR+16(1)
  .irp reg, 4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  std \reg, FRAME_GPR+8*\reg(1)
  .endr
  mfsprg 4, 0
  std 4, FRAME_GPR+8(1)
  mfsprg 4, 1
  std 4, FRAME_GPR+24(1)
  mflr 4
  std 4, FRAME_LR(1)
  mfctr 4
  std 4, FRAME_CTR(1)
  mfxer 4
  std 4, FRAME_XER(1)
  mfcr 4
  std 4, FRAME_CR(1)
  mfspr 4, 26
  std 4, FRAME_SRR0(1)
  mfspr 4, 27
  std 4, FRAME_SRR1(1)
  mfspr 4, 314
  std 4, FRAME_HSRR0(1)
  mfspr 4, 315
  std 4, FRAME_HSRR1(1)
  mfspr 4, 19
  std 4, FRAME_DAR(1)
  mfspr 4, 18
  std 4, FRAME_DSISR(1)
  std 3, FRAME_VECTOR(1)
  ld 4, LOW_SLOT_ENTER(0)
  mtspr 26, 4
  ld 4, LOW_SLOT_MSR(0)
  mfmsr 5
  or 5, 5, 4
  mtspr 27, 5
  mr 4, 3
  mr 3, 1
  rfid

/* r1: frame; r3: 0 returns by SRR, else by HSRR. */
  .org LOW_RETURN - LOW_FIRST
  cmpdi 3, 0
  ld 4, FRAME_SRR0(1)
  mtspr 26, 4
  ld 4, FRAME_SRR1(1)
  mtspr 27, 4
  ld 4, FRAME_HSRR0(1)
  mtspr 314, 4
  ld 4, FRAME_HSRR1(1)
  mtspr 315, 4
  ld 4, FRAME_LR(1)
  mtlr 4
  ld 4, FRAME_CTR(1)
  mtctr 4
  ld 4, FRAME_XER(1)
  mtxer 4
  addi 4, 1, FRAME_SIZE
  mtsprg 3, 4
  ld 0, FRAME_GPR(1)
  ld 2, FRAME_GPR+16(1)
  .irp reg, 5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  ld \reg, FRAME_GPR+8*\reg(1)
  .endr
  bne 1f
  ld 4, FRAME_CR(1)
  mtcrf 0xff, 4
  ld 3, FRAME_GPR+24(1)
  ld 4, FRAME_GPR+32(1)
  ld 1, FRAME_GPR+8(1)
  rfid
1:
  ld 4, FRAME_CR(1)
  mtcrf 0xff, 4
  ld 3, FRAME_GPR+24(1)
  ld 4, FRAME_GPR+32(1)
  ld 1, FRAME_GPR+8(1)
  hrfid

/* The firmware's entry is in r12; back to r31 with the MSR in r30, both kept by the callee. */
  .org LOW_OPAL - LOW_FIRST
  mtctr 12
  bctrl
  mtspr 26, 31
  mtspr 27, 30
  rfid

  .org LOW_END - LOW_FIRST
