// SPDX-License-Identifier: Apache-2.0
// Length: one small function per rule; together they are one table.
#include "sc_models/tima/rules/testing/breaks.h"

#include <bit>

namespace xive::tima::testing {

namespace {

using What = Observation::What;

Event* event_at(Recording& recording, std::size_t at) {
  Observation& o = recording[at];
  return o.what == What::Event ? &o.event : nullptr;
}

Event* mmio_at(Recording& recording, std::size_t at) {
  Event* e = event_at(recording, at);
  return e != nullptr && e->kind == EventKind::Mmio ? e : nullptr;
}

/// A performed access with this key (address & 0xC3F), direction and size in bytes; else null.
Event* performed(Recording& recording, std::size_t at, unsigned key, bool write, unsigned bytes) {
  Event* e = mmio_at(recording, at);
  const bool same = e != nullptr && (e->mmio.offset & 0xc3fU) == key && e->mmio.write == write &&
                    1U << e->mmio.size_log2 == bytes && !e->mmio_response.err;
  return same ? e : nullptr;
}

Event* acked_present(Recording& recording, std::size_t at, Ring ring) {
  Event* e = event_at(recording, at);
  const bool same = e != nullptr && e->kind == EventKind::Present && e->presenter.ring == ring &&
                    e->presenter_response.ack && e->presenter.prio <= 7;
  return same ? e : nullptr;
}

/// A refused, aligned access of an enabled thread.
Event* refused(Recording& recording, std::size_t at) {
  Event* e = mmio_at(recording, at);
  const bool same = e != nullptr && e->mmio_response.err && e->before.enabled &&
                    e->mmio_response.code == ErrorCode::NoAccess;
  return same ? e : nullptr;
}

bool special(const Event& e) {
  return (e.mmio.offset & 0x800U) != 0;
}
std::uint8_t& os(ThreadState& state, unsigned byte) {
  return state.at(Ring::Os, byte);
}
std::uint8_t& pool(ThreadState& state, unsigned byte) {
  return state.at(Ring::Pool, byte);
}
std::uint8_t& phys(ThreadState& state, unsigned byte) {
  return state.at(Ring::Phys, byte);
}

void flip(std::uint8_t& byte, unsigned bits = 1) {
  byte = static_cast<std::uint8_t>(byte ^ bits);
}

Event* set_os_cppr(Recording& r, std::size_t i) {
  return performed(r, i, 0x011, true, 1);
}
Event* set_hv_cppr(Recording& r, std::size_t i) {
  return performed(r, i, 0x031, true, 1);
}
Event* ack_os(Recording& r, std::size_t i) {
  return performed(r, i, 0x810, false, 2);
}
Event* ack_hv(Recording& r, std::size_t i) {
  return performed(r, i, 0x830, false, 2);
}
Event* pull_os(Recording& r, std::size_t i) {
  return performed(r, i, 0x818, false, 4);
}
Event* pull_pool(Recording& r, std::size_t i) {
  return performed(r, i, 0x828, false, 4);
}
Event* push_os(Recording& r, std::size_t i) {
  Event* e = performed(r, i, 0x018, true, 4);
  return e != nullptr && e->after.valid(Ring::Os) ? e : nullptr;
}
Event* raw_load(Recording& r, std::size_t i) {
  Event* e = performed(r, i, 0x010, false, 8);
  return e != nullptr ? e : performed(r, i, 0x010, false, 4);
}

// ---- structure and access

bool p01(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Pool);
  if (e == nullptr) return false;
  pool(e->after, reg::kNsr) = 0x40;
  return true;
}
bool p02(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || os(e->after, reg::kNsr) != 0x80) return false;
  os(e->after, reg::kNsr) = 0xc0;
  return true;
}
bool p03(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Pool);
  if (e == nullptr || phys(e->before, reg::kNsr) != 0x80 || phys(e->after, reg::kNsr) != 0x40)
    return false;
  phys(e->after, reg::kNsr) = 0xc0;  // ORed instead of assigned
  return true;
}
bool p04(Recording& r, std::size_t i) {
  Event* e = set_hv_cppr(r, i);
  if (e == nullptr || phys(e->after, reg::kNsr) != 0x80) return false;
  phys(e->after, reg::kNsr) = 0x81;
  return true;
}
bool p05(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr) return false;
  flip(os(e->after, reg::kIpb));
  return true;
}
bool p06(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Os);
  if (e == nullptr) return false;
  flip(os(e->after, reg::kCppr));
  return true;
}
bool p07(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || (e->mmio.wdata & 0xff) < 8 || (e->mmio.wdata & 0xff) == 0xff) return false;
  os(e->after, reg::kCppr) = static_cast<std::uint8_t>(e->mmio.wdata);
  return true;
}
bool p08(Recording& r, std::size_t i) {
  Event* e = performed(r, i, 0x010, true, 8);
  const auto data = e != nullptr ? static_cast<std::uint8_t>(e->mmio.wdata) : std::uint8_t{0};
  if (e == nullptr || os(e->before, reg::kPipr) == data) return false;
  os(e->after, reg::kPipr) = data;
  return true;
}
bool p09(Recording& r, std::size_t i) {
  Event* e = performed(r, i, 0x038, true, 4);
  if (e == nullptr) return false;
  flip(phys(e->after, 9), 0xff);  // no page may write PHYS+9
  return true;
}
bool p10(Recording& r, std::size_t i) {
  Event* e = raw_load(r, i);
  if (e == nullptr) return false;
  flip(os(e->after, reg::kLsmfb));
  return true;
}
bool p11(Recording& r, std::size_t i) {
  Event* e = refused(r, i);
  if (e == nullptr || special(*e) || e->mmio.size_log2 < 2 || (e->mmio.offset & 0x30U) == 0)
    return false;
  e->mmio_response.err = false;
  return true;
}
bool p12(Recording& r, std::size_t i) {
  Event* e = performed(r, i, 0x010, false, 8);
  if (e == nullptr) return false;
  e->mmio_response.rdata |= 0xff00;  // OS+6 shows through
  return true;
}
bool p13(Recording& r, std::size_t i) {
  Event* e = refused(r, i);
  if (e == nullptr || e->mmio.write || e->mmio.size_log2 > 1) return false;
  e->mmio_response.rdata = 0;
  return true;
}
bool p14(Recording& r, std::size_t i) {
  Event* e = refused(r, i);
  if (e == nullptr || special(*e) || (e->mmio.offset & 0x30U) != 0 || !e->mmio.write) return false;
  flip(e->after.r[0]);
  return true;
}
bool p15(Recording& r, std::size_t i) {
  Event* e = refused(r, i);
  if (e == nullptr || e->mmio.page != Page::User || e->mmio.write) return false;
  e->mmio_response.rdata = 0;
  return true;
}
bool p16(Recording& r, std::size_t i) {
  Event* e = refused(r, i);
  const bool from_below = e != nullptr && (e->mmio.offset & 0xc3fU) == 0x830 && !e->mmio.write &&
                          e->mmio.size_log2 == 1 && e->mmio.page == Page::Os;
  if (!from_below) return false;
  e->mmio_response = {0x8005, false, ErrorCode::None};
  return true;
}
bool p17(Recording& r, std::size_t i) {
  Event* e = ack_os(r, i);
  if (e == nullptr || (e->mmio.offset & 0x3c0U) == 0) return false;
  e->mmio_response = {0xffff, true, ErrorCode::NoAccess};
  return true;
}
bool p18(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || e->mmio.page != Page::Os) return false;
  flip(phys(e->after, reg::kLsmfb));
  return true;
}
bool p19(Recording& r, std::size_t i) {
  Event* e = ack_os(r, i);
  if (e == nullptr || !e->before.valid(Ring::Os)) return false;
  flip(os(e->after, reg::kWord2), 0x80);
  return true;
}
bool p20(Recording& r, std::size_t i) {
  Event* e = event_at(r, i);
  if (e == nullptr || e->kind != EventKind::Enable || !e->before.enabled) return false;
  os(e->after, reg::kPipr) = 0;
  return true;
}
bool p21(Recording& r, std::size_t i) {
  Event* e = mmio_at(r, i);
  if (e == nullptr || i == 0 || r[i - 1].what != What::Event) return false;
  flip(e->before.r[0x14]);
  flip(e->after.r[0x14]);
  return true;
}

