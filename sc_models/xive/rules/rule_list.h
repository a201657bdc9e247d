// SPDX-License-Identifier: Apache-2.0
/// The properties of xive-chip.md 9.1 that concern generation 1 hardware, in the form in which they
/// can be watched while the chip runs. Numbers are those of the specification.
#pragma once

// clang-format off
#define XIVE_CHIP_RULES(X)                                                                                          \
  X(P1,  "XIVE-P1",  "every PQ step follows the automaton")                                                         \
  X(P2,  "XIVE-P2",  "a load of the set offsets returns the old PQ and sets (offset >> 8) & 3")                     \
  X(P3,  "XIVE-P3",  "a GET load changes nothing and forwards nothing")                                             \
  X(P4,  "XIVE-P4",  "a load EOI forwards and returns 1 from 11 only")                                              \
  X(P5,  "XIVE-P5",  "a store EOI acts only where it is enabled")                                                   \
  X(P6,  "XIVE-P6",  "a trigger page load returns all ones and does nothing, a store triggers")                     \
  X(P7,  "XIVE-P7",  "each forwarded step of a source hands exactly one event to the router")                       \
  X(P8,  "XIVE-P8",  "PQ=01 stays 01 and forwards nothing on triggers and EOIs")                                    \
  X(P9,  "XIVE-P9",  "the level of an LSI never sets Q, and EOI with the level high fires once more")               \
  X(P10, "XIVE-P10", "the PQ bits of a source unit change only by automaton steps, not by a falling level")         \
  X(P11, "XIVE-P11", "the router runs the PQ of a source only if the sender did not")                               \
  X(P12, "XIVE-P12", "the PQ pair in the ESB table equals the automaton state")                                     \
  X(P13, "XIVE-P13", "a masked EAS triggers no END")                                                                \
  X(P14, "XIVE-P14", "an invalid EAS triggers no END and the event ends as a fault")                                \
  X(P15, "XIVE-P15", "an invalid END is not changed and its queue not written")                                     \
  X(P16, "XIVE-P16", "the queue word is generation << 31 | 31 bits of data, big-endian in memory")                  \
  X(P17, "XIVE-P17", "PAGE_OFF advances by one and wraps, with GENERATION, exactly at the queue size")              \
  X(P18, "XIVE-P18", "the queue entry lies at the full END address + 4 * PAGE_OFF")                                 \
  X(P19, "XIVE-P19", "the queue is written if and only if q=1")                                                     \
  X(P20, "XIVE-P20", "event processing changes no word of an END but word 1")                                       \
  X(P21, "XIVE-P21", "n=0: notification passes the ESn automaton")                                                  \
  X(P22, "XIVE-P22", "n=1: every event notifies and ESn does not change")                                           \
  X(P23, "XIVE-P23", "an even END page acts on ESn, an odd one on ESe")                                             \
  X(P24, "XIVE-P24", "priority 0xff with F=0 is neither presented nor escalated")                                   \
  X(P25, "XIVE-P25", "s=1: straight to escalation, ESn unchanged")                                                  \
  X(P26, "XIVE-P26", "u=0: escalation passes the ESe automaton")                                                    \
  X(P27, "XIVE-P27", "u=1: every undelivered event escalates and ESe does not change")                              \
  X(P28, "XIVE-P28", "escalation goes to the END of word 4 with the data of word 5")                                \
  X(P29, "XIVE-P29", "a delivered event neither escalates nor writes the backlog")                                  \
  X(P30, "XIVE-P30", "an undelivered event with b=1, and only that, sets its IPB bit in the VP structure")          \
  X(P31, "XIVE-P31", "a push gets the saved IPB and clears it in memory")                                           \
  X(P32, "XIVE-P32", "a thread whose enable bit is 0 never matches")                                                \
  X(P33, "XIVE-P33", "clearing a thread enable reaches the TIMA")                                                   \
  X(P34, "XIVE-P34", "a direct table gives the right entry up to its last index and nothing beyond")                \
  X(P35, "XIVE-P35", "an indirect table gives the entry of its sub-page, also when that was provisioned just now")  \
  X(P36, "XIVE-P36", "after AT KILL a sub-page descriptor is read from memory again")                               \
  X(P37, "XIVE-P37", "VC and PC use their own table select registers")                                              \
  X(P38, "XIVE-P38", "the FIRMWARE bit of a sub-page descriptor is no address bit")                                 \
  X(P39, "XIVE-P39", "watch: DATA0 read loads, other writes stage, DATA0 write commits, SPEC then shows success")   \
  X(P40, "XIVE-P40", "watch FULL: a concurrent change gives CONFLICT and is not lost")                              \
  X(P41, "XIVE-P41", "watch light: word 1 and untouched dwords stay as they are")                                   \
  X(P42, "XIVE-P42", "scrub and kill end, and then memory is up to date")                                           \
  X(P43, "XIVE-P43", "sync is done after earlier events only, and its bits can be cleared")                         \
  X(P44, "XIVE-P44", "a VC address decodes through the set table")                                                  \
  X(P45, "XIVE-P45", "the set table index advances with AUTOINC only")                                              \
  X(P46, "XIVE-P46", "indirect TIMA access reaches the selected thread")                                            \
  X(P58, "XIVE-P58", "an END is processed by the chip that owns its block")                                         \
  X(P59, "XIVE-P59", "registers take 8-byte accesses only")                                                         \
  X(Multi, "XIVE-MULTI", "a second match of a directed notification is reported")                                   \
  X(Cons, "XIVE-CONS", "each event handed to a router has exactly one outcome")
// clang-format on
