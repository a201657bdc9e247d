// SPDX-License-Identifier: Apache-2.0
/// Words of the instructions that tests write by hand.
#pragma once

#include <cstdint>

namespace xive::ppc::iss::testing {

using W = std::uint32_t;

constexpr W d(W opcode, W t, W a, int imm) {
  return opcode << 26U | t << 21U | a << 16U | (static_cast<W>(imm) & 0xffffU);
}
constexpr W x(W extended, W t, W a, W b, W rc = 0) {
  return 31U << 26U | t << 21U | a << 16U | b << 11U | extended << 1U | rc;
}
constexpr W xl(W extended, W t = 0, W a = 0, W b = 0) {
  return 19U << 26U | t << 21U | a << 16U | b << 11U | extended << 1U;
}

constexpr W li(W t, int imm) {
  return d(14, t, 0, imm);
}
constexpr W lis(W t, int imm) {
  return d(15, t, 0, imm);
}
constexpr W addi(W t, W a, int imm) {
  return d(14, t, a, imm);
}
constexpr W ori(W a, W s, int imm) {
  return d(24, s, a, imm);
}
constexpr W oris(W a, W s, int imm) {
  return d(25, s, a, imm);
}
constexpr W mr(W a, W s) {
  return x(444, s, a, s);
}
constexpr W add(W t, W a, W b) {
  return x(266, t, a, b);
}
constexpr W lbz(W t, int disp, W a) {
  return d(34, t, a, disp);
}
constexpr W lhz(W t, int disp, W a) {
  return d(40, t, a, disp);
}
constexpr W lwz(W t, int disp, W a) {
  return d(32, t, a, disp);
}
constexpr W ld(W t, int disp, W a) {
  return d(58, t, a, disp);
}
constexpr W stb(W s, int disp, W a) {
  return d(38, s, a, disp);
}
constexpr W stw(W s, int disp, W a) {
  return d(36, s, a, disp);
}
constexpr W std_(W s, int disp, W a) {
  return d(62, s, a, disp);
}
constexpr W b(int offset) {
  return 18U << 26U | (static_cast<W>(offset) & 0x03fffffcU);
}
constexpr W bl(int offset) {
  return b(offset) | 1U;
}
constexpr W bc(W bo, W bi, int offset) {
  return 16U << 26U | bo << 21U | bi << 16U | (static_cast<W>(offset) & 0xfffcU);
}
constexpr W bdnz(int offset) {
  return bc(16, 0, offset);
}
constexpr W beq(int offset) {
  return bc(12, 2, offset);
}
constexpr W bne(int offset) {
  return bc(4, 2, offset);
}
constexpr W blr() {
  return xl(16, 20);
}
constexpr W bctr() {
  return xl(528, 20);
}
constexpr W cmpwi(W a, int imm) {
  return d(11, 0, a, imm);
}
constexpr W cmpdi(W a, int imm) {
  return d(11, 1, a, imm);
}
constexpr W mtspr(W spr, W s) {
  return x(467, s, spr & 31U, spr >> 5U);
}
constexpr W mfspr(W t, W spr) {
  return x(339, t, spr & 31U, spr >> 5U);
}
constexpr W mtctr(W s) {
  return mtspr(9, s);
}
constexpr W mtlr(W s) {
  return mtspr(8, s);
}
constexpr W mftb(W t) {
  return x(371, t, 12, 8);
}
constexpr W mtmsrd(W s, W l = 0) {
  return x(178, s, l, 0);
}
constexpr W mfmsr(W t) {
  return x(83, t, 0, 0);
}
constexpr W nop() {
  return ori(0, 0, 0);
}
constexpr W isync() {
  return xl(150);
}
constexpr W sync() {
  return x(598, 0, 0, 0);
}
constexpr W rfid() {
  return xl(18);
}
constexpr W hrfid() {
  return xl(274);
}
constexpr W sc(W level = 0) {
  return 17U << 26U | level << 5U | 2U;
}
constexpr W scv(W level) {
  return 17U << 26U | level << 5U | 1U;
}
constexpr W trap() {
  return x(4, 31, 0, 0);
}
constexpr W attn() {
  return 0x00000200;
}
constexpr W stop() {
  return xl(370);
}
constexpr W icbi(W a, W r) {
  return x(982, 0, a, r);
}
constexpr W dcbz(W a, W r) {
  return x(1014, 0, a, r);
}
constexpr W lwarx(W t, W a, W r) {
  return x(20, t, a, r);
}
constexpr W ldarx(W t, W a, W r) {
  return x(84, t, a, r);
}
constexpr W stwcx(W s, W a, W r) {
  return x(150, s, a, r, 1);
}
constexpr W stdcx(W s, W a, W r) {
  return x(214, s, a, r, 1);
}
constexpr W msgsnd(W r) {
  return x(206, 0, 0, r);
}
constexpr W msgclr(W r) {
  return x(238, 0, 0, r);
}
constexpr W ldcix(W t, W a, W r) {
  return x(885, t, a, r);
}
constexpr W stdcix(W s, W a, W r) {
  return x(1013, s, a, r);
}

}  // namespace xive::ppc::iss::testing