// ---- lines

bool p22(Recording& r, std::size_t i) {
  Event* e = pull_os(r, i);
  if (e == nullptr) return false;
  e->lines_after.os_ext = true;
  return true;
}
bool p23(Recording& r, std::size_t i) {
  Event* e = raw_load(r, i);
  if (e == nullptr || e->before.valid(Ring::Phys)) return false;
  e->lines_before.hv_ext = e->lines_after.hv_ext = true;
  return true;
}
bool p24(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || !e->lines_after.os_ext) return false;
  os(e->after, reg::kNsr) = 0;
  return true;
}
bool p25(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Phys);
  if (e == nullptr || !e->lines_after.hv_ext || e->lines_before.hv_ext) return false;
  phys(e->after, reg::kNsr) = 0;
  return true;
}
bool p29(Recording& r, std::size_t i) {
  Event* e = performed(r, i, 0x838, false, 1);
  if (e == nullptr || !e->lines_before.hv_ext) return false;
  e->lines_after.hv_ext = true;
  return true;
}
bool p30(Recording& r, std::size_t i) {
  Event* e = raw_load(r, i);
  if (e == nullptr || e->lines_before.os_ext || !e->before.valid(Ring::Os)) return false;
  e->lines_after.os_ext = e->after.l_os = true;
  return true;
}
bool p31(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || e->lines_before.hv_ext || !e->before.valid(Ring::Phys)) return false;
  e->lines_after.hv_ext = e->after.l_hv = true;
  return true;
}
bool p32(Recording& r, std::size_t i) {
  Event* e = raw_load(r, i);
  if (e == nullptr || !e->before.l_os) return false;
  e->after.l_os = e->lines_after.os_ext = false;
  return true;
}
bool p33(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Phys);
  if (e == nullptr || e->before.l_os) return false;
  e->after.l_os = true;
  return true;
}

