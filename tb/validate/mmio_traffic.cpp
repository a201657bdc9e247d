// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/mmio_traffic.h"

namespace xive::validate {
namespace {

constexpr unsigned kHw = 0, kHv = 1, kOs = 2;

/// The operations of spec 2.1 and 2.2 as (offset, log2 size, direction, least privileged page).
struct Known {
  std::uint16_t offset;
  std::uint8_t size_log2;
  bool write;
  std::uint8_t page;
};
constexpr std::array<Known, 16> kKnown{{
    {0x011, 0, true, 2},
    {0x031, 0, true, 1},
    {0x018, 2, true, 1},
    {0x038, 0, true, 1},
    {0x038, 0, false, 1},
    {0x810, 1, false, 2},
    {0x830, 1, false, 1},
    {0x812, 0, true, 2},
    {0x818, 2, false, 1},
    {0x818, 3, false, 1},
    {0x828, 2, false, 1},
    {0x828, 3, false, 1},
    {0x838, 0, false, 1},
    {0x810, 2, false, 1},
    {0x830, 2, false, 1},
    {0xc10, 0, true, 2},
}};

std::uint64_t size_mask(unsigned size_log2) {
  return size_log2 >= 3 ? ~0ULL : (1ULL << (8U << size_log2)) - 1;
}

}  // namespace

MmioTraffic::MmioTraffic(const ShardConfig& config, VpPool& vps)
    : config_(config),
      vps_(vps),
      random_(derive_seed(config.seed, "mmio")),
      memory_random_(derive_seed(config.seed, "memory")),
      pick_(std::span(config.weights).first(kMmioClasses)) {}

unsigned MmioTraffic::any_thread() {
  return random_.coin() ? config_.hot_thread : random_.below(config_.params.threads);
}

unsigned MmioTraffic::page_up_to(unsigned least_privileged) {
  return random_.chance(200) ? least_privileged : random_.below(least_privileged + 1);
}

tima::MmioRequest MmioTraffic::access(unsigned thread, unsigned page, unsigned offset,
                                      unsigned size_log2) {
  tima::MmioRequest request;
  request.thread = static_cast<std::uint8_t>(thread);
  request.page = static_cast<tima::Page>(page);
  // Address bits [9:6] and [15:12] do not take part in the decode (spec 0.2).
  if (random_.chance(32)) offset |= static_cast<unsigned>(random_.next() >> 48U) & 0xf3c0U;
  request.offset = static_cast<std::uint16_t>(offset);
  request.size_log2 = static_cast<std::uint8_t>(size_log2);
  return request;
}

tima::MmioRequest MmioTraffic::store(unsigned thread, unsigned page, unsigned offset,
                                     unsigned size_log2, std::uint64_t data) {
  tima::MmioRequest request = access(thread, page, offset, size_log2);
  request.write = true;
  request.wdata = data & size_mask(size_log2);
  return request;
}

std::uint8_t MmioTraffic::cppr() {
  const std::uint32_t kind = random_.below(16);
  if (kind < 7) return static_cast<std::uint8_t>(random_.below(8));
  if (kind < 15) return 0xff;
  return random_.byte();
}

/// A byte with few bits set: IPBs of real life.
std::uint8_t MmioTraffic::sparse_byte() {
  const std::uint64_t bits = random_.next();
  return static_cast<std::uint8_t>((bits >> 8U) & (bits >> 20U) & (bits >> 40U));
}

void MmioTraffic::answer(Operation& op, std::uint8_t ipb, bool ok) {
  op.memory.response = {};
  op.memory.response.ok = ok;
  op.memory.response.ipb = ipb;
  // A failed read has no defined data: any value must be ignored.
  const std::uint32_t longest = config_.memory_delay;
  op.memory.delay = static_cast<std::uint16_t>(
      longest == 0 || memory_random_.chance(96) ? 0 : memory_random_.range(1, longest));
}

void MmioTraffic::make(Operation& op) {
  op.kind = OpKind::Mmio;
  if (steps_.empty() && random_.chance(config_.script_share / 4U)) start_sequence(any_thread());
  if (!steps_.empty() && random_.chance(config_.script_share)) {
    make_step(op);
  } else {
    make_single(op);
  }
}

void MmioTraffic::make_push(Operation& op, unsigned thread, unsigned vp) {
  Vp& target = vps_.at(vp);
  std::uint32_t word2 = 0x80000000U | target.cam();
  const std::uint32_t oddity = random_.below(64);
  if (oddity < 3) word2 &= 0x7fffffffU;  // V=0: stops early
  if (oddity == 3) word2 |= static_cast<std::uint32_t>(random_.next()) & 0x7f000000U;  // reserved
  if (oddity == 4) word2 |= 0x00800000U;  // CAM bit 8: no match
  op.op_class = OpClass::PushOs;
  op.mmio = store({thread, page_up_to(kHv), 0x018, 2, word2});
  vps_.put_os(thread, vp);
  std::uint8_t ipb = target.memory_ipb;
  target.memory_ipb = 0;
  const std::uint32_t memory = memory_random_.below(16);
  if (memory < 4) ipb = memory_random_.byte();
  if (memory >= 4 && memory < 9) ipb = 0;
  answer(op, ipb, memory != 15);
}

void MmioTraffic::make_pool_push(Operation& op, unsigned thread, unsigned vp) {
  std::uint32_t word2 = 0x80000000U | vps_.at(vp).cam();
  if (random_.chance(24)) word2 &= 0x7fffffffU;
  op.op_class = OpClass::PoolStore;
  op.mmio = random_.chance(40) ? store({thread, kHw, 0x028, 3, std::uint64_t{word2} << 32U})
                               : store({thread, random_.chance(48) ? kHv : kHw, 0x028, 2, word2});
  vps_.put_pool(thread, vp);
}

void MmioTraffic::make_restore(Operation& op, unsigned thread, unsigned vp) {
  // Software sets LSMFB to 0 and ACK# to ff in the saved image (spec 5.3).
  std::uint64_t image = vps_.at(vp).image;
  image = (image & ~0x000000ffff000000ULL) | 0x00000000ff000000ULL;
  if (random_.chance(32)) {
    image = std::uint64_t{cppr()} << 48U | std::uint64_t{sparse_byte()} << 40U | 0xff000000ULL |
            random_.byte();
  }
  op.op_class = OpClass::RestoreStore;
  op.mmio = store({thread, page_up_to(kHv), 0x010, 3, image});
}

/// Data of a raw store: mostly what a sane context holds, sometimes anything.
std::uint64_t MmioTraffic::raw_data(unsigned offset, unsigned size_log2) {
  if (random_.chance(48)) return random_.next();
  std::uint64_t data = 0;
  const unsigned bytes = 1U << size_log2;
  for (unsigned i = 0; i < bytes; ++i) {
    std::uint8_t value = 0;
    switch ((offset + i) & 0xfU) {
      case tima::reg::kCppr:
        value = cppr();
        break;
      case tima::reg::kIpb:
        value = sparse_byte();
        break;
      case tima::reg::kLsmfb:
        value = random_.coin() ? 0xff : sparse_byte();
        break;
      case tima::reg::kNsr:
        value = random_.chance(24) ? random_.byte() : 0;
        break;
      case tima::reg::kWord2:
        value = random_.coin() ? 0x80 : 0;
        break;
      default:
        value = random_.byte();
        break;
    }
    data = data << 8U | value;
  }
  return data;
}

void MmioTraffic::make_raw(Operation& op, unsigned thread, bool write) {
  static constexpr std::array<std::uint8_t, 8> kRings{0x10, 0x10, 0x10, 0x20,
                                                      0x20, 0x30, 0x30, 0x30};
  const unsigned size_log2 = random_.coin() ? 2 : 3;
  unsigned offset = kRings.at(random_.below(8));
  offset |= random_.below(16) & ~((1U << size_log2) - 1);
  const unsigned page = random_.chance(220) ? random_.below(3) : 3;
  op.op_class = write ? OpClass::RawStore : OpClass::RawLoad;
  op.mmio = access({thread, page, offset, size_log2});
  if (write) {
    op.mmio.write = true;
    op.mmio.wdata = raw_data(offset, size_log2) & size_mask(size_log2);
  }
}

void MmioTraffic::make_wrong_page(Operation& op, unsigned thread) {
  const Known& known = kKnown.at(random_.below(kKnown.size()));
  op.op_class = OpClass::WrongPage;
  op.mmio = access({thread, random_.range(known.page + 1U, 3), known.offset, known.size_log2});
  op.mmio.write = known.write;
  if (known.write) op.mmio.wdata = random_.next() & size_mask(known.size_log2);
}

void MmioTraffic::make_single(Operation& op) {
  const unsigned thread = any_thread();
  // Whatever goes wrong may turn an access into a push: an answer lies ready.
  const std::uint8_t spare = memory_random_.coin() ? memory_random_.byte() : std::uint8_t{0};
  answer(op, spare, !memory_random_.chance(12));
  const auto op_class = static_cast<OpClass>(pick_.pick(random_));
  op.op_class = op_class;
  switch (op_class) {
    case OpClass::CpprStore:
      op.mmio = random_.coin() ? store({thread, page_up_to(kOs), 0x011, 0, cppr()})
                               : store({thread, page_up_to(kHv), 0x031, 0, cppr()});
      break;
    case OpClass::Ack:
      op.mmio = random_.coin() ? access({thread, page_up_to(kOs), 0x810, 1})
                               : access({thread, page_up_to(kHv), 0x830, 1});
      break;
    case OpClass::SetPending:
      op.mmio = store({thread, page_up_to(kOs), 0x812, 0,
                       random_.chance(236) ? random_.below(8) : random_.byte()});
      break;
    case OpClass::PullOs:
      op.mmio = access({thread, page_up_to(kHv), 0x818, random_.coin() ? 2U : 3U});
      break;
    case OpClass::PullPool:
      op.mmio = access({thread, page_up_to(kHv), 0x828, random_.coin() ? 2U : 3U});
      break;
    case OpClass::PullPhys:
      op.mmio = access({thread, page_up_to(kHv), 0x838, 0});
      // Software does not leave a thread without its physical context for long.
      if (random_.chance(160)) bring_up(thread);
      break;
    case OpClass::PushOs:
      make_push(op, thread, vps_.any(random_));
      break;
    case OpClass::PoolStore:
      make_pool_push(op, thread, vps_.any(random_));
      break;
    case OpClass::VtStore:
      op.mmio =
          store({thread, page_up_to(kHv), 0x038, 0, random_.chance(216) ? 0x80U : random_.byte()});
      break;
    case OpClass::VtPoll:
      op.mmio = access({thread, page_up_to(kHv), 0x038, 0});
      break;
    case OpClass::SaveLoad:
      op.mmio = access({thread, page_up_to(kHv), 0x010, 3});
      break;
    case OpClass::RestoreStore:
      make_restore(op, thread, vps_.any(random_));
      break;
    case OpClass::RawLoad:
      make_raw(op, thread, false);
      break;
    case OpClass::RawStore:
      make_raw(op, thread, true);
      break;
    case OpClass::UserRing: {
      static constexpr std::array<std::uint16_t, 6> kOffsets{0x000, 0x808, 0x800,
                                                             0x008, 0x808, 0x000};
      if (config_.params.knobs.user_ring && random_.chance(160)) {
        // The push of a user context with one of a few server ids, so that a user match finds it.
        op.mmio = store({thread, page_up_to(kOs), 0x808, 2, 0x80000000U | random_.below(3)});
        break;
      }
      const unsigned choice = random_.below(6);
      const unsigned size_log2 = choice == 1 || choice == 4 ? 2 : random_.below(4);
      const unsigned offset = kOffsets.at(choice) & ~((1U << size_log2) - 1);
      op.mmio = access({thread, random_.below(4), offset, size_log2});
      op.mmio.write = random_.coin();
      if (op.mmio.write) {
        op.mmio.wdata = (0x80000000U | random_.below(3)) & size_mask(size_log2);
      }
      break;
    }
    case OpClass::WrongPage:
      make_wrong_page(op, thread);
      break;
    case OpClass::BadSpecial: {
      const unsigned size_log2 = random_.below(4);
      op.mmio = access({thread, random_.below(3),
                        (0x800U | (random_.below(0x800))) & ~((1U << size_log2) - 1), size_log2});
      op.mmio.write = random_.coin();
      if (op.mmio.write) op.mmio.wdata = random_.next() & size_mask(size_log2);
      break;
    }
    case OpClass::BadSize: {
      const unsigned size_log2 = random_.below(2);
      op.mmio = access({thread, random_.below(4), random_.below(64) & ~size_log2, size_log2});
      op.mmio.write = random_.coin();
      if (op.mmio.write) op.mmio.wdata = random_.next() & size_mask(size_log2);
      break;
    }
    case OpClass::Misaligned: {
      const unsigned size_log2 = random_.range(1, 3);
      const unsigned half = random_.coin() ? 0x800 : 0;
      const unsigned page = random_.below(3);
      const unsigned aligned = half | (random_.below(64) & ~((1U << size_log2) - 1));
      const unsigned off = random_.range(1, (1U << size_log2) - 1);
      op.mmio = access(thread, page, aligned | off, size_log2);
      op.mmio.write = random_.coin();
      if (op.mmio.write) op.mmio.wdata = random_.next() & size_mask(size_log2);
      break;
    }
    case OpClass::Low400: {
      const unsigned size_log2 = random_.below(4);
      const unsigned offset = random_.below(64) & ~((1U << size_log2) - 1);
      op.mmio = access({thread, random_.below(3), 0x400U | offset, size_log2});
      op.mmio.write = random_.coin();
      if (op.mmio.write) op.mmio.wdata = raw_data(offset, size_log2) & size_mask(size_log2);
      break;
    }
    default: {
      const unsigned size_log2 = random_.below(4);
      op.op_class = OpClass::AnyAccess;
      op.mmio = access({random_.below(config_.params.threads), random_.below(4),
                        static_cast<unsigned>(random_.next() >> 48U) & ~((1U << size_log2) - 1),
                        size_log2});
      op.mmio.write = random_.coin();
      if (op.mmio.write) op.mmio.wdata = random_.next() & size_mask(size_log2);
      break;
    }
  }
}

}  // namespace xive::validate
