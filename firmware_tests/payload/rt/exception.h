/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions: counted by vector and handed to a handler. One that nobody expects ends the run. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

struct frame; /* layout.h; use the accessors */

u64 frame_get(const struct frame* frame, u32 offset);
void frame_set(struct frame* frame, u32 offset, u64 value);

/* What a handler asks for. */
enum exception_action { kReturn = 0, kSkip = 1 /* go on behind the instruction */ };
typedef enum exception_action (*exception_handler)(struct frame* frame);

struct exception_record {
  u64 count;
  u64 srr0, srr1; /* of the pair that the vector uses */
  u64 dar, dsisr;
  u64 order; /* number of this exception among all of the thread, from 1 */
};

/* Each thread has handlers and counts of its own. */
void exception_init_thread(u32 thread, void* room_end);
void exception_install(void);

/* 0 takes the handler away; counts restart at 0. */
void exception_on(u32 vector, exception_handler handler);
const struct exception_record* exception_seen(u32 vector);
/* True when `vector` saves into HSRR0 and HSRR1 with the present LPCR. */
int exception_uses_hsrr(u32 vector);

/* Interrupts on until `vector` was seen `count` times (at most two seconds: a simulator on a busy
   host may deliver late), then a little longer, for one too many to show; returns how often it was
   seen. */
u64 exception_window(u32 vector, u64 count);

enum exception_action exception_skip(struct frame* frame);
enum exception_action exception_ignore(struct frame* frame);