// ---- presentation

bool p34(Recording& r, std::size_t i) {
  Event* e = set_hv_cppr(r, i);
  if (e == nullptr || !e->after.l_hv) return false;
  e->after.l_hv = e->lines_after.hv_ext = false;
  return true;
}
bool p35(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || os(e->after, reg::kNsr) != 0x80) return false;
  os(e->after, reg::kNsr) = 0;
  e->after.l_os = e->lines_after.os_ext = false;
  return true;
}
bool p36(Recording& r, std::size_t i) {
  Event* e = performed(r, i, 0x812, true, 1);
  if (e == nullptr || os(e->after, reg::kIpb) == 0) return false;
  os(e->after, reg::kPipr) = 0xff;
  return true;
}
bool p37(Recording& r, std::size_t i) {
  Event* e = set_hv_cppr(r, i);
  const bool pending = e != nullptr && !e->after.valid(Ring::Pool) &&
                       pool(e->after, reg::kIpb) != 0 && phys(e->after, reg::kPipr) == 0xff &&
                       phys(e->after, reg::kCppr) == 0xff;
  if (!pending) return false;
  phys(e->after, reg::kPipr) = 0;  // POOL counted although VP = 0
  phys(e->after, reg::kNsr) = 0x40;
  e->after.l_hv = true;
  return true;
}
bool p43(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Os);
  if (e == nullptr || os(e->before, reg::kIpb) == os(e->after, reg::kIpb)) return false;
  os(e->after, reg::kIpb) = os(e->before, reg::kIpb);
  return true;
}
bool p44(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Os);
  if (e == nullptr || e->presenter.prio < os(e->before, reg::kPipr)) return false;
  os(e->after, reg::kPipr) = e->presenter.prio;
  os(e->after, reg::kNsr) = 0x00;
  return os(e->before, reg::kPipr) != os(e->after, reg::kPipr) || e->before.r[0x10] != 0;
}
bool p49(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Pool);
  if (e == nullptr) return false;
  pool(e->after, reg::kPipr) = 5;
  return true;
}
bool p50(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Os);
  if (e == nullptr || e->presenter.prio != 0 || !e->after.l_os || e->before.l_os) return false;
  e->after.l_os = e->lines_after.os_ext = false;
  return true;
}
bool p51(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || os(e->after, reg::kCppr) != 0 || os(e->before, reg::kNsr) == 0) return false;
  os(e->after, reg::kNsr) = os(e->before, reg::kNsr);
  return true;
}
bool p52(Recording& r, std::size_t i) {
  Event* e = acked_present(r, i, Ring::Phys);
  const bool switched = e != nullptr && phys(e->before, reg::kNsr) == 0x40 &&
                        phys(e->after, reg::kNsr) == 0x80 && pool(e->before, reg::kIpb) != 0;
  if (!switched) return false;
  pool(e->after, reg::kIpb) = 0;
  return true;
}

