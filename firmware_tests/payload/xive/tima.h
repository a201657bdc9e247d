/* SPDX-License-Identifier: Apache-2.0 */
/* The thread interrupt management area of the calling thread (tima.md). */
#pragma once

#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/platform.h"

enum tima_page { kPageHw = 0, kPageHv = 1, kPageOs = 2, kPageUser = 3 };
enum tima_ring { kRingUser = 0x00, kRingOs = 0x10, kRingPool = 0x20, kRingPhys = 0x30 };
enum tima_offset {
  kTimaOsCppr = 0x11,
  kTimaOsWord2 = 0x18,
  kTimaPoolWord2 = 0x28,
  kTimaPhysCppr = 0x31,
  kTimaPhysValid = 0x38,
  kTimaAckOs = 0x810,
  kTimaSetOsPending = 0x812,
  kTimaPullOs = 0x818,
  kTimaPullPool = 0x828,
  kTimaAckHv = 0x830,
};

#define WORD2_VALID 0x80000000u

static inline u64 tima_address(enum tima_page page, u32 offset) {
  return platform.tima + ((u64)page << 16) + offset;
}
static inline u64 tima_words01(enum tima_ring ring) {
  return mmio_read64(tima_address(kPageHv, ring));
}
static inline u32 tima_word2(enum tima_ring ring) {
  return mmio_read32(tima_address(kPageHv, ring + 8));
}
static inline u8 ring_nsr(u64 words01) {
  return (u8)(words01 >> 56);
}
static inline u8 ring_cppr(u64 words01) {
  return (u8)(words01 >> 48);
}
static inline u8 ring_ipb(u64 words01) {
  return (u8)(words01 >> 40);
}
static inline u8 ring_pipr(u64 words01) {
  return (u8)words01;
}
/* {NSR before, CPPR after} */
static inline u16 tima_ack_hv(void) {
  return mmio_read16(tima_address(kPageHv, kTimaAckHv));
}
static inline u16 tima_ack_os(void) {
  return mmio_read16(tima_address(kPageOs, kTimaAckOs));
}
static inline void tima_set_hv_cppr(u8 priority) {
  mmio_write8(tima_address(kPageHv, kTimaPhysCppr), priority);
}
static inline void tima_set_os_cppr(u8 priority) {
  mmio_write8(tima_address(kPageOs, kTimaOsCppr), priority);
}
/* NSR, CPPR, IPB and PIPR as one number of four bytes: the others are not used by a directed event.
 */
static inline u32 ring_summary(u64 words01) {
  return (u32)ring_nsr(words01) << 24 | (u32)ring_cppr(words01) << 16 |
         (u32)ring_ipb(words01) << 8 | ring_pipr(words01);
}
static inline u32 tima_summary(enum tima_ring ring) {
  return ring_summary(tima_words01(ring));
}
