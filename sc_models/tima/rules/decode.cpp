// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/rules/decode.h"

#include <array>
#include <string_view>

namespace xive::tima::rules {

namespace {

/// When an operation exists.
enum class When : std::uint8_t { Always, CpprLoad, UserRing };

struct OpRow {
  std::uint16_t key;
  std::uint8_t size_log2;
  bool write;
  std::uint8_t page;  ///< least privileged page that may use it
  Op op;
  When when;
};

// Generation 1 rows of 2.1, 2.2 and 2.4. Generation 2 adds rows and a column.
constexpr bool kLd = false;
constexpr bool kSt = true;
constexpr std::array<OpRow, 20> kOps{{
    {0x011, 0, kSt, 2, Op::SetOsCppr, When::Always},
    {0x031, 0, kSt, 1, Op::SetHvCppr, When::Always},
    {0x018, 2, kSt, 1, Op::PushOs, When::Always},
    {0x038, 0, kSt, 1, Op::SetVt, When::Always},
    {0x038, 0, kLd, 1, Op::PollVt, When::Always},
    {0x810, 1, kLd, 2, Op::AckOs, When::Always},
    {0x830, 1, kLd, 1, Op::AckHv, When::Always},
    {0x812, 0, kSt, 2, Op::SetOsPending, When::Always},
    {0x818, 2, kLd, 1, Op::PullOs, When::Always},
    {0x818, 3, kLd, 1, Op::PullOs, When::Always},
    {0x828, 2, kLd, 1, Op::PullPool, When::Always},
    {0x828, 3, kLd, 1, Op::PullPool, When::Always},
    {0x838, 0, kLd, 1, Op::PullPhys, When::Always},
    {0x011, 0, kLd, 2, Op::LoadOsCppr, When::CpprLoad},
    {0x031, 0, kLd, 1, Op::LoadHvCppr, When::CpprLoad},
    {0x000, 0, kLd, 3, Op::UserNsrLoad, When::UserRing},
    {0x000, 0, kSt, 3, Op::UserNsrStore, When::UserRing},
    {0x808, 2, kSt, 2, Op::PushUser, When::UserRing},
    {0x808, 2, kLd, 2, Op::PullUser, When::UserRing},
    {0x800, 0, kLd, 3, Op::AckEbb, When::UserRing},
}};

/// The rows by key, size and direction, which name at most one: a table instead of a search.
constexpr unsigned place(unsigned key, unsigned size_log2, bool write) {
  return (((key >> 4U & 0xc0U) | (key & 0x3fU)) << 3U) | (write ? 4U : 0U) | (size_log2 & 3U);
}
constexpr std::uint8_t kNoRow = 0xff;
constexpr std::array<std::uint8_t, 2048> row_places() {
  std::array<std::uint8_t, 2048> places{};
  places.fill(kNoRow);
  for (std::size_t i = 0; i < kOps.size(); ++i) {
    places[place(kOps[i].key, kOps[i].size_log2, kOps[i].write)] = static_cast<std::uint8_t>(i);
  }
  return places;
}
constexpr std::array<std::uint8_t, 2048> kRowPlaces = row_places();
constexpr bool every_row_has_its_place() {
  for (std::size_t i = 0; i < kOps.size(); ++i) {
    if (kRowPlaces[place(kOps[i].key, kOps[i].size_log2, kOps[i].write)] != i) return false;
  }
  return true;
}
static_assert(every_row_has_its_place());

bool exists(When when, const Knobs& knobs) {
  return when == When::Always || (when == When::CpprLoad && knobs.cppr_load) ||
         (when == When::UserRing && knobs.user_ring);
}

/// One byte per register byte of a ring, bit i = byte +i.
struct Permission {
  std::uint16_t load = 0;
  std::uint16_t store = 0;
};

constexpr Permission permission(std::string_view row) {
  Permission result;
  unsigned byte = 0;
  for (const char c : row) {
    if (c == ' ') {
      continue;
    }
    const auto code = static_cast<unsigned>(c - '0');  // 0 none, 1 WO, 2 RO, 3 RW
    result.store = static_cast<std::uint16_t>(result.store | ((code & 1U) << byte));
    result.load = static_cast<std::uint16_t>(result.load | (((code >> 1U) & 1U) << byte));
    ++byte;
  }
  return result;
}

// The table of 1.5: [page][ring].
constexpr std::array<std::array<Permission, 4>, 4> kPermissions{{
    {permission("3000 0000 3333 0000"), permission("3333 3302 3333 0003"),
     permission("0033 0330 3333 0000"), permission("3333 0302 3003 3330")},
    {permission("3000 0000 3333 0000"), permission("3333 3302 3333 0003"),
     permission("0033 0330 0333 0000"), permission("3333 0302 3003 0000")},
    {permission("3000 0000 3333 0000"), permission("2322 2202 0000 0000"),
     permission("0000 0000 0000 0000"), permission("0000 0000 0000 0000")},
    {permission("3000 0000 0000 0000"), permission("0000 0000 0000 0000"),
     permission("0000 0000 0000 0000"), permission("0000 0000 0000 0000")},
}};

std::uint8_t permitted_lanes(const Access& access, Page page, bool write, const Knobs& knobs) {
  const Permission& row =
      kPermissions[static_cast<unsigned>(page)][static_cast<unsigned>(access.ring)];
  const unsigned first = access.reg & 0xfU;
  const unsigned size_mask = (1U << access.bytes) - 1U;
  unsigned lanes = (static_cast<unsigned>(write ? row.store : row.load) >> first) & size_mask;
  // K_G1_POOL_PUSH: POOL WORD2 whole, for 4-byte stores and 4- and 8-byte loads from pages 0, 1.
  if (knobs.g1_pool_push && access.reg == 0x28 && page <= Page::Hv &&
      (!write || access.bytes == 4)) {
    lanes |= 0xfU;
  }
  return static_cast<std::uint8_t>(lanes);
}

void refuse(Access& access, Refusal why) {
  access.op = Op::None;
  access.refusal = why;
}

}  // namespace

void decode(const MmioRequest& request, bool enabled, const Knobs& knobs, Access& access) {
  access.special = (request.offset & 0x800U) != 0;
  access.key = request.offset & 0xc3fU;
  access.reg = static_cast<std::uint8_t>(request.offset & 0x3fU);
  access.ring = static_cast<Ring>(access.reg >> 4U);
  access.bytes = static_cast<std::uint8_t>(1U << (request.size_log2 & 3U));
  access.ones = ~std::uint64_t{0} >> (64U - 8U * access.bytes);

  if (!enabled) {
    refuse(access, Refusal::Disabled);
    return;
  }
  if ((request.offset & (access.bytes - 1U)) != 0) {
    refuse(access, Refusal::Misaligned);
    return;
  }
  const auto page = static_cast<std::uint8_t>(request.page);
  const std::uint8_t found = kRowPlaces[place(access.key, request.size_log2, request.write)];
  if (found != kNoRow && exists(kOps[found].when, knobs)) {
    const OpRow& row = kOps[found];
    access.foreign = page > row.page;
    if (!access.foreign) {
      access.op = row.op;
      access.privileged = page < row.page;
      return;
    }
  }
  if (access.special) {
    refuse(access, Refusal::NoOperation);
    return;
  }
  if ((request.offset & 0x400U) != 0 && !knobs.low400_alias) {
    refuse(access, Refusal::NoByte);
    return;
  }
  access.user_raw = access.ring == Ring::User;
  if (access.bytes < 4) {
    refuse(access, Refusal::NoOperation);
    return;
  }
  access.lanes = access.user_raw ? std::uint8_t{0}
                                 : permitted_lanes(access, request.page, request.write, knobs);
  if (access.lanes == 0) {
    refuse(access, Refusal::NoByte);
    return;
  }
  access.op = request.write ? Op::RawStore : Op::RawLoad;
}

const char* name_of(Op op) {
  constexpr std::array<const char*, 21> kNames{
      "refused access", "raw load",      "raw store",      "set OS CPPR", "set HV CPPR",
      "push OS",        "set VT",        "poll VT",        "ack OS",      "ack HV",
      "set OS pending", "pull OS",       "pull POOL",      "pull PHYS",   "load OS CPPR",
      "load HV CPPR",   "load USER NSR", "store USER NSR", "push USER",   "pull USER",
      "ack EBB"};
  return kNames[static_cast<unsigned>(op)];
}

}  // namespace xive::tima::rules