// ---- ack

bool p53(Recording& r, std::size_t i) {
  Event* e = ack_os(r, i);
  if (e == nullptr) return false;
  e->mmio_response.rdata ^= 1;
  return true;
}
bool p54(Recording& r, std::size_t i) {
  Event* e = ack_hv(r, i);
  if (e == nullptr || (phys(e->before, reg::kNsr) & 0xc0U) != 0 || !e->before.l_hv) return false;
  e->after.l_hv = e->lines_after.hv_ext = false;  // lowers the line with nothing presented
  return true;
}
bool p55(Recording& r, std::size_t i) {
  Event* e = ack_os(r, i);
  if (e == nullptr || os(e->before, reg::kNsr) != 0x80) return false;
  os(e->after, reg::kNsr) = 0x02;
  return true;
}
bool p56(Recording& r, std::size_t i) {
  Event* e = ack_os(r, i);
  if (e == nullptr || os(e->before, reg::kIpb) == os(e->after, reg::kIpb)) return false;
  os(e->after, reg::kIpb) = os(e->before, reg::kIpb);
  return true;
}
bool p57(Recording& r, std::size_t i) {
  Event* e = ack_os(r, i);
  if (e == nullptr || os(e->before, reg::kNsr) != 0x80) return false;
  os(e->after, reg::kPipr) = 0xfe;
  return true;
}
bool p58(Recording& r, std::size_t i) {
  Event* e = ack_hv(r, i);
  if (e == nullptr || e->before.l_hv) return false;
  e->after.l_hv = true;
  return true;
}
bool p59(Recording& r, std::size_t i) {
  Event* e = ack_hv(r, i);
  if (e == nullptr || phys(e->before, reg::kNsr) != 0x40) return false;
  flip(phys(e->after, reg::kIpb), 0x01);
  return true;
}
bool p60(Recording& r, std::size_t i) {
  // Needs an ack that accepted and then another one of the same thread.
  Event* e = ack_os(r, i);
  Event* before = i > 0 ? ack_os(r, i - 1) : nullptr;
  if (e == nullptr || before == nullptr || before->thread != e->thread ||
      os(before->before, reg::kNsr) != 0x80)
    return false;
  e->mmio_response.rdata |= 0x8000;
  return true;
}

// ---- CPPR

