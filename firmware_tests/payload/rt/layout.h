/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and offsets that assembly and C must agree on. */
#pragma once

/* Low memory: vectors, then code that always runs big-endian (low.S). */
#define LOW_FIRST 0x100
#define LOW_COMMON 0x2000
#define LOW_RETURN 0x2400
#define LOW_OPAL 0x2800
#define LOW_PANIC 0x2a00
#define LOW_SLOT_ENTER 0x2ff0 /* address of exception_enter, 8 bytes big-endian */
#define LOW_SLOT_MSR 0x2ff8   /* MSR bits of the payload's own mode (LE), big-endian */
#define LOW_END 0x3000

/* Exception frame; every value in it is big-endian. The frame lies at the top of the room that one
   level of exceptions has, C code works below it. */
#define FRAME_GPR 0
#define FRAME_LR 256
#define FRAME_CTR 264
#define FRAME_XER 272
#define FRAME_CR 280
#define FRAME_SRR0 288
#define FRAME_SRR1 296
#define FRAME_HSRR0 304
#define FRAME_HSRR1 312
#define FRAME_DAR 320
#define FRAME_DSISR 328
#define FRAME_VECTOR 336
#define FRAME_SIZE 384
#define EXCEPTION_ROOM 4096

#define STACK_SIZE 16384
