# SPDX-License-Identifier: Apache-2.0
# Runs instruction sequences in user mode: reads a case (case.h) from standard input, executes its words at
# kCode with its registers, writes the case with the registers and data that are left to standard output. No
# libc; all addresses are fixed, so that the same words see the same values on the ISS.

        # Without function descriptors: the entry of the file is code.
        .abiversion 2

        .set    CASE_SIZE, 0x400
        .set    CR, 0x100
        .set    XER, 0x108
        .set    LR, 0x110
        .set    CTR, 0x118
        .set    LEAVE, 0x120
        .set    STACK, 0x128
        .set    SCRATCH, 0x130
        .set    WORDS, 0x300

        .text
        .globl  _start
_start:
        # mmap(kCase, 128 KiB, read write execute, private anonymous fixed, -1, 0)
        lis     3, 0x2000
        lis     4, 2
        li      5, 7
        li      6, 0x32
        li      7, -1
        li      8, 0
        li      0, 90
        sc
        bso     exit
        # Last of all registers the code loads CTR and r0.
        lis     31, 0x2001
        bl      1f
        ld      0, CTR(1)
        mtctr   0
        ld      0, 0(1)
1:      mflr    3
        lwz     4, 0(3)
        stw     4, 0(31)
        lwz     4, 4(3)
        stw     4, 4(31)
        lwz     4, 8(3)
        stw     4, 8(31)

next:   lis     31, 0x2000
        li      30, 0
2:      li      0, 3
        li      3, 0
        add     4, 31, 30
        subfic  5, 30, CASE_SIZE
        sc
        bso     exit
        cmpdi   3, 0
        ble     exit
        add     30, 30, 3
        cmpdi   30, CASE_SIZE
        blt     2b

        # The words, behind the three above.
        lis     5, 0x2001
        addi    6, 31, WORDS
        li      7, 64
        mtctr   7
        li      8, 0
3:      lwzx    9, 6, 8
        addi    10, 8, 12
        stwx    9, 5, 10
        addi    8, 8, 4
        bdnz    3b
        li      8, 0
4:      dcbst   5, 8
        sync
        icbi    5, 8
        addi    8, 8, 32
        cmpdi   8, 320
        blt     4b
        sync
        isync

        bl      5f
5:      mflr    3
        addi    3, 3, leave - 5b
        std     3, LEAVE(31)
        std     1, STACK(31)
        # No reservation is left.
        addi    4, 31, SCRATCH
        stdcx.  4, 0, 4
        mr      1, 31
        ld      0, CR(1)
        mtcr    0
        ld      0, XER(1)
        mtxer   0
        ld      0, LR(1)
        mtlr    0
        mtctr   5
        .irp    n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        ld      \n, 8 * \n(1)
        .endr
        bctr

leave:  .irp    n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        std     \n, 8 * \n(1)
        .endr
        mfcr    0
        std     0, CR(1)
        mfxer   0
        std     0, XER(1)
        mr      31, 1
        ld      1, STACK(31)
        li      30, 0
6:      li      0, 4
        li      3, 1
        add     4, 31, 30
        subfic  5, 30, CASE_SIZE
        sc
        bso     exit
        add     30, 30, 3
        cmpdi   30, CASE_SIZE
        blt     6b
        b       next

exit:   li      0, 1
        li      3, 0
        sc