bool p62(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  const bool opens = e != nullptr && os(e->after, reg::kCppr) == 0xff && !e->lines_before.os_ext &&
                     e->lines_after.os_ext && os(e->before, reg::kNsr) == 0;
  if (!opens) return false;
  os(e->after, reg::kNsr) = 0;
  e->after.l_os = e->lines_after.os_ext = false;
  return true;
}
bool p63(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr || !e->before.l_os || e->after.l_os) return false;
  os(e->after, reg::kNsr) = 0x80;
  e->after.l_os = true;
  e->lines_after = e->lines_before;
  return true;
}

// ---- context

bool p71(Recording& r, std::size_t i) {
  Event* e = pull_os(r, i);
  if (e == nullptr || !e->before.valid(Ring::Os)) return false;
  e->mmio_response.rdata &= 0x7fff'ffffU;
  return true;
}
bool p72(Recording& r, std::size_t i) {
  Event* e = pull_pool(r, i);
  if (e == nullptr || pool(e->before, 10) == 0) return false;
  pool(e->after, 9) = pool(e->after, 10) = pool(e->after, 11) = 0;  // CAM cleared, not V alone
  return true;
}
bool p75(Recording& r, std::size_t i) {
  Event* e = pull_pool(r, i);
  if (e == nullptr || phys(e->before, reg::kNsr) != 0x40) return false;
  phys(e->after, reg::kNsr) = 0x40;
  return true;
}
bool p76(Recording& r, std::size_t i) {
  Event* e = pull_pool(r, i);
  if (e == nullptr || phys(e->after, reg::kNsr) != 0x80) return false;
  phys(e->after, reg::kNsr) = 0;
  e->after.l_hv = e->lines_after.hv_ext = false;
  return true;
}
bool p77(Recording& r, std::size_t i) {
  Event* e = push_os(r, i);
  if (e == nullptr || os(e->before, reg::kIpb) == os(e->after, reg::kIpb)) return false;
  os(e->after, reg::kIpb) = os(e->before, reg::kIpb);  // memory IPB lost
  return true;
}
bool p78(Recording& r, std::size_t i) {
  Event* e = push_os(r, i);
  const bool nothing_new = e != nullptr && i > 0 && r[i - 1].what == What::Answer &&
                           r[i - 1].answer.ipb == 0 && e->after.l_os && !e->before.l_os;
  if (!nothing_new) return false;
  e->after = e->before;  // not evaluated: only WORD2 stored
  for (unsigned byte = 0; byte < 4; ++byte) {
    e->after.at(Ring::Os, 8 + byte) = static_cast<std::uint8_t>(e->mmio.wdata >> (24 - 8 * byte));
  }
  e->lines_after = e->lines_before;
  return true;
}
bool p84(Recording& r, std::size_t i) {
  // pull, fetch, answer, push of the same thread, with nothing in memory and something to present
  Event* e = push_os(r, i);
  Event* pull = e != nullptr && i > 2 ? pull_os(r, i - 3) : nullptr;
  const bool again = pull != nullptr && pull->thread == e->thread && pull->lines_before.os_ext &&
                     pull->before.word2(Ring::Os) == e->after.word2(Ring::Os) &&
                     r[i - 1].what == What::Answer && r[i - 1].answer.ipb == 0 &&
                     os(pull->before, reg::kPipr) == os(e->after, reg::kPipr);
  if (!again) return false;
  e->lines_after.os_ext = e->after.l_os = false;
  return true;
}
bool p85(Recording& r, std::size_t i) {
  Event* e = ack_hv(r, i);
  const bool took = e != nullptr && phys(e->before, reg::kNsr) == 0x40 &&
                    pool(e->before, reg::kIpb) != pool(e->after, reg::kIpb);
  if (!took) return false;
  pool(e->after, reg::kIpb) = pool(e->before, reg::kIpb);  // told software, still pending
  return true;
}

// ---- match

