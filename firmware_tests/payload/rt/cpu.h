/* SPDX-License-Identifier: Apache-2.0 */
/* Special registers, barriers and device accesses of the PowerPC. */
#pragma once

#include "firmware_tests/payload/rt/types.h"

#define SPR_DSISR 18
#define SPR_DAR 19
#define SPR_DEC 22
#define SPR_TB 268
#define SPR_SPRG3 275
#define SPR_PVR 287
#define SPR_DPDES 176
#define SPR_HDEC 310
#define SPR_LPCR 318
#define SPR_PIR 1023
#define SPR_TIR 446

#define MSR_EE 0x8000ull
#define MSR_RI 0x2ull
#define MSR_LE 0x1ull

#define LPCR_LD PPC_BIT(46)
#define LPCR_PECE \
  (PPC_BIT(17) | PPC_BIT(47) | PPC_BIT(48) | PPC_BIT(49) | PPC_BIT(50) | PPC_BIT(51))
#define LPCR_HEIC 0x10ull
#define LPCR_LPES0 0x8ull
#define LPCR_HVICE 0x2ull
#define LPCR_HDICE 0x1ull

#define STRINGIFY_(x) #x
#define STRINGIFY(x) STRINGIFY_(x)
#define mfspr(n)                                                     \
  ({                                                                 \
    u64 value_;                                                      \
    asm volatile("mfspr %0," STRINGIFY(n) : "=r"(value_)::"memory"); \
    value_;                                                          \
  })
#define mtspr(n, v) asm volatile("mtspr " STRINGIFY(n) ",%0" ::"r"((u64)(v)) : "memory")

static inline u64 mfmsr(void) {
  u64 value;
  asm volatile("mfmsr %0" : "=r"(value)::"memory");
  return value;
}
/* Only EE and RI change. */
static inline void mtmsr_ee_ri(u64 value) {
  asm volatile("mtmsrd %0,1" ::"r"(value) : "memory");
}
static inline void interrupts_on(void) {
  mtmsr_ee_ri(MSR_EE | MSR_RI);
}
static inline void interrupts_off(void) {
  mtmsr_ee_ri(MSR_RI);
}
static inline void lpcr_write(u64 value) {
  mtspr(318, value);
  asm volatile("isync" ::: "memory");
}
static inline void sync(void) {
  asm volatile("sync" ::: "memory");
}
static inline void lwsync(void) {
  asm volatile("lwsync" ::: "memory");
}
static inline void eieio(void) {
  asm volatile("eieio" ::: "memory");
}
static inline u64 timebase(void) {
  return mfspr(268);
}
static inline u32 pir(void) {
  return (u32)mfspr(1023);
}

/* Cache-inhibited accesses; values are those of the big-endian device. */
static inline u8 mmio_read8(u64 address) {
  u64 v;
  asm volatile("lbzcix %0,0,%1" : "=r"(v) : "r"(address) : "memory");
  return (u8)v;
}
static inline u16 mmio_read16(u64 address) {
  u64 v;
  asm volatile("lhzcix %0,0,%1" : "=r"(v) : "r"(address) : "memory");
  return be16((u16)v);
}
static inline u32 mmio_read32(u64 address) {
  u64 v;
  asm volatile("lwzcix %0,0,%1" : "=r"(v) : "r"(address) : "memory");
  return be32((u32)v);
}
static inline u64 mmio_read64(u64 address) {
  u64 v;
  asm volatile("ldcix %0,0,%1" : "=r"(v) : "r"(address) : "memory");
  return be64(v);
}
static inline void mmio_write8(u64 address, u8 v) {
  asm volatile("stbcix %0,0,%1" ::"r"(v), "r"(address) : "memory");
}
static inline void mmio_write16(u64 address, u16 v) {
  asm volatile("sthcix %0,0,%1" ::"r"(be16(v)), "r"(address) : "memory");
}
static inline void mmio_write32(u64 address, u32 v) {
  asm volatile("stwcix %0,0,%1" ::"r"(be32(v)), "r"(address) : "memory");
}
static inline void mmio_write64(u64 address, u64 v) {
  asm volatile("stdcix %0,0,%1" ::"r"(be64(v)), "r"(address) : "memory");
}

/* Time base ticks in a millisecond: 512 MHz on this processor family. */
#define TICKS_PER_MS 512000ull

/* Lets `ticks` of the time base go by. */
static inline void wait_ticks(u64 ticks) {
  const u64 start = timebase();
  while (timebase() - start < ticks) {
  }
}