bool p87(Recording& r, std::size_t i) {
  Event* e = mmio_at(r, i);
  if (e == nullptr || i == 0 || r[i - 1].what != What::Match) return false;
  flip(e->before.r[0x13]);
  flip(e->after.r[0x13]);
  return true;
}
PresenterResponse* match_at(Recording& r, std::size_t i, bool format) {
  Observation& o = r[i];
  const bool same = o.what == What::Match && o.match_request.format == format &&
                    !o.match_request.ignore && o.match_request.idx < 0x80000;
  return same ? &o.match_response : nullptr;
}
bool p88(Recording& r, std::size_t i) {
  PresenterResponse* answer = match_at(r, i, false);
  if (answer == nullptr || answer->match == 0) return false;
  auto& ring = answer->ring[static_cast<unsigned>(std::countr_zero(answer->match))];
  ring = ring == Ring::Os ? Ring::Pool : Ring::Os;
  return true;
}
bool p89(Recording& r, std::size_t i) {
  PresenterResponse* answer = match_at(r, i, false);
  if (answer == nullptr || answer->match != 0) return false;
  answer->match = 1;
  answer->count = 1;
  answer->ring[0] = Ring::User;  // VU is 0 without K_USER_RING
  return true;
}
bool p92(Recording& r, std::size_t i) {
  PresenterResponse* answer = match_at(r, i, true);
  if (answer == nullptr || answer->match != 0) return false;
  answer->match = 1;
  answer->count = 1;
  return true;
}
bool p94(Recording& r, std::size_t i) {
  PresenterResponse* answer = match_at(r, i, false);
  if (answer == nullptr || std::popcount(answer->match) < 2) return false;
  answer->multi_err = false;
  return true;
}
bool p96(Recording& r, std::size_t i) {
  if (r[i].what != What::Memory) return false;
  r.insert(r.begin() + static_cast<std::ptrdiff_t>(i), Observation(r[i]));  // fetches twice
  return true;
}

// ---- beside section 7

bool access(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr) return false;
  e->mmio_response.err = true;
  return true;
}
bool code(Recording& r, std::size_t i) {
  Event* e = ack_os(r, i);
  if (e == nullptr || e->code != ErrorCode::Undef) return false;
  e->code = e->mmio_response.code = ErrorCode::None;
  return true;
}
bool footprint(Recording& r, std::size_t i) {
  Event* e = set_os_cppr(r, i);
  if (e == nullptr) return false;
  flip(os(e->after, 11));
  return true;
}
bool a3(Recording& r, std::size_t i) {
  Event* e = event_at(r, i);
  const bool nacked = e != nullptr && e->kind == EventKind::Present && !e->presenter_response.ack &&
                      e->presenter.ring == Ring::Os && !e->presenter.ignore &&
                      !e->before.valid(Ring::Os);
  if (!nacked) return false;
  e->presenter_response.ack = true;
  return true;
}

constexpr Break kBreaks[] = {
    {"TIMA-P01", "PRESENT to POOL sets the NSR of POOL", p01},
    {"TIMA-P02", "OS NSR gets bit 1", p02},
    {"TIMA-P03", "NSR is ORed: PHYS after POOL gives HE=3", p03},
    {"TIMA-P04", "PHYS NSR gets a level", p04},
    {"TIMA-P05", "the CPPR operation changes IPB", p05},
    {"TIMA-P06", "PRESENT changes CPPR", p06},
    {"TIMA-P07", "the CPPR operation stores 8..FE", p07},
    {"TIMA-P08", "a raw store writes PIPR", p08},
    {"TIMA-P09", "a raw store writes a byte without permission", p09},
    {"TIMA-P10", "a raw load changes a register", p10},
    {"TIMA-P11", "no error for an access without a permitted byte", p11},
    {"TIMA-P12", "an unpermitted byte is returned", p12},
    {"TIMA-P13", "a byte load without operation returns 0", p13},
    {"TIMA-P14", "a raw store reaches the USER ring", p14},
    {"TIMA-P15", "a load from page 3 returns 0", p15},
    {"TIMA-P16", "an HV ack is performed from the OS page", p16},
    {"TIMA-P17", "an alias of an ack is refused", p17},
    {"TIMA-P18", "an OS page access changes the PHYS ring", p18},
    {"TIMA-P19", "an ack clears VO", p19},
    {"TIMA-P20", "PIPR resets to 0", p20},
    {"TIMA-P21", "a register changes without an event of its thread", p21},
    {"TIMA-P22", "os_ext up with V(OS)=0", p22},
    {"TIMA-P23", "hv_ext up with V(PHYS)=0", p23},
    {"TIMA-P24", "os_ext up without exception in NSR", p24},
    {"TIMA-P25", "hv_ext up without exception in NSR", p25},
    {"TIMA-P28", "pull OS leaves the line up", p22},
    {"TIMA-P29", "pull PHYS leaves the line up", p29},
    {"TIMA-P30", "a raw load raises os_ext", p30},
    {"TIMA-P31", "an OS CPPR operation raises hv_ext", p31},
    {"TIMA-P32", "a raw load lowers os_ext", p32},
    {"TIMA-P33", "PRESENT to PHYS moves L_os", p33},
    {"TIMA-P34", "presented, but the line is not raised", p34},
    {"TIMA-P35", "PIPR < CPPR, but not presented", p35},
    {"TIMA-P36", "set pending leaves PIPR FF", p36},
    {"TIMA-P37", "PHYS CPPR operation uses the IPB of an invalid POOL", p37},
    {"TIMA-P43", "PRESENT does not set its IPB bit", p43},
    {"TIMA-P44", "a less favoured PRESENT takes over PIPR", p44},
    {"TIMA-P49", "PRESENT to POOL sets the PIPR of POOL", p49},
    {"TIMA-P50", "PRESENT of priority 0 does not raise the line", p50},
    {"TIMA-P51", "still presented after CPPR 0", p51},
    {"TIMA-P52", "PHYS over POOL drops the POOL IPB", p52},
    {"TIMA-P53", "the ack returns another CPPR", p53},
    {"TIMA-P54", "an ack with nothing presented lowers the line", p54},
    {"TIMA-P55", "a level stays in NSR after the ack", p55},
    {"TIMA-P56", "the ack leaves the IPB bit", p56},
    {"TIMA-P57", "the ack changes PIPR", p57},
    {"TIMA-P58", "an ack raises the line", p58},
    {"TIMA-P59", "the ack of a POOL exception changes the PHYS IPB", p59},
    {"TIMA-P60", "the second ack returns an exception again", p60},
    {"TIMA-P62", "nothing presented when CPPR opens", p62},
    {"TIMA-P63", "still presented after CPPR was lowered", p63},
    {"TIMA-P71", "pull returns WORD2 with V cleared", p71},
    {"TIMA-P72", "pull POOL clears the CAM", p72},
    {"TIMA-P75", "POOL still presented after its pull", p75},
    {"TIMA-P76", "pull POOL does not look at PHYS", p76},
    {"TIMA-P77", "the IPB in memory is not merged", p77},
    {"TIMA-P78", "a push with empty memory does not evaluate", p78},
    {"TIMA-P84", "the line stays down after pull and push", p84},
    {"TIMA-P85", "an accepted notification stays pending", p85},
    {"TIMA-P87", "a MATCH changes a register", p87},
    {"TIMA-P88", "MATCH names the wrong ring", p88},
    {"TIMA-P89", "MATCH of an invalid ring", p89},
    {"TIMA-P92", "a user event matches without its conditions", p92},
    {"TIMA-P94", "two matches without ERR_MULTI", p94},
    {"TIMA-P96", "a push fetches twice", p96},
    {"TIMA-ACC", "a legal operation errs", access},
    {"TIMA-CODE", "ERR_UNDEF is missing", code},
    {"TIMA-FOOT", "the CPPR operation changes WORD2", footprint},
    {"TIMA-A3", "a PRESENT is acked by an invalid ring", a3},
};

}  // namespace

std::span<const Break> breaks() {
  return kBreaks;
}

}  // namespace xive::tima::testing
